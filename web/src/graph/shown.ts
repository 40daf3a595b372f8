// What of a map is drawn. Cytoscape's `:visible` remembers of a relation what it was before its ends were hidden.
import type cytoscape from "cytoscape";

/** The things that are not hidden, and the relations between such things that are not hidden themselves. */
export function shown(core: cytoscape.Core): { nodes: cytoscape.NodeCollection; edges: cytoscape.EdgeCollection } {
  const nodes = core.nodes().filter((node) => !node.hasClass("hidden"));
  const edges = core.edges().filter((edge) => ![edge, edge.source(), edge.target()].some((one) => one.hasClass("hidden")));
  return { nodes: nodes.nodes(), edges: edges.edges() };
}
