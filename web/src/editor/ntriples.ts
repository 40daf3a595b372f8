// Reads N-Triples with the triple terms of RDF 1.2, as this service writes them.
import type { Term, Triple } from "./terms";

const TOKEN =
  /\s+|#[^\n]*|<<\(|\)>>|<([^>]*)>|_:([^\s.]+(?:\.[^\s.]+)*)|"([^"\\]*(?:\\.[^"\\]*)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?|\./gy;
const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g;
const SHORT: Readonly<Record<string, string>> = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(ESCAPE, (_, four?: string, eight?: string, sign?: string) => {
    const code = four ?? eight;
    return code ? String.fromCodePoint(parseInt(code, 16)) : (SHORT[sign ?? ""] ?? sign ?? "");
  });
}

/** The triples of a document in their order. Raises SyntaxError where it is none. */
export function parsed(text: string): Triple[] {
  const triples: Triple[] = [];
  const open: Term[][] = [];
  let terms: Term[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (!found) throw new SyntaxError(`no term of N-Triples at character ${at}`);
    const [token, iri, blank, value, language, datatype] = found;
    if (iri !== undefined) terms.push({ type: "uri", value: unescaped(iri) });
    else if (blank !== undefined) terms.push({ type: "bnode", value: blank });
    else if (value !== undefined) {
      terms.push({
        type: "literal",
        value: unescaped(value),
        ...(language ? { "xml:lang": language } : {}),
        ...(datatype ? { datatype } : {}),
      });
    } else if (token === "<<(") {
      open.push(terms);
      terms = [];
    } else if (token === ")>>") {
      const outer = open.pop();
      if (!outer) throw new SyntaxError(`a triple term ends at character ${at} that did not begin`);
      outer.push({ type: "triple", value: triple(terms) });
      terms = outer;
    } else if (token === ".") {
      triples.push(triple(terms));
      terms = [];
    }
  }
  if (terms.length || open.length) throw new SyntaxError("the document ends within a triple");
  return triples;
}

function triple(terms: readonly Term[]): Triple {
  const [subject, predicate, object] = terms;
  if (!subject || !predicate || !object || terms.length !== 3) throw new SyntaxError("a triple has three terms");
  return { subject, predicate, object };
}
