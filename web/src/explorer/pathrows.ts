// What a search between things gave: the verdict in words, and each path as a row that reads as a sentence.
import type { Canvas, Thing } from "../graph/canvas";
import { edgeKey, type Edge, type Paths, type Neighbourhood } from "../model";
import { bdi, h, plural } from "./dom";
import { credited, names, words } from "./seen";
import { told, type Outcome } from "./verdict";

/** One row: what it reads like, and what it is made of. */
export interface Way {
  readonly sentence: string;
  readonly things: readonly Thing[];
  readonly edges: readonly Edge[];
}

export interface Found {
  readonly outcome: Outcome;
  readonly ways: readonly Way[];
  /** The things that were asked about. */
  readonly ends: readonly Thing[];
  /** The bounds of a search that goes on from here, and what it is called. */
  readonly further: { readonly words: string; readonly options: Readonly<Record<string, string>> } | null;
}

export interface Rows {
  /** Puts a row on the map, or takes it off; all of them. */
  toggle(row: number): void;
  all(): void;
  held(row: number): boolean;
  further(options: Readonly<Record<string, string>>): void;
}

/** The paths of an answer. */
export function ofPaths(answer: Paths): Found {
  const { verdict, max_hops, stopped_by, work } = answer;
  return {
    outcome: {
      verdict, max_hops, stopped_by, found: answer.paths.length, more: answer.next !== null,
      excluded: answer.excluded_by?.sentence ?? null, scanned: work.edges_scanned,
    },
    ways: answer.paths.map(({ sentence, nodes, edges }) => ({ sentence, things: nodes, edges })),
    ends: [...answer.source, ...answer.target],
    further: null,
  };
}

/** What connects three or more, as one row. */
export function ofConnection(answer: Neighbourhood): Found {
  const named = new Map(answer.nodes.map((node) => [node.id, node]));
  const lines = answer.edges.flatMap((edge) => {
    const [subject, object] = [named.get(edge.source), named.get(edge.target)];
    return subject && object ? [words({ subject, edge, object })] : [];
  });
  return {
    outcome: {
      verdict: answer.verdict, max_hops: answer.hops, stopped_by: answer.stopped_by, found: lines.length ? 1 : 0, more: false,
      excluded: answer.nodes.flatMap((node) => node.notes.filter((note) => note.startsWith("not connected")).map((note) => `${node.label}: ${note}.`)).join(" ") || null,
      scanned: null,
    },
    ways: lines.length ? [{ sentence: `${lines.join("; ")}.`, things: answer.nodes, edges: answer.edges }] : [],
    ends: answer.nodes,
    further: null,
  };
}

/** The verdict and the rows. Rows light up on the map as the mouse or the focus goes over them. */
export function result(found: Found, canvas: Canvas, rows: Rows, several: boolean): HTMLElement {
  const { headline, reason } = told(found.outcome, several);
  const list = h("ol", { class: "ways" }, ...found.ways.map((way, index) => row(way, index, canvas, rows)));
  const { further } = found;
  return h("section", { class: "outcome", "data-verdict": found.outcome.verdict },
    h("h3", {}, headline),
    h("p", {}, reason),
    further && h("button", { type: "button", class: "further", onclick: () => rows.further(further.options) }, further.words),
    found.ways.length > 1 && h("button", { type: "button", class: "plain", onclick: () => rows.all() }, `Put all ${found.ways.length} on the map`),
    found.ways.length > 0 && list,
  );
}

function row(way: Way, index: number, canvas: Canvas, rows: Rows): HTMLElement {
  const { speakers } = credited(way.edges);
  const light = (): void => canvas.light([...way.things.map((thing) => thing.id), ...way.edges.map(edgeKey)]);
  const dark = (): void => canvas.light([]);
  const button = h("button", {
    type: "button", class: "way", "aria-pressed": String(rows.held(index)), onclick: () => rows.toggle(index),
    onmouseenter: light, onmouseleave: dark, onfocus: light, onblur: dark,
  },
    h("span", { class: "sentence" }, bdi(way.sentence)),
    h("span", { class: "quiet" }, `${plural(way.edges.length, "step")} · says ${names(speakers) || "nobody named"}`),
    h("span", { class: "held" }, rows.held(index) ? "On the map" : "Put on the map"));
  return h("li", {}, button);
}
