// A question of how things are connected, as the address keeps it and as the service takes it.
import { decode, encode, EMPTY, type Between, type State } from "./state";

/** In `State.more`: the question that stands in the path finder. */
export const FIND = "find";

/** Most paths asked for at once; "more" doubles it. */
export const PAGE = 20;
export const MOST_HOPS = 12;
export const USUAL_HOPS = 6;

/** What the map holds of a question: its step without the choice of rows. */
export type Question = Pick<Between, "ids" | "options">;

/** A question as `encode` writes a step: `ioc,pope-francis!max_hops=4`. */
export function written({ ids, options }: Question): string {
  return new URLSearchParams(encode({ ...EMPTY, steps: [{ kind: "between", ids, options }] })).get("path") ?? "";
}

export function read(text: string | undefined): Question | null {
  const [step] = decode(new URLSearchParams({ path: text ?? "" }).toString()).steps;
  return step?.kind === "between" ? { ids: step.ids, options: step.options } : null;
}

function same(step: Between, question: Question): boolean {
  const { rows: _, ...options } = step.options;
  return written({ ids: step.ids, options }) === written(question);
}

/** Which rows of the question's answer are on the map; "all" where the step names none. */
export function onMap(state: State, question: Question): readonly number[] | "all" {
  const steps = state.steps.filter((step): step is Between => step.kind === "between" && same(step, question));
  if (steps.some((step) => step.options["rows"] === undefined)) return "all";
  return steps.flatMap((step) => (step.options["rows"] ?? "").split(".").map(Number));
}

/** The state with these rows of the question's answer on the map, and no others of it. */
export function withRows(state: State, question: Question, rows: readonly number[] | "all"): Partial<State> {
  const rest = state.steps.filter((step) => !(step.kind === "between" && same(step, question)));
  if (rows !== "all" && rows.length === 0) return { steps: rest };
  const options = rows === "all" ? question.options : { ...question.options, rows: [...new Set(rows)].sort((a, b) => a - b).join(".") };
  const at = state.steps.findIndex((step) => step.kind === "between" && same(step, question));
  const step: Between = { kind: "between", ids: question.ids, options };
  return { steps: at < 0 ? [...rest, step] : [...rest.slice(0, at), step, ...rest.slice(at)] };
}
