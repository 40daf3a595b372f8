// Where nodes go. fcose takes about a second for 300 nodes and eight for 1,000, so: its best quality up to 300, draft
// above, and nothing above 1,000, which is told in words by who draws. A small star has rays. Old nodes never move.
import type cytoscape from "cytoscape";
import { Framing } from "./framing";
import { middleOf, rays } from "./rays";

export const MOST_IN_FULL = 300;
export const MOST_LAID_OUT = 1000;
/** Between the map and the edge of its frame, in points. */
export const MARGIN = 36;
const MOST_TRIED = 60;
const TRIES = 4;
const TRIED_ONCE = 28; // things: a map of more is laid out once, for each takes a fifth of a second

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
  const only = old.length === 1 ? old.nodes().first() : null; // one thing alone: all may be laid out around it
  const start = only ? { ...only.position() } : null;
  const fixed = only ? [] : old.nodes().map((node) => ({ nodeId: node.id(), position: { ...node.position() } }));
  const full = nodes.length <= MOST_IN_FULL;
  if (fixed.length === 0 && nodes.length <= MOST_TRIED) await best(core);
  else {
    await fcose(core, !full ? "draft" : fixed.length ? "default" : "proof", fixed, 1);
    if (fixed.length === 0) new Framing(core, MARGIN).frame();
  }
  core.batch(() => {
    for (const { nodeId, position } of fixed) core.getElementById(nodeId).position(position); // to the last decimal
    if (only && start) {
      const [dx, dy] = [start.x - only.position("x"), start.y - only.position("y")];
      nodes.forEach((node) => void node.position({ x: node.position("x") + dx, y: node.position("y") + dy }));
      only.position(start);
    }
  });
  return full ? "full" : "draft";
}

/** Of several layouts of a small map the one that is read best. */
async function best(core: cytoscape.Core): Promise<void> {
  let found = { score: -Infinity, places: new Map<string, cytoscape.Position>() };
  const count = core.nodes().length;
  const tries = count < 3 || count > TRIED_ONCE ? 1 : TRIES;
  const middle = middleOf(core);
  for (let seed = 1; seed <= tries; seed++) {
    if (middle) rays(core, middle, MARGIN, (seed - 1) / tries);
    else await fcose(core, "proof", [], seed);
    const score = new Framing(core, MARGIN).frame(!middle || tries > 1);
    if (score <= found.score) continue;
    found = { score, places: new Map(core.nodes().map((node) => [node.id(), { ...node.position() }])) };
  }
  core.batch(() => {
    for (const [id, place] of found.places) core.getElementById(id).position(place);
  });
}

interface Fixed {
  nodeId: string;
  position: cytoscape.Position;
}

/** fcose takes chance from Math.random alone; seeded, the same map looks the same each time. It runs in one go. */
async function fcose(core: cytoscape.Core, quality: "draft" | "default" | "proof", fixed: Fixed[], seed: number): Promise<void> {
  const layout = core.layout({
    name: "fcose",
    quality,
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
  const { random } = Math;
  Math.random = die(seed);
  try {
    layout.run();
  } finally {
    Math.random = random;
  }
  await done;
}

/** A die of our own: a linear congruential generator, plenty for a layout's first guess. */
function die(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
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

/** Longer at a hub, so that what stands around it has room. */
function lengthOf(edge: cytoscape.EdgeSingular): number {
  const crowd = Math.max(edge.source().degree(false), edge.target().degree(false));
  return Math.min(420, 130 + 2.5 * Math.max(0, crowd - 12));
}
