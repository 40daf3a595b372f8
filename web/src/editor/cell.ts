// One term for a reader: a label with its short name beside it, a text as it is. All of it is text; links lead to pages
// of this service alone.
import { button, make } from "./make";
import type { Known } from "./labels";
import type { Names } from "./names";
import { isNumber, type Term } from "./terms";

const LONGEST = 600;
/** What has no place to break for so long is broken anywhere. */
const UNBROKEN = /[^\s-]{34}/;
const PLAIN = /#(?:string|langString|boolean|date|dateTime|gYear|gYearMonth)$/;

export function cell(term: Term | undefined, names: Names, known: ReadonlyMap<string, Known>): Node {
  if (!term) return document.createTextNode("");
  if (term.type === "uri") return thing(term.value, names, known);
  if (term.type === "bnode") return make("span", { class: "quiet" }, `_:${term.value}`);
  if (term.type === "triple") {
    const { subject, predicate, object } = term.value;
    const parts = [subject, predicate, object].flatMap((part) => [" ", cell(part, names, known)]);
    return make("span", { class: "triple" }, make("span", { class: "quiet" }, "<<("), ...parts, make("span", { class: "quiet" }, " )>>"));
  }
  const language = term["xml:lang"];
  const kind = language && !language.startsWith("en") ? language : term.datatype && !PLAIN.test(term.datatype) ? names.short(term.datatype) : "";
  const said = isNumber(term) || !kind ? null : make("span", { class: "kind" }, ` ${kind}`);
  return make("span", {}, text(term.value, language), said);
}

export function thing(iri: string, names: Names, known: ReadonlyMap<string, Known>): HTMLElement {
  const label = known.get(iri)?.label;
  const [page, short] = [names.page(iri), names.short(iri)];
  const shown = label ? make("bdi", broken(label), label) : make("bdi", broken(short, "iri"), short);
  const head = page ? make("a", { href: page }, shown) : shown;
  return make("span", {}, head, label ? make("bdi", broken(short, "iri quiet"), short) : null);
}

function text(value: string, language?: string): HTMLElement {
  const shown = make("bdi", { ...(language ? { lang: language } : {}), ...broken(value) }, value);
  if (value.length <= LONGEST) return shown;
  shown.textContent = `${value.slice(0, LONGEST)}…`;
  const more = button(`Show all ${value.length.toLocaleString("en")} characters`, () => {
    shown.textContent = value;
    more.remove();
  });
  return make("span", {}, shown, " ", more);
}

function broken(value: string, look = ""): Record<string, string> {
  const all = [look, UNBROKEN.test(value) ? "long" : ""].filter(Boolean).join(" ");
  return all ? { class: all } : {};
}
