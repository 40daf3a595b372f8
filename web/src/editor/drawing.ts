// Triples as a map, on the canvas that the explorer draws on. It is fetched when it is first wanted.
import type { Edge } from "../model";
import { thing as named } from "./cell";
import type { Known, Labels } from "./labels";
import { button, make } from "./make";
import type { Names } from "./names";
import { irisOf, keyOf, type Term, type Triple } from "./terms";

const LABELS = new Set(["http://www.w3.org/2004/02/skos/core#prefLabel", "http://www.w3.org/2000/01/rdf-schema#label"]);
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

interface Shown {
  id: string;
  iri: string;
  label: string;
  type: string;
  type_label: string;
}

/** Things and relations of a graph: labels and types become those of things, every other triple a line. */
export function mapped(
  triples: readonly Triple[],
  names: Names,
  known: ReadonlyMap<string, Known>,
): { things: Shown[]; edges: Edge[] } {
  const labels = new Map<string, string>();
  const types = new Map<string, string>();
  for (const { subject, predicate, object } of triples) {
    const about = keyOf(subject);
    if (LABELS.has(String(predicate.value)) && object.type === "literal" && !labels.has(about)) labels.set(about, object.value);
    if (predicate.value === TYPE && object.type === "uri") types.set(about, names.short(object.value));
  }
  const things = new Map<string, Shown>();
  const take = (term: Term): string => {
    const id = keyOf(term);
    const held = term.type === "uri" ? known.get(term.value) : undefined;
    const type = types.get(id) ?? best(held?.types ?? [], names);
    const label = labels.get(id) ?? held?.label ?? written(term, names);
    if (!things.has(id)) things.set(id, { id, iri: term.type === "uri" ? term.value : "", label, type, type_label: "" });
    return id;
  };
  const edges = triples.flatMap(({ subject, predicate, object }): Edge[] => {
    const source = take(subject);
    if (LABELS.has(String(predicate.value)) && labels.has(source) && object.type === "literal") return [];
    if (predicate.value === TYPE) return [];
    const relation = String(predicate.value);
    const name = known.get(relation)?.label ?? names.short(relation).replace(/^.*[:/#]/, "");
    return [{ source, predicate: relation, predicate_label: name, target: take(object), forward: true, claims: [] }];
  });
  return { things: [...things.values()], edges };
}

/** A type of kgraph's own, where a thing has one: colour and shape go by it. */
function best(types: readonly string[], names: Names): string {
  const short = types.map((type) => names.short(type));
  return short.find((type) => type.startsWith("kg:")) ?? short[0] ?? "";
}

function written(term: Term, names: Names): string {
  if (term.type === "uri") return names.short(term.value);
  if (term.type === "literal") return `“${term.value}”`;
  if (term.type === "bnode") return `_:${term.value}`;
  return `<<( ${[term.value.subject, term.value.predicate, term.value.object].map((part) => written(part, names)).join(" ")} )>>`;
}

export async function drawing(triples: readonly Triple[], names: Names, labels: Labels): Promise<HTMLElement> {
  const [{ Canvas, MOST_LAID_OUT }, known] = await Promise.all([
    import("../graph/canvas"),
    labels.of(triples.flatMap((triple) => irisOf({ type: "triple", value: triple }))),
  ]);
  const { things, edges } = mapped(triples, names, known);
  if (things.length > MOST_LAID_OUT) {
    const count = things.length.toLocaleString("en");
    return make("p", { class: "standing" }, `${count} things are too many to draw (at most ${MOST_LAID_OUT.toLocaleString("en")}): the table has them all. A LIMIT or narrower patterns make a smaller graph.`);
  }
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const said = `A map of ${things.length} things and ${edges.length} relations; the table says the same.`;
  const map = make("div", { class: "map", role: "img", "aria-label": said });
  const chosen = make("p", { class: "quiet chosen", role: "status" }, "A click on a thing names it here.");
  const controls = make("div", { class: "row" }, chosen);
  requestAnimationFrame(() => void drawn()); // in the page by then: a map without a size cannot be laid out
  return make("div", {}, map, controls);

  async function drawn(): Promise<void> {
    const told = (id: string | null): void => {
      const found = things.find((one) => one.id === id);
      if (found) chosen.replaceChildren(found.iri ? named(found.iri, names, known) : make("bdi", {}, found.label));
    };
    const canvas = new Canvas(map, { node: told }, dark.matches);
    dark.addEventListener("change", () => canvas.look(dark.matches));
    controls.append(
      button("Fit", () => canvas.fit()),
      button("Save as PNG", () => void canvas.png(dark.matches).then((picture) => save(picture, "graph.png"))),
      button("Save as SVG", () => save(new Blob([canvas.svg(dark.matches)], { type: "image/svg+xml" }), "graph.svg")),
    );
    await canvas.add(things, edges);
    canvas.core.edges().data({ plain: true, width: 1.5 }); // triples of an answer are no claims, of no modality
  }
}

function save(blob: Blob, name: string): void {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
