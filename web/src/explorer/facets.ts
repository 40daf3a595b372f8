// What could be filtered: the claims near what was opened, seen through any lens, counted by what the lens tells apart.
import type { ClaimRef, EntityRef } from "../model";
import { joined } from "./follow";
import { seen } from "./lens";
import type { Part, Replay } from "./replay";
import type { Lens, State } from "./state";

export type Facet = "speaker" | "modality" | "polarity" | "voice";

export interface Row {
  readonly value: string;
  readonly label: string;
  readonly count: number;
}

const LIFTED = ["said_by", "not_said_by", "voice", "modality", "polarity", "valid_from", "valid_until"] as const;
const full = (id: string): string => (id.includes(":") ? id : `id:${id}`);

/** Every claim that the steps would bring under any lens, and those of the paths there are, each once. */
export async function allClaims(replay: Replay, state: State, signal: AbortSignal): Promise<ClaimRef[]> {
  const lens: Lens = { ...state.lens, modality: ["any"], polarity: ["any"] };
  const wide = Object.fromEntries(Object.entries(lens).filter(([name]) => name === "modality" || name === "polarity" || !(LIFTED as readonly string[]).includes(name)));
  const near = state.steps.filter((step) => step.kind === "near");
  const between = state.steps.filter((step) => step.kind === "between"); // under another lens it would find other paths
  const taken = [replay.take({ steps: near, lens: wide }, signal), replay.take({ steps: between, lens: state.lens }, signal)];
  const parts: Part[] = (await Promise.all(taken)).flat();
  const claims = new Map<string, ClaimRef>();
  for (const edge of joined(parts).edges) for (const claim of edge.claims) claims.set(claim.id, claim);
  return [...claims.values()];
}

/** Whether each facet of the lens lets a claim through. */
function tests(lens: Lens): Record<Facet | "time", (claim: ClaimRef) => boolean> {
  const [only, without] = [new Set((lens["said_by"] ?? []).map(full)), new Set((lens["not_said_by"] ?? []).map(full))];
  const [modality, polarity] = [seen(lens, "modality"), seen(lens, "polarity")];
  const voice = lens["voice"]?.includes("any") ? [] : (lens["voice"] ?? []);
  const [from, until] = [lens["valid_from"]?.[0], lens["valid_until"]?.[0]];
  return {
    speaker: (claim) => (!only.size || claim.said_by.some((who) => only.has(who.id))) && !claim.said_by.some((who) => without.has(who.id)),
    modality: (claim) => modality === null || modality.includes(claim.modality),
    polarity: (claim) => polarity === null || polarity.includes(claim.polarity),
    voice: (claim) => !voice.length || voice.includes(claim.voice),
    time: ({ when }) => !when || ((!from || !when.latest || when.latest >= from) && (!until || !when.earliest || when.earliest <= until)),
  };
}

/** The rows of a facet, most first: of the claims that all other facets let through. */
export function count(claims: readonly ClaimRef[], lens: Lens, facet: Facet): Row[] {
  const others = Object.entries(tests(lens)).filter(([name]) => name !== facet).map(([, test]) => test);
  const rows = new Map<string, { label: string; count: number }>();
  for (const claim of claims) {
    const counts = others.every((test) => test(claim)) ? 1 : 0;
    const values: readonly Pick<EntityRef, "id" | "label">[] =
      facet === "speaker" ? claim.said_by : [{ id: claim[facet], label: claim[facet].replaceAll("-", " ") }];
    for (const { id, label } of values) {
      const held = rows.get(id);
      rows.set(id, { label, count: (held?.count ?? 0) + counts });
    }
  }
  return [...rows].map(([value, row]) => ({ value, ...row })).sort((a, b) => b.count - a.count || a.label.localeCompare(b.label));
}

/** The dates that bound what is said to be at some time, in order. */
export function dates(claims: readonly ClaimRef[]): string[] {
  const bounds = claims.flatMap(({ when }) => [when?.earliest, when?.latest]).filter((date): date is string => Boolean(date));
  return [...new Set(bounds)].sort();
}
