// The shapes of the service's answers, as `/openapi.json` names them.

export interface EntityRef {
  id: string;
  iri: string;
  label: string;
  type: string;
  type_label: string;
}

export interface Quantity {
  id: string;
  text: string;
  value: number | null;
  min_value: number | null;
  max_value: number | null;
  approximation: string;
  strict_bound: boolean;
  unit: string | null;
}

export interface TimeSpan {
  id: string;
  text: string;
  edtf: string | null;
  earliest: string | null;
  latest: string | null;
  basis: string | null;
}

/** A thing near another, with its distance in hops from the centre. */
export interface NeighbourRef extends EntityRef {
  distance: number;
  notes: string[];
  quantity: Quantity | null;
  period: TimeSpan | null;
}

/** Where in an article (or a table) a claim was read. */
export interface Span {
  id: string;
  article: string | null;
  paragraph: number | null;
  sentence: number | null;
  start: number | null;
  end: number | null;
  table: string | null;
  row: number | null;
}

/** Who says so, where, and how: the evidence of a relation. */
export interface ClaimRef {
  id: string;
  said_by: EntityRef[];
  via: EntityRef[];
  article: EntityRef | null;
  voice: string;
  modality: string;
  polarity: string;
  where: Span | null;
  when: TimeSpan | null;
}

/** A relation from subject to object; `forward` tells which way it was walked. */
export interface Edge {
  source: string;
  predicate: string;
  predicate_label: string;
  target: string;
  forward: boolean;
  claims: ClaimRef[];
}

export interface Neighbourhood {
  centre: EntityRef | null;
  hops: number;
  nodes: NeighbourRef[];
  edges: Edge[];
  counts: { by_predicate: Record<string, number>; by_type: Record<string, number> };
  truncated: boolean;
  next: string | null;
  generation: number;
  lens: string;
  verdict: Verdict;
  stopped_by: string | null;
  again: Readonly<Record<string, unknown>> | null;
}

export interface Path {
  length: number;
  nodes: EntityRef[];
  edges: Edge[];
  sentence: string;
}

export type Verdict = "found" | "none_within" | "stopped";

export interface Paths {
  verdict: Verdict;
  max_hops: number;
  work: { edges_scanned: number; ms: number };
  stopped_by: string | null;
  paths: Path[];
  next: string | null;
  generation: number;
  lens: string;
  source: EntityRef[];
  target: EntityRef[];
  /** The filter that kept the nearest path out, in words. */
  excluded_by: { sentence: string } | null;
  /** Arguments of the question that goes on from here. */
  again: Readonly<Record<string, unknown>> | null;
}

/** A remark of the project's curators: never a correction. */
export interface Note {
  id: string;
  about: string;
  kind: string;
  text: string;
  basis: string;
}

/** A claim whole. `object` may be an entity, a code, or the node of the quantity or time given beside it. */
export interface Claim {
  id: string;
  iri: string;
  subject: EntityRef;
  predicate: string;
  predicate_label: string;
  object: EntityRef;
  quantity: Quantity | null;
  period: TimeSpan | null;
  said_by: EntityRef[];
  via: EntityRef[];
  article: EntityRef | null;
  where: Span[];
  voice: string;
  polarity: string;
  modality: string;
  status: string;
  source_certainty: string | null;
  confidence: number | null;
  role: string | null;
  when: TimeSpan | null;
  conflicts_with: string[];
  notes: Note[];
  sentence: string;
}

export interface NeighbourCount {
  predicate: string;
  predicate_label: string;
  direction: "forward" | "backward";
  count: number;
}

/** Everything the graph holds about a thing; `claims` is one page. */
export interface Entity extends EntityRef {
  labels: { pref_label: string; alt_labels: string[]; hidden_labels: string[] };
  types: EntityRef[];
  facts: { predicate: string; predicate_label: string; value: string; sentence: string | null }[];
  quantities: { predicate: string; predicate_label: string; quantity: Quantity; claims: ClaimRef[] }[];
  times: { predicate: string; predicate_label: string; when: TimeSpan; claim: string }[];
  counts: NeighbourCount[];
  claims: Claim[];
  notes: Note[];
  truncated: boolean;
  next: string | null;
  generation: number;
  lens: string;
}

export interface Timeline {
  entity: EntityRef;
  claims: Claim[];
  truncated: boolean;
  next: string | null;
}

export interface Hit extends EntityRef {
  score: number;
  matched: string;
}

export interface SearchResult {
  items: Hit[];
  next: string | null;
  truncated: boolean;
}

/** The key of a relation on a map: what is said of the same two things by the same predicate is one line. */
export function edgeKey(edge: Edge): string {
  return `${edge.source} ${edge.predicate} ${edge.target}`;
}
