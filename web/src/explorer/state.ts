// What the explorer shows, as one frozen value that is also the page's address. The map is what its steps give when they
// are taken in order under the lens, so an address opens the same map anywhere, and another lens is the same steps again.

/** What stands near a thing: all of it (first page), or one relation in one direction. `pages` pages were asked for. */
export interface Near {
  kind: "near";
  id: string;
  predicate?: string;
  direction?: "out" | "in";
  pages?: number;
}

/** One thing alone. */
export interface Alone {
  kind: "alone";
  id: string;
}

/** The paths between things; parameters as `/paths` names them (mode, k, max_hops, pattern, avoid_hubs …). */
export interface Between {
  kind: "between";
  ids: readonly string[];
  options: Readonly<Record<string, string>>;
}

export type Step = Near | Alone | Between;

/** The lens's parameters, as the service names them. */
export type Lens = Readonly<Record<string, readonly string[]>>;

export const LENS = [
  "said_by", "not_said_by", "article", "voice", "modality", "polarity", "valid_from", "valid_until", "published_until",
  "min_sources", "min_confidence", "include", "at",
] as const;

export interface State {
  readonly steps: readonly Step[];
  /** Things taken off the map, though a step brings them. */
  readonly gone: readonly string[];
  readonly pins: Readonly<Record<string, readonly [number, number]>>;
  readonly lens: Lens;
  /** Families (of `graph/families`) and predicates that are not drawn. */
  readonly hidden: readonly string[];
  /** What the side panel shows: a thing's or a claim's id, or the key of a relation. */
  readonly focus: string | null;
  readonly view: "map" | "table";
  /** What other rooms keep in the address (a story's step …), by its name. */
  readonly more: Readonly<Record<string, string>>;
}

export const EMPTY: State = {
  steps: [], gone: [], pins: {}, lens: {}, hidden: [], focus: null, view: "map", more: {},
};

const bare = (id: string): string => (id.startsWith("id:") ? id.slice(3) : id);
const full = (id: string): string => (id.includes(":") ? id : `id:${id}`);
/** A focus is an id, or the key of a relation: three names between spaces. */
const parts = (focus: string, each: (id: string) => string): string => focus.split(" ").map(each).join(" ");

/** The query of the address. Ids go without their `id:`; the order of steps is kept. */
export function encode(state: State): string {
  const query = new URLSearchParams();
  for (const step of state.steps) {
    if (step.kind === "alone") query.append("add", bare(step.id));
    else if (step.kind === "near") {
      const parts = [bare(step.id), step.direction ?? "", step.predicate ?? "", step.pages && step.pages > 1 ? step.pages : ""];
      while (parts.at(-1) === "") parts.pop();
      query.append("open", parts.join("!"));
    } else {
      const options = Object.entries(step.options).flatMap(([name, value]) => [`${name}=${encodeURIComponent(value)}`]);
      query.append("path", [step.ids.map(bare).join(","), ...options].join("!"));
    }
  }
  for (const id of state.gone) query.append("gone", bare(id));
  for (const [id, [x, y]] of Object.entries(state.pins)) query.append("pin", `${bare(id)}!${Math.round(x)}!${Math.round(y)}`);
  for (const [name, values] of Object.entries(state.lens)) for (const value of values) query.append(name, bare(value));
  for (const name of state.hidden) query.append("hide", name);
  if (state.focus) query.append("focus", parts(state.focus, bare));
  if (state.view !== "map") query.append("view", state.view);
  for (const [name, value] of Object.entries(state.more)) query.append(name, value);
  return query.toString();
}

/** The state an address names; what it cannot read it leaves out. */
export function decode(query: string): State {
  const steps: Step[] = [];
  const gone: string[] = [];
  const pins: Record<string, readonly [number, number]> = {};
  const lens: Record<string, string[]> = {};
  const hidden: string[] = [];
  const more: Record<string, string> = {};
  let focus: string | null = null;
  let view: State["view"] = "map";
  for (const [name, value] of new URLSearchParams(query)) {
    if (value === "") continue;
    const [first = "", ...rest] = value.split("!");
    if (name === "add") steps.push({ kind: "alone", id: full(value) });
    else if (name === "open") {
      const [direction, predicate, pages] = rest;
      steps.push({
        kind: "near",
        id: full(first),
        ...(direction === "in" || direction === "out" ? { direction } : {}),
        ...(predicate ? { predicate } : {}),
        ...(Number(pages) > 1 ? { pages: Number(pages) } : {}),
      });
    } else if (name === "path") {
      const ids = first.split(",").filter(Boolean).map(full);
      const options = rest.map((part): [string, string] => {
        const [key = "", text = ""] = part.split("=", 2);
        return [key, unescaped(text)];
      });
      if (ids.length > 1) steps.push({ kind: "between", ids, options: Object.fromEntries(options) });
    } else if (name === "gone") gone.push(full(value));
    else if (name === "pin") {
      const [x, y] = rest.map(Number);
      if (x !== undefined && y !== undefined && Number.isFinite(x) && Number.isFinite(y)) pins[full(first)] = [x, y];
    } else if ((LENS as readonly string[]).includes(name)) (lens[name] ??= []).push(value);
    else if (name === "hide") hidden.push(value);
    else if (name === "focus") focus = parts(value, full);
    else if (name === "view") view = value === "table" ? "table" : "map";
    else more[name] = value;
  }
  return { steps, gone, pins, lens, hidden, focus, view, more };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export type Listener = (now: State, before: State) => void;

/** Holds the state, keeps the address in step with it, and can undo: every change is an entry of the browser's history,
 * or replaces the last one where it is no more than a look (`replace`). */
export class Store {
  private held: State;
  private undone: State[] = [];
  private past: State[] = [];
  private readonly listeners = new Set<Listener>();

  constructor() {
    this.held = decode(location.search);
    addEventListener("popstate", () => {
      this.past.push(this.held);
      this.undone = [];
      this.show(decode(location.search));
    });
  }

  get state(): State {
    return this.held;
  }

  on(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  set(change: Partial<State>, replace = false): void {
    const next = { ...this.held, ...change };
    if (encode(next) === encode(this.held)) return;
    if (!replace) {
      this.past.push(this.held);
      this.undone = [];
    }
    this.write(next, replace);
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  undo(): void {
    const before = this.past.pop();
    if (!before) return;
    this.undone.push(this.held);
    this.write(before, false);
  }

  redo(): void {
    const next = this.undone.pop();
    if (!next) return;
    this.past.push(this.held);
    this.write(next, false);
  }

  private write(next: State, replace: boolean): void {
    const query = encode(next);
    const target = `${location.pathname}?${query || "view=map"}`; // without a query the start page stands there
    if (replace) history.replaceState(null, "", target);
    else history.pushState(null, "", target);
    this.show(next);
  }

  private show(next: State): void {
    const before = this.held;
    this.held = next;
    for (const listener of this.listeners) listener(next, before);
  }
}
