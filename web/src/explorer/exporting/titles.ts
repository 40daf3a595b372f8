// What a map is called: in a citation, as a file.
import type { Thing } from "../../graph/canvas";
import type { State, Step } from "../state";

const MOST = 3;

/** "What stands near the IOC; how Amnesty International and António Guterres are connected". */
export function titleOf(state: State, things: readonly Thing[]): string {
  const names = new Map(things.map((thing) => [thing.id, thing.label]));
  const name = (id: string): string => names.get(id) ?? id.replace(/^id:/, "").replaceAll("-", " ");
  const steps = [...new Set(state.steps.map((step) => words(step, name)))];
  if (!steps.length) return "An empty map";
  const first = steps.slice(0, MOST).join("; ");
  const all = steps.length > MOST ? `${first}; and ${steps.length - MOST} more` : first;
  return all.charAt(0).toUpperCase() + all.slice(1);
}

function words(step: Step, name: (id: string) => string): string {
  if (step.kind === "near") return `what stands near ${name(step.id)}`;
  if (step.kind === "alone") return name(step.id);
  const [last = "", ...rest] = [...step.ids].reverse().map(name);
  return `how ${rest.reverse().join(", ")} and ${last} are connected`;
}

/** A file's name without its ending: plain letters, not long. */
export function fileOf(title: string): string {
  const plain = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return `kgraph-${plain.slice(0, 60).replace(/-$/, "") || "map"}`;
}
