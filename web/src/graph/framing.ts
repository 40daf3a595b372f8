// Turns and stretches a layout until it fills its frame: what a layout leaves is about square, and roomier than labels
// need. Everything is measured with the labels, and what matters is how large they come out.
import type cytoscape from "cytoscape";

/** A thing as it is drawn: its middle, and how far it reaches with its label. */
interface Box {
  x: number;
  y: number;
  left: number;
  right: number;
  up: number;
  down: number;
}

interface Line {
  from: number;
  to: number;
  /** The length at which its label can be read. */
  need: number;
}

/** Reading gets no better when the map is drawn nearer than this. */
export const NEAREST = 1.4;
/** What a relation needs beside its label: its two things and the arrow. */
const BESIDE = 40;
const ROOM = 6;
const STEPS = [0.4, 0.5, 0.62, 0.75, 0.88, 1, 1.2, 1.45, 1.75];
const TURNS = 12;
const CLOSER = [1, 0.92, 0.85, 0.78, 0.7];
const ROUNDS = 40;
const MOST = 300;

/** How wide and high a map may be drawn, in pixels. */
export function frameOf(core: cytoscape.Core, margin: number): [number, number] {
  return [Math.max(100, core.width() - 2 * margin), Math.max(100, core.height() - 2 * margin)];
}

export class Framing {
  private readonly boxes: Box[];
  private readonly lines: Line[];
  private readonly nodes: cytoscape.NodeCollection;
  private readonly width: number;
  private readonly height: number;

  constructor(core: cytoscape.Core, margin: number) {
    this.nodes = core.nodes();
    [this.width, this.height] = frameOf(core, margin);
    const at = new Map<string, number>();
    this.boxes = this.nodes.map((node, index) => {
      at.set(node.id(), index);
      const { x, y } = node.position();
      const box = node.boundingBox({ includeLabels: true });
      return { x, y, left: x - box.x1, right: box.x2 - x, up: y - box.y1, down: box.y2 - y };
    });
    this.lines = core.edges().map((edge) => ({
      from: at.get(edge.source().id()) ?? 0,
      to: at.get(edge.target().id()) ?? 0,
      need: BESIDE + 5.2 * String(edge.data("label")).length,
    }));
  }

  /** How well the layout is to be read as it is best framed; it is framed so. More is better. What fills its frame as it
   * is need not be turned and stretched. */
  frame(stretched = true): number {
    if (this.boxes.length > MOST) return 0;
    const [turns, steps] = stretched ? [TURNS, STEPS] : [1, [1]];
    let best = { score: -Infinity, places: this.boxes.map(({ x, y }) => [x, y] as const) };
    for (let turn = 0; turn < turns; turn++) {
      const angle = (Math.PI * turn) / turns;
      const turned = this.boxes.map(({ x, y }) => [
        x * Math.cos(angle) - y * Math.sin(angle),
        x * Math.sin(angle) + y * Math.cos(angle),
      ]);
      for (const wide of steps) {
        for (const high of steps) {
          const places = turned.map(([x = 0, y = 0]) => [x * wide, y * high] as const);
          const score = this.score(places, best.score) - 0.25 * Math.abs(Math.log(wide / high));
          if (score > best.score) best = { score, places };
        }
      }
    }
    for (const closer of CLOSER) {
      const places = this.apart(best.places.map(([x, y]) => [x * closer, y * closer]));
      const score = this.score(places, best.score);
      if (score > best.score) best = { score, places };
    }
    this.nodes.forEach((node, index) => {
      const [x, y] = best.places[index] ?? [0, 0];
      node.position({ x, y });
    });
    return best.score - 1.5 * (this.crossings(best.places) / Math.max(1, this.lines.length));
  }

  /** Pushes things apart that lie over each other, the shorter way. */
  private apart(places: [number, number][]): Point[] {
    for (let round = 0; round < ROUNDS; round++) {
      let moved = false;
      for (let i = 0; i < places.length; i++) {
        const [a, one] = [this.boxes[i]!, places[i]!];
        for (let j = 0; j < i; j++) {
          const [b, other] = [this.boxes[j]!, places[j]!];
          const wide = Math.min(one[0] + a.right, other[0] + b.right) - Math.max(one[0] - a.left, other[0] - b.left) + 2 * ROOM;
          const high = Math.min(one[1] + a.down, other[1] + b.down) - Math.max(one[1] - a.up, other[1] - b.up) + 2 * ROOM;
          if (wide <= 0 || high <= 0) continue;
          const axis = wide < high ? 0 : 1;
          const push = ((axis ? high : wide) / 2) * (one[axis] < other[axis] ? -1 : 1);
          one[axis] += push;
          other[axis] -= push;
          moved = true;
        }
      }
      if (!moved) break;
    }
    return places;
  }

