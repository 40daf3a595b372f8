// Labels and types of things, from our own endpoint: one request for all that a page of results names.
import { rows } from "./ask";

export interface Known {
  label: string | null;
  types: readonly string[];
}

const UNFIT = /[\u0000-\u0020<>"{}|\\^`]/;
/** How many IRIs one request names at most: a page of fifty rows has fewer. */
const MOST = 1000;

const WANTED = (iris: readonly string[]): string => `SELECT ?thing ?label ?type WHERE {
  VALUES ?thing { ${iris.map((iri) => `<${iri}>`).join(" ")} }
  { ?thing <http://www.w3.org/2004/02/skos/core#prefLabel>|<http://www.w3.org/2000/01/rdf-schema#label> ?label }
  UNION { ?thing a ?type }
}`;

export class Labels {
  private readonly held = new Map<string, Known>();

  /** What is known already. */
  get known(): ReadonlyMap<string, Known> {
    return this.held;
  }

  /** What is known of these things. Where the service does not answer, nothing: results are shown with their names. */
  async of(iris: Iterable<string>): Promise<ReadonlyMap<string, Known>> {
    const wanted = [...new Set(iris)].filter((iri) => !UNFIT.test(iri));
    const fresh = wanted.filter((iri) => !this.held.has(iri)).slice(0, MOST);
    if (fresh.length) {
      try {
        this.keep(fresh, await rows(WANTED(fresh)));
      } catch {
        // They are asked for again with the next page.
      }
    }
    return this.held;
  }

  private keep(asked: readonly string[], found: Awaited<ReturnType<typeof rows>>): void {
    const labels = new Map<string, { text: string; rank: number }>();
    const types = new Map<string, string[]>();
    for (const { thing, label, type } of found) {
      const iri = String(thing?.value);
      if (type?.type === "uri") types.set(iri, [...(types.get(iri) ?? []), type.value]);
      if (label?.type !== "literal") continue;
      const language = label["xml:lang"] ?? "";
      const rank = language.startsWith("en") ? 0 : language ? 2 : 1;
      const best = labels.get(iri);
      if (!best || rank < best.rank) labels.set(iri, { text: label.value, rank });
    }
    for (const iri of asked) this.held.set(iri, { label: labels.get(iri)?.text ?? null, types: types.get(iri) ?? [] });
  }
}
