// A star, laid out as one: the thing that all relations meet in stands in the middle, and every other has a direction of
// its own, so that no relation runs through a thing. It is as wide and as high as its frame.
import type cytoscape from "cytoscape";
import { frameOf } from "./framing";

/** So many fit on one ring around the middle; the others stand on further rings, in turn. */
const ON_A_RING = 20;
/** How far the inmost ring reaches, as a part of the outmost one. */
const INMOST = 0.72;

/** Lays out a star around its middle, in the order of its things, the first ray by a part of a step further on. */
export function rays(core: cytoscape.Core, middle: cytoscape.NodeSingular, margin: number, further: number): void {
  const [width, height] = frameOf(core, margin);
  const others = core.nodes().not(middle);
  const rings = Math.ceil(others.length / ON_A_RING);
  core.batch(() => {
    middle.position({ x: 0, y: 0 });
    others.forEach((node, index) => {
      const angle = (2 * Math.PI * (index + further)) / others.length;
      const reach = (1 - (1 - INMOST) * ((index % rings) / Math.max(1, rings - 1))) / 2;
      node.position({ x: reach * width * Math.cos(angle), y: reach * height * Math.sin(angle) });
    });
  });
}

/** The thing that every other one (three at least) is related to, where no others are related to each other. */
export function middleOf(core: cytoscape.Core): cytoscape.NodeSingular | null {
  const nodes = core.nodes();
  const middle = nodes.max((node) => node.degree(false)).ele;
  if (nodes.length < 4 || !middle) return null;
  const reached = middle.closedNeighborhood();
  return reached.nodes().length === nodes.length && reached.edges().length === core.edges().length ? middle : null;
}