  /** What is not better than `least` need not be worked out to the end. */
  private score(places: readonly (readonly [number, number])[], least: number): number {
    let [x1, y1, x2, y2] = [Infinity, Infinity, -Infinity, -Infinity];
    const drawn = this.boxes.map((box, index) => {
      const [x, y] = places[index] ?? [0, 0];
      const one = { x1: x - box.left, y1: y - box.up, x2: x + box.right, y2: y + box.down };
      [x1, y1] = [Math.min(x1, one.x1), Math.min(y1, one.y1)];
      [x2, y2] = [Math.max(x2, one.x2), Math.max(y2, one.y2)];
      return one;
    });
    const zoom = Math.min(NEAREST, this.width / (x2 - x1), this.height / (y2 - y1));
    const filled = Math.max((x2 - x1) / this.width, (y2 - y1) / this.height) * zoom;
    let score = 2.5 * Math.log(zoom) + Math.min(0, 2 * Math.log(filled / 0.8));
    if (score < least) return score;
    let crowded = 0;
    for (const { from, to, need } of this.lines) {
      const a: Point = places[from] ?? [0, 0];
      const b: Point = places[to] ?? [0, 0];
      crowded += Math.max(0, 1 - Math.hypot(b[0] - a[0], b[1] - a[1]) / need);
    }
    score -= (4 * crowded) / Math.max(1, this.lines.length);
    if (score < least) return score;
    let [over, whole] = [0, 0];
    for (let i = 0; i < drawn.length; i++) {
      const a = drawn[i]!;
      whole += (a.x2 - a.x1) * (a.y2 - a.y1);
      for (let j = 0; j < i; j++) {
        const b = drawn[j]!;
        const wide = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1) + ROOM;
        const high = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1) + ROOM;
        if (wide > 0 && high > 0) over += wide * high;
      }
    }
    score -= (60 * over) / whole;
    if (score < least) return score;
    return score - this.covered(drawn, places) / Math.max(1, this.lines.length);
  }

  /** How many relations run through things that are not theirs, and (worse) how many of their labels lie under things. */
  private covered(
    drawn: readonly { x1: number; y1: number; x2: number; y2: number }[],
    places: readonly (readonly [number, number])[],
  ): number {
    let count = 0;
    for (const { from, to, need } of this.lines) {
      const a: Point = places[from] ?? [0, 0];
      const b: Point = places[to] ?? [0, 0];
      const half = Math.min(0.5, (need - BESIDE) / 2 / Math.max(1, Math.hypot(b[0] - a[0], b[1] - a[1])));
      const start: Point = [a[0] + (b[0] - a[0]) * (0.5 - half), a[1] + (b[1] - a[1]) * (0.5 - half)];
      const end: Point = [a[0] + (b[0] - a[0]) * (0.5 + half), a[1] + (b[1] - a[1]) * (0.5 + half)];
      for (let index = 0; index < drawn.length; index++) {
        if (index !== from && index !== to && through(a, b, drawn[index]!)) count += 1;
        if (through(start, end, drawn[index]!)) count += 1.2;
      }
    }
    return count;
  }

  private crossings(places: readonly (readonly [number, number])[]): number {
    let count = 0;
    for (let i = 0; i < this.lines.length; i++) {
      const one = this.lines[i]!;
      for (let j = 0; j < i; j++) {
        const other = this.lines[j]!;
        if (one.from === other.from || one.from === other.to || one.to === other.from || one.to === other.to) continue;
        const ends = [one.from, one.to, other.from, other.to].map((at): Point => places[at] ?? [0, 0]);
        const [a, b, c, d] = ends as [Point, Point, Point, Point];
        if (side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b)) count += 1;
      }
    }
    return count;
  }
}

type Point = readonly [number, number];

const side = (a: Point, b: Point, c: Point): boolean => (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0]);

/** Whether the line from a to b meets the box (Liang and Barsky's clipping). */
function through(a: Point, b: Point, box: { x1: number; y1: number; x2: number; y2: number }): boolean {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  let [start, end] = [0, 1];
  for (const [step, room] of [
    [-dx, a[0] - box.x1],
    [dx, box.x2 - a[0]],
    [-dy, a[1] - box.y1],
    [dy, box.y2 - a[1]],
  ] as const) {
    if (step === 0) {
      if (room < 0) return false;
    } else if (step < 0) start = Math.max(start, room / step);
    else end = Math.min(end, room / step);
  }
  return start < end;
}
