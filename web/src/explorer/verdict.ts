// What a search between things found, in words that never say more than it proved.
import type { Verdict } from "../model";
import { plural } from "./dom";

export interface Outcome {
  readonly verdict: Verdict;
  readonly max_hops: number;
  readonly stopped_by: string | null;
  readonly found: number;
  readonly more: boolean;
  /** What the filter kept out, as the service says it. */
  readonly excluded: string | null;
  readonly scanned: number | null;
}

export const MODES: readonly (readonly [string, string, string])[] = [
  ["shortest", "The shortest path", "one, the most telling of the shortest"],
  ["all_shortest", "All paths that are as short", "every path of the least length"],
  ["k_shortest", "Several, the shortest first", "longer ones too, up to as many as you say"],
  ["all_simple", "Every path", "all within the bound that pass nothing twice"],
];

const LIMITS: Record<string, string> = {
  max_edges: "the number of relations a search may look at",
  max_ms: "the time a search may take",
  max_hops: "the number of steps a search may go",
};

/** The limit that ended a search, in words. */
export const limit = (name: string | null): string => (name && LIMITS[name]) || (name ?? "a limit").replaceAll("_", " ");

/** The verdict as a headline, and what stands behind it; `several` for more than two ends. */
export function told(outcome: Outcome, several = false): { headline: string; reason: string } {
  const steps = plural(outcome.max_hops, "step");
  const looked = outcome.scanned === null ? "" : ` It looked at ${plural(outcome.scanned, "relation")}.`;
  if (outcome.verdict === "found") {
    if (several) return { headline: "All of them are connected", reason: "This is a small set of relations that ties them together; there may be others." };
    return {
      headline: `${plural(outcome.found, "path")} found${outcome.more ? ", and there are more" : ""}`,
      reason: `The search was complete for what was asked.${looked}`,
    };
  }
  if (outcome.verdict === "none_within") {
    return {
      headline: several ? `Not all of them within ${steps}` : `None within ${steps}`,
      reason: `This is proven: every way of at most ${steps} that the filters allow was looked at.${looked}${outcome.excluded ? ` ${outcome.excluded}` : ""}`,
    };
  }
  const until = outcome.found ? `${plural(outcome.found, "path")} met until then` : "Nothing met until then";
  return {
    headline: "Stopped before it was done",
    reason: `The search was ended by ${limit(outcome.stopped_by)}. ${until}; there may be others, and this proves nothing either way.${looked}`,
  };
}
