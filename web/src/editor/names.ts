// IRIs as names: prefix and local part, the pages of this service, labels.
import { root } from "../service";

const LOCAL = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u;

/** What stands below a namespace of ours has a page here: by prefix, the address it begins with. */
const PAGES: Readonly<Record<string, string>> = { id: "id/", kg: "ns#", kgs: "scheme/" };

export class Names {
  private readonly longestFirst: readonly (readonly [string, string])[];

  /** `prefixes` are those that need no declaration here. */
  constructor(readonly prefixes: ReadonlyMap<string, string>) {
    this.longestFirst = [...prefixes].sort((one, other) => other[1].length - one[1].length);
  }

  /** `id:ioc`, or null where no prefix fits. */
  curie(iri: string): string | null {
    const found = this.longestFirst.find(([, namespace]) => iri.startsWith(namespace));
    if (!found) return null;
    const local = iri.slice(found[1].length);
    return LOCAL.test(local) && !local.endsWith(".") ? `${found[0]}:${local}` : null;
  }

  /** How an IRI is shown where it has no label. */
  short(iri: string): string {
    return this.curie(iri) ?? iri;
  }

  /** The page of this service about an IRI; null where there is none: nothing else is ever a link. */
  page(iri: string): string | null {
    const curie = this.curie(iri);
    const [prefix = "", local = ""] = curie ? [curie.slice(0, curie.indexOf(":")), curie.slice(curie.indexOf(":") + 1)] : [];
    const place = PAGES[prefix];
    return place ? `${root()}/${place}${encodeURIComponent(local)}` : null;
  }
}
