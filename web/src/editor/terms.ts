// Terms of RDF, as the service gives them: in rows (SPARQL's JSON) and in triples (N-Triples) alike.

export type Term =
  | { type: "uri"; value: string }
  | { type: "bnode"; value: string }
  | { type: "literal"; value: string; "xml:lang"?: string; datatype?: string }
  | { type: "triple"; value: Triple };

export interface Triple {
  subject: Term;
  predicate: Term;
  object: Term;
}

export type Row = Readonly<Record<string, Term>>;

const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(["integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"].map((name) => XSD + name));

export function isNumber(term: Term | undefined): boolean {
  return term?.type === "literal" && term.datatype !== undefined && NUMBERS.has(term.datatype);
}

/** The IRIs in a term, those inside a triple term too. */
export function irisOf(term: Term): string[] {
  if (term.type === "uri") return [term.value];
  if (term.type !== "triple") return [];
  return [term.value.subject, term.value.predicate, term.value.object].flatMap(irisOf);
}

/** One name for a term, by which it is told from all others. */
export function keyOf(term: Term): string {
  if (term.type === "uri") return `<${term.value}>`;
  if (term.type === "bnode") return `_:${term.value}`;
  if (term.type === "literal") return `"${term.value}"@${term["xml:lang"] ?? ""}^^${term.datatype ?? ""}`;
  return `<<(${[term.value.subject, term.value.predicate, term.value.object].map(keyOf).join(" ")})>>`;
}
