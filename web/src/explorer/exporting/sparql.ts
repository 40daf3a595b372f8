// The map as SPARQL queries over its claims: one to read and change, one whose answer is the map as RDF.
import { drawn } from "../../graph/labels";
import { rows, words, type Row, type Seen } from "../seen";
import { Terms } from "./terms";

/** A comment is one line, whatever a label holds. */
const comment = (words: string): string => `# ${drawn(words, 110)}`;

function grouped(map: Seen): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows(map)) groups.set(row.key, [...(groups.get(row.key) ?? []), row]);
  return groups;
}

/** A query that gives the map's relations, each with who says it and where. `about` are lines of comment before it. */
export function selection(map: Seen, about: readonly string[]): string {
  const terms = new Terms(map.things);
  const claimed: string[] = [];
  const unclaimed: string[] = [];
  for (const [first, ...rest] of grouped(map).values()) {
    if (!first) continue;
    const said = [first, ...rest].flatMap(({ claim }) => (claim ? [terms.term(claim.id)] : []));
    const { source, predicate, target } = first.edge;
    if (said.length) claimed.push(`    ${comment(words(first))}`, `    ${said.join(" ")}`);
    else unclaimed.push(`    ${comment(words(first))}`, `    (${[source, predicate, target].map((name) => terms.term(name)).join(" ")})`);
  }
  const ofClaims = [
    "  VALUES ?claim {",
    ...claimed,
    "  }",
    "  ?claim rdf:subject ?from ; rdf:predicate ?relation ; rdf:object ?to ;",
    "         kg:attributedTo ?speaker .",
    "  OPTIONAL { ?claim kg:reportedVia ?relay }",
    "  OPTIONAL { ?claim kg:assertedIn ?article }",
    "  OPTIONAL { ?claim kg:evidence/kg:paragraph ?paragraph }",
    "  OPTIONAL { ?claim kg:modality ?modality }",
    "  OPTIONAL { ?claim kg:polarity ?polarity }",
  ];
  const ofNobody = ["  # relations that the graph holds without a claim", "  VALUES (?from ?relation ?to) {", ...unclaimed, "  }", "  ?from ?relation ?to ."];
  const labels = ["  OPTIONAL { ?from skos:prefLabel ?from_label }", "  OPTIONAL { ?to skos:prefLabel ?to_label }"];
  const found = claimed.length && unclaimed.length ? ["  {", ...ofClaims, "  } UNION {", ...ofNobody, "  }"] : claimed.length || !unclaimed.length ? ofClaims : ofNobody;
  return [
    ...about.map(comment),
    terms.declarations("kg", "rdf", "skos"),
    "SELECT DISTINCT ?from ?from_label ?relation ?to ?to_label ?claim ?speaker ?relay ?article ?paragraph ?modality ?polarity WHERE {",
    ...found,
    ...labels,
    "}",
    "ORDER BY ?from ?relation ?to ?claim ?paragraph",
    "",
  ].join("\n");
}

/** A query whose answer is the map as RDF: its claims with their evidence, the direct relations that the graph has of
 * them, and the labels and types of all that is named. */
export function construction(map: Seen): string {
  const terms = new Terms(map.things);
  const claims = [...new Set(rows(map).flatMap(({ claim }) => (claim ? [terms.term(claim.id)] : [])))];
  const nodes = map.things.map((thing) => terms.term(thing.id));
  const unclaimed = map.edges
    .filter((edge) => !edge.claims.length)
    .map((edge) => `(${[edge.source, edge.predicate, edge.target].map((name) => terms.term(name)).join(" ")})`);
  const values = `VALUES ?claim { ${claims.join(" ")} }`;
  const whole = "?node a ?kind . FILTER(?kind IN (kg:EvidenceSpan, kg:TimeSpan, kg:Quantity)) ?node ?property ?value .";
  const named = "?node ?property ?value . FILTER(?property IN (rdf:type, skos:prefLabel, rdfs:label, kg:pluralDescription))";
  const parts = [
    `${values} ?claim ?property ?value . BIND(?claim AS ?node)`,
    `${values} ?claim ?link ?node . ${whole}`,
    `${values} ?claim kg:assertedIn ?node . ?node ?property ?value . FILTER NOT EXISTS { ?property a kg:Relation }`,
    `${values} ?claim kg:assertedIn/kg:published ?node . ?node ?property ?value .`,
    `${values} ?claim rdf:subject|rdf:object|rdf:predicate|kg:attributedTo|kg:reportedVia ?node . ${named}`,
    `${values} ?claim rdf:subject ?node ; rdf:predicate ?property ; rdf:object ?value . ?node ?property ?value .`,
    `VALUES ?node { ${nodes.join(" ")} } ${named}`,
    ...(unclaimed.length ? [`VALUES (?node ?property ?value) { ${unclaimed.join(" ")} } ?node ?property ?value .`] : []),
  ];
  return [
    terms.declarations("kg", "rdf", "rdfs", "skos"),
    "CONSTRUCT { ?node ?property ?value } WHERE {",
    parts.map((part) => `  { ${part} }`).join("\n  UNION\n"),
    "}",
  ].join("\n");
}
