// Names of the graph as SPARQL writes them: short where the short form needs no escapes, whole otherwise.
import table from "../../../../ontology/prefixes.json";
import type { EntityRef } from "../../model";

const PLAIN = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/;

/** Writes names, and remembers which prefixes it used. `id:` is where this service mints names, read off a thing. */
export class Terms {
  private readonly prefixes: Record<string, string>;
  private readonly used = new Set<string>();

  constructor(refs: Iterable<EntityRef>) {
    this.prefixes = { ...table };
    for (const { id, iri } of refs) {
      const name = id.slice(3);
      if (!id.startsWith("id:") || !iri.endsWith(name)) continue;
      this.prefixes["id"] = iri.slice(0, iri.length - name.length);
      break;
    }
  }

  /** A CURIE (`kg:hasMember`) or an IRI as a term. */
  term(name: string): string {
    const cut = name.indexOf(":");
    const [prefix, local] = [name.slice(0, cut), name.slice(cut + 1)];
    const namespace = Object.hasOwn(this.prefixes, prefix) ? this.prefixes[prefix] : undefined;
    if (namespace === undefined || local.startsWith("//")) return iri(name);
    if (!PLAIN.test(local)) return iri(namespace + local);
    this.used.add(prefix);
    return name;
  }

  /** PREFIX lines of what `term` wrote, and of those named here. */
  declarations(...more: readonly string[]): string {
    const names = [...new Set([...this.used, ...more])].sort();
    return names.map((name) => `PREFIX ${name}: <${this.prefixes[name] ?? ""}>`).join("\n");
  }
}

/** An IRI between brackets; what must not stand there is escaped as in an address. */
const iri = (name: string): string => `<${name.replace(/[\u0000-\u0020<>"{}|^`\\]/g, (sign) => encodeURIComponent(sign))}>`;
