// The map follows the state: the steps are taken, their answers joined, and what is new is placed. Each map is remembered
// with its places, so that going back shows it as it was.
import type { Position } from "cytoscape";
import { MOST_LAID_OUT, type Canvas, type Thing } from "../graph/canvas";
import { familyOf } from "../graph/families";
import { edgeKey, type ClaimRef, type Edge } from "../model";
import { encode, type State, type Store } from "./state";
import type { Part, Replay } from "./replay";

const REMEMBERED = 100;
const SLOW_MS = 250;

/** What is to be told of a map: that it is being fetched, or stands. */
export interface Heard {
  waiting: (waits: boolean) => void;
  stands: (parts: readonly Part[], refused: boolean) => void;
  failed: (error: unknown) => void;
}

export class Follow {
  parts: readonly Part[] = [];
  private readonly maps = new Map<string, Map<string, Position>>();
  private readonly seen = new Map<string, Position>();
  private asking: AbortController | null = null;
  private shown: string | null = null;

  constructor(
    private readonly store: Store,
    private readonly canvas: Canvas,
    private readonly replay: Replay,
    private readonly heard: Heard,
  ) {
    store.on((now) => void this.show(now));
  }

  /** Takes the steps again, asking the service anew. */
  again(): void {
    this.replay.forget();
    this.shown = null;
    void this.show(this.store.state);
  }

  /** Remembers where things stand now, for coming back to this state. */
  remember(): void {
    this.maps.set(keyOf(this.store.state), this.canvas.places());
    for (const oldest of this.maps.keys()) {
      if (this.maps.size <= REMEMBERED) break;
      this.maps.delete(oldest);
    }
  }

  async show(state: State): Promise<void> {
    const key = keyOf(state);
    if (key === this.shown) {
      hide(this.canvas, state);
      return;
    }
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const slow = setTimeout(() => this.heard.waiting(true), SLOW_MS);
    try {
      const parts = await this.replay.take(state, asking.signal);
      await this.draw(state, key, parts);
    } catch (error) {
      if (!asking.signal.aborted) this.heard.failed(error);
    } finally {
      clearTimeout(slow);
      if (this.asking === asking) {
        this.asking = null;
        this.heard.waiting(false);
      }
    }
  }

  private async draw(state: State, key: string, parts: readonly Part[]): Promise<void> {
    for (const [id, place] of this.canvas.places()) this.seen.set(id, place);
    const { things, edges } = joined(parts, new Set(state.gone));
    const known = this.maps.get(key);
    const pins = Object.entries(state.pins).map(([id, [x, y]]) => [id, { x, y }] as const);
    const places = new Map([...this.seen, ...(known ?? []), ...pins]);
    const fresh = parts.filter((part) => !this.parts.some((old) => old.step === part.step && old.problem === null));
    const near = fresh.map((part) => part.step).find((step) => step.kind === "near");
    this.shown = key;
    this.parts = parts;
    const showing = this.canvas.show(things, edges, { near: near?.kind === "near" ? near.id : undefined, places });
    this.canvas.place(Object.fromEntries([...(known ?? []), ...pins].map(([id, { x, y }]) => [id, [x, y]])));
    for (const thing of things) this.canvas.pin(thing.id, thing.id in state.pins);
    this.canvas.centre(state.steps.flatMap((step) => (step.kind === "near" ? [step.id] : [])));
    hide(this.canvas, state);
    const placing = await showing;
    if (this.shown !== key) return; // another map was asked for while this one was laid out
    this.remember();
    this.heard.stands(parts, placing === "refused" || things.length > MOST_LAID_OUT);
  }

}

/** Hides on a map what its state does not draw. */
export function hide(canvas: Canvas, state: State): void {
  const hidden = new Set(state.hidden);
  canvas.hide(
    (thing) => hidden.has(familyOf(thing.type).name) || hidden.has(thing.type),
    (edge) => hidden.has(edge.predicate),
  );
}

/** What decides a map and the places on it; looks do not. */
function keyOf({ steps, gone, pins, lens }: State): string {
  return encode({ steps, gone, pins, lens, hidden: [], focus: null, view: "map", more: {} });
}

/** The things and relations of all parts, each once: what several steps say of one relation stands together. */
export function joined(parts: readonly Part[], gone: ReadonlySet<string> = new Set()): { things: Thing[]; edges: Edge[] } {
  const things = new Map<string, Thing>();
  const edges = new Map<string, Edge>();
  for (const part of parts) {
    for (const thing of part.things) {
      if (!gone.has(thing.id)) things.set(thing.id, { ...things.get(thing.id), ...thing });
    }
    for (const edge of part.edges) {
      if (gone.has(edge.source) || gone.has(edge.target)) continue;
      const held = edges.get(edgeKey(edge));
      const claims = new Map<string, ClaimRef>([...(held?.claims ?? []), ...edge.claims].map((claim) => [claim.id, claim]));
      edges.set(edgeKey(edge), { ...(held ?? edge), claims: [...claims.values()] });
    }
  }
  return { things: [...things.values()], edges: [...edges.values()] };
}
