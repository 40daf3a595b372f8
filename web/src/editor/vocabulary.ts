// The words that completion knows: classes, properties and codes, from our own endpoint, fetched when first needed.
import { get } from "../service";
import { rows } from "./ask";
import type { Names } from "./names";

export interface Word {
  curie: string;
  kind: "class" | "property" | "code";
  label: string;
  comment: string;
}

export interface Found {
  id: string;
  label: string;
  type_label: string;
}

const DESCRIBED = `PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?term ?kind ?label ?comment WHERE {
  VALUES (?type ?kind) {
    (owl:Class "class") (rdfs:Class "class") (skos:Concept "code")
    (owl:ObjectProperty "property") (owl:DatatypeProperty "property") (rdf:Property "property")
  }
  ?term a ?type .
  OPTIONAL { ?term rdfs:label|skos:prefLabel ?label }
  OPTIONAL { ?term rdfs:comment|skos:definition ?comment }
} LIMIT 10000`;
const USED = {
  property: "SELECT DISTINCT ?term WHERE { ?s ?term ?o }",
  class: "SELECT DISTINCT ?term WHERE { ?s a ?term }",
} as const;
/** What is used and not described is looked for no longer than this: on a large graph the described terms have to do. */
const SECONDS = 2;

export class Vocabulary {
  private asked: Promise<readonly Word[]> | null = null;

  constructor(private readonly names: Names) {}

  words(): Promise<readonly Word[]> {
    this.asked ??= this.fetched().catch((error: unknown) => {
      this.asked = null; // another time, maybe
      throw error;
    });
    return this.asked;
  }

  /** Things whose names begin like this, as the service's own search finds them. */
  async things(begun: string, signal: AbortSignal): Promise<readonly Found[]> {
    if (!begun) return [];
    const found = await get<{ items: Found[] }>("search", { q: begun.replaceAll("-", " "), limit: 12 }, signal);
    return found.items.filter((item) => item.id.startsWith("id:"));
  }

  private async fetched(): Promise<readonly Word[]> {
    const words = new Map<string, Word>();
    const take = (iri: string, kind: Word["kind"], label = "", comment = ""): void => {
      const curie = this.names.curie(iri);
      if (!curie || curie.startsWith("id:")) return;
      const held = words.get(curie);
      if (held?.label) return;
      words.set(curie, { curie, kind, label, comment });
    };
    for (const { term, kind, label, comment } of await rows(DESCRIBED)) {
      if (term?.type === "uri") take(term.value, kind?.value as Word["kind"], text(label), text(comment));
    }
    await Promise.all(
      (["property", "class"] as const).map(async (kind) => {
        const used = await rows(USED[kind], undefined, SECONDS).catch(() => []);
        for (const { term } of used) if (term?.type === "uri") take(term.value, kind);
      }),
    );
    return [...words.values()];
  }
}

const text = (term: { value: unknown } | undefined): string => (typeof term?.value === "string" ? term.value : "");
