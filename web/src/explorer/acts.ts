// What a reader does to the map, as changes of the state: each is one step that can be undone.
import type { Near, State, Step, Store } from "./state";

/** The step that a near step repeats with more pages, if it is on the map. */
function same(step: Step, id: string, predicate?: string, direction?: Near["direction"]): step is Near {
  return step.kind === "near" && step.id === id && step.predicate === predicate && step.direction === direction;
}

function names(step: Step, id: string): boolean {
  return step.kind === "between" ? step.ids.includes(id) : step.id === id;
}

export class Acts {
  constructor(private readonly store: Store) {}

  private get state(): State {
    return this.store.state;
  }

  /** Puts one thing on the map, and looks at it. */
  add(id: string): void {
    const { steps, gone } = this.state;
    const held = steps.some((step) => step.kind !== "between" && step.id === id);
    this.store.set({
      steps: held ? steps : [...steps, { kind: "alone", id }],
      gone: gone.filter((other) => other !== id),
      focus: id,
    });
  }

  /** Puts on the map what stands near a thing: all, or one relation in one direction; asked again, the next page. */
  expand(id: string, predicate?: string, direction?: Near["direction"]): void {
    const { steps, gone } = this.state;
    const held = steps.find((step): step is Near => same(step, id, predicate, direction));
    const step: Near = {
      kind: "near",
      id,
      ...(predicate ? { predicate } : {}),
      ...(direction ? { direction } : {}),
      ...(held ? { pages: (held.pages ?? 1) + 1 } : {}),
    };
    const rest = steps.filter((other) => !(other.kind === "alone" && other.id === id));
    this.store.set({
      steps: held ? rest.map((other) => (other === held ? step : other)) : [...rest, step],
      gone: gone.filter((other) => other !== id),
      focus: id,
    });
  }

  /** Takes back what was opened at a thing; the thing stays. */
  collapse(id: string): void {
    const steps = this.state.steps.filter((step) => !(step.kind === "near" && step.id === id));
    const stays = steps.some((step) => step.kind !== "near" && names(step, id));
    this.store.set({ steps: stays ? steps : [...steps, { kind: "alone", id }] });
  }

  isOpen(id: string): boolean {
    return this.state.steps.some((step) => step.kind === "near" && step.id === id);
  }

  remove(ids: readonly string[]): void {
    const { steps, gone, pins, focus } = this.state;
    const off = new Set(ids);
    const kept = steps.filter((step) => !(step.kind === "alone" && off.has(step.id)));
    const brought = kept.length > 0 ? ids : [];
    this.store.set({
      steps: kept,
      gone: [...new Set([...gone, ...brought])],
      pins: Object.fromEntries(Object.entries(pins).filter(([id]) => !off.has(id))),
      focus: focus !== null && focus.split(" ").some((part) => off.has(part)) ? null : focus,
    });
  }

  /** Everything else leaves the map. */
  keepOnly(id: string): void {
    const pin = this.state.pins[id];
    this.store.set({ steps: [{ kind: "alone", id }], gone: [], pins: pin ? { [id]: pin } : {}, focus: id });
  }

  between(ids: readonly string[], options: Readonly<Record<string, string>>): void {
    this.store.set({
      steps: [...this.state.steps, { kind: "between", ids, options }],
      gone: this.state.gone.filter((id) => !ids.includes(id)),
    });
  }

  pin(id: string, x: number, y: number): void {
    this.store.set({ pins: { ...this.state.pins, [id]: [Math.round(x), Math.round(y)] } });
  }

  unpin(id: string): void {
    const { [id]: _, ...pins } = this.state.pins;
    this.store.set({ pins });
  }

  /** Shows a thing, a relation, or (null) the filters at the side: a look, so nothing to undo. */
  focus(focus: string | null): void {
    this.store.set({ focus }, true);
  }

  /** The values of one part of the lens; none lifts it. */
  lens(name: string, values: readonly string[]): void {
    const { [name]: _, ...rest } = this.state.lens;
    this.store.set({ lens: values.length ? { ...rest, [name]: values } : rest });
  }

  /** Hides or shows a family, a type or a relation on the map. */
  toggle(name: string): void {
    const { hidden } = this.state;
    this.store.set({ hidden: hidden.includes(name) ? hidden.filter((other) => other !== name) : [...hidden, name] });
  }

  clear(): void {
    this.store.set({ steps: [], gone: [], pins: {}, focus: null });
  }
}
