// What stands between the widget and Python: the traits of `GraphWidget` and the messages both ways.
import type { Edge } from "../model";
import type { Thing } from "../graph/canvas";

/** What is to be drawn. `near` is the thing the newest ones were asked for. */
export interface Graph {
  nodes: Thing[];
  edges: Edge[];
  centre: string[];
  notes: string[];
  near: string | null;
}

export interface Traits {
  graph: Graph;
  selected: string[];
  height: number;
  /** Whether somebody answers messages: a page made of a notebook has nobody. */
  live: boolean;
}

export type Asked = { kind: "expand"; id: string } | { kind: "evidence"; source: string; predicate: string; target: string };
export type Answered = { kind: "told" | "failed"; id: string; text: string };

export interface Model {
  get<Name extends keyof Traits>(name: Name): Traits[Name];
  set<Name extends keyof Traits>(name: Name, value: Traits[Name]): void;
  save_changes(): void;
  on(event: string, heard: (message: Answered) => void): void;
  off(event: string, heard: (message: Answered) => void): void;
  send(message: Asked): void;
}
