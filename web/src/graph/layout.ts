// Where nodes go. fcose takes about a second for 300 nodes and eight for 1,000, so: its best quality up to 300, draft
// above, and nothing above 1,000, which is told in words by who draws. Old nodes never move.
import type cytoscape from "cytoscape";

export const MOST_IN_FULL = 300;
export const MOST_LAID_OUT = 1000;

export type Placing = "full" | "draft" | "refused" | "none";

/** Places `fresh` nodes; all others stay where they are, as pinned ones do. `near` is the node new ones start around.
 * With more than `MOST_LAID_OUT` nodes on the map they are set on rings and nothing is computed: "refused". */
export async function arrange(
  core: cytoscape.Core,
  fresh: cytoscape.NodeCollection,
  whole: boolean,
  near?: string,
): Promise<Placing> {
  const nodes = core.nodes();
  if (fresh.empty()) return "none";
  const old = nodes.filter((node) => (!whole && !fresh.contains(node)) || Boolean(node.data("pinned")));
  if (old.nonempty() || nodes.length > MOST_LAID_OUT) around(core, fresh.not(old).nodes(), near);
  if (nodes.length > MOST_LAID_OUT) return "refused";
  const quality = nodes.length > MOST_IN_FULL ? "draft" : "default";
  const only = old.length === 1 ? old.nodes().first() : null; // one thing alone: all may be laid out around it
  const start = only ? { ...only.position() } : null;
  const fixed = only ? [] : old.nodes().map((node) => ({ nodeId: node.id(), position: { ...node.position() } }));
  const layout = core.layout({
    name: "fcose",
    quality: quality === "draft" ? "draft" : fixed.length ? "default" : "proof",
    randomize: fixed.length === 0,
    animate: false,
    fit: false,
    nodeDimensionsIncludeLabels: true,
    idealEdgeLength: lengthOf,
    nodeRepulsion: () => 9000,
    nodeSeparation: 110,
    packComponents: fixed.length === 0,
    ...(fixed.length ? { fixedNodeConstraint: fixed } : {}),
  } as never);
  const done = layout.promiseOn("layoutstop");
  repeatable(() => layout.run());
  await done;
  core.batch(() => {
    for (const { nodeId, position } of fixed) core.getElementById(nodeId).position(position); // to the last decimal
    if (!fixed.length) stretch(core);
    if (only && start) {
      const [dx, dy] = [start.x - only.position("x"), start.y - only.position("y")];
      nodes.forEach((node) => void node.position({ x: node.position("x") + dx, y: node.position("y") + dy }));
      only.position(start);
    }
  });
  return quality === "draft" ? "draft" : "full";
}

/** Longer at a hub, so that what stands around it has room. */
function lengthOf(edge: cytoscape.EdgeSingular): number {
  const crowd = Math.max(edge.source().degree(false), edge.target().degree(false));
  return Math.min(420, 130 + 2.5 * Math.max(0, crowd - 12));
}

const MOST_STRETCHED = 1.4;

/** Gives a new map the proportions of its window, tall or wide, so that it can be drawn larger. */
function stretch(core: cytoscape.Core): void {
  const { w, h } = core.nodes().boundingBox({ includeLabels: false });
  if (core.nodes().length < 3 || w < 1 || h < 1 || !core.width() || !core.height()) return;
  const wider = Math.sqrt(core.width() / core.height() / (w / h));
  const factor = Math.min(MOST_STRETCHED, Math.max(1 / MOST_STRETCHED, wider));
  core.nodes().forEach((node) => void node.position({ x: node.position("x") * factor, y: node.position("y") / factor }));
}

/** Runs with a die of its own, so that an address opens the same map everywhere. (fcose computes before `run` is back.) */
function repeatable(run: () => void): void {
  const { random } = Math;
  let state = 20_231;
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  try {
    run();
  } finally {
    Math.random = random;
  }
}

/** Rings around a node (or around the middle of the map), on the side that is free. */
function around(core: cytoscape.Core, fresh: cytoscape.NodeCollection, near?: string): void {
  const anchor = near ? core.getElementById(near) : core.collection();
  const box = core.nodes().not(fresh).boundingBox({});
  const middle = { x: (box.x1 + box.x2) / 2 || 0, y: (box.y1 + box.y2) / 2 || 0 };
  const start = anchor.nonempty() ? { ...anchor.position() } : { x: middle.x, y: (box.y2 || 0) + 160 };
  const away = Math.atan2(start.y - middle.y, start.x - middle.x) || 0;
  core.batch(() => {
    let ring = 0;
    let first = 0;
    fresh.forEach((node, index) => {
      let room = 8 * (ring + 1);
      if (index - first >= room) {
        first = index;
        ring += 1;
        room = 8 * (ring + 1);
      }
      const step = index - first;
      const turn = (step % 2 ? 1 : -1) * Math.ceil(step / 2) * ((2 * Math.PI) / room);
      const radius = 140 * (ring + 1);
      node.position({ x: start.x + radius * Math.cos(away + turn), y: start.y + radius * Math.sin(away + turn) });
    });
  });
}
