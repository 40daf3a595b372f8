// What a reader sees of the map: its things and relations, one row a claim. The table shows these rows and every export
// writes them, so that both always are what the map is.
import type { Canvas, Thing } from "../graph/canvas";
import { shown } from "../graph/shown";
import { edgeKey, type ClaimRef, type Edge, type EntityRef, type Span } from "../model";
import { plain } from "./dom";
import type { Room } from "./room";
import { placeOf, standing } from "./say";

export interface Seen {
  readonly things: readonly Thing[];
  readonly edges: readonly Edge[];
}

/** What is on the map and not hidden. */
export function seen(canvas: Canvas): Seen {
  const { nodes, edges } = shown(canvas.core);
  return { things: nodes.map((node) => node.data("thing") as Thing), edges: edges.map((edge) => edge.data("edge") as Edge) };
}

/** A relation as one of its claims states it; without a claim where the graph has it from nobody. */
export interface Row {
  readonly key: string;
  readonly subject: Thing;
  readonly edge: Edge;
  readonly object: Thing;
  readonly claim: ClaimRef | null;
}

/** One row a claim, in the order of the map's relations. */
export function rows({ things, edges }: Seen): Row[] {
  const named = new Map(things.map((thing) => [thing.id, thing]));
  return edges.flatMap((edge) => {
    const [subject, object] = [named.get(edge.source), named.get(edge.target)];
    if (!subject || !object) return [];
    const claims: (ClaimRef | null)[] = edge.claims.length ? edge.claims : [null];
    return claims.map((claim) => ({ key: edgeKey(edge), subject, edge, object, claim }));
  });
}

/** The things without a relation on the map. */
export function alone({ things, edges }: Seen): Thing[] {
  const tied = new Set(edges.flatMap((edge) => [edge.source, edge.target]));
  return things.filter((thing) => !tied.has(thing.id));
}

/** Who is credited on the map, the most often first; and the articles, likewise. */
export function credited(edges: readonly Edge[]): { speakers: EntityRef[]; articles: EntityRef[] } {
  const claims = [...new Map(edges.flatMap((edge) => edge.claims).map((claim) => [claim.id, claim])).values()];
  return {
    speakers: byCount(claims.flatMap((claim) => claim.said_by)),
    articles: byCount(claims.flatMap((claim) => (claim.article ? [claim.article] : []))),
  };
}

function byCount(refs: readonly EntityRef[]): EntityRef[] {
  const counted = new Map<string, { ref: EntityRef; count: number }>();
  for (const ref of refs) counted.set(ref.id, { ref, count: (counted.get(ref.id)?.count ?? 0) + 1 });
  return [...counted.values()].sort((a, b) => b.count - a.count || (a.ref.id < b.ref.id ? -1 : 1)).map(({ ref }) => ref);
}

export const names = (refs: readonly EntityRef[]): string => refs.map((ref) => ref.label).join(", ");

/** Who says so: "Pew Research Center, through Bitter Winter". */
export function speakers(claim: ClaimRef): string {
  return `${names(claim.said_by) || "nobody named"}${claim.via.length ? `, through ${names(claim.via)}` : ""}`;
}

/** Where it stands: "paragraph 16, sentence 1". */
export const place = (span: Span | null): string => (span ? placeOf(span) : "place not stated");

/** How it is said: the voice, and what makes it less than a plain report ("alleged", "denied"). */
export const manner = (claim: ClaimRef): string => [plain(claim.voice), standing(claim)].filter(Boolean).join(", ");

/** A relation in words: "More than 300 organisations include Amnesty International"; "not:" where all claims deny it. */
export function words(row: Pick<Row, "subject" | "edge" | "object">): string {
  const denied = row.edge.claims.length > 0 && row.edge.claims.every((claim) => claim.polarity === "negated");
  return `${row.subject.label} ${denied ? "not: " : ""}${row.edge.predicate_label} ${row.object.label}`;
}

/** What the map is seen through, in the service's words. */
export function lensOf(room: Room): string {
  return room.parts.map((part) => part.lens).find(Boolean) ?? "reported, affirmed claims";
}

/** The state of the graph that the map was drawn from; null where its steps are of several, or it is empty. */
export function generationOf(room: Room): number | null {
  const held = new Set(room.parts.flatMap((part) => (part.generation === null ? [] : [part.generation])));
  const [first = null] = held;
  return held.size === 1 ? first : null;
}
