// A pattern of relations, hop by hop, in plain words: each choice adds a hop; whoever knows the grammar writes it.
import { fill, h } from "./dom";
import { address } from "../service";

interface Relation {
  readonly name: string;
  readonly words: string;
}

export interface Hops {
  readonly element: HTMLElement;
  /** The pattern as `/paths` takes it; empty for any relations. */
  value: string;
}

const QUERY = `SELECT ?relation ?there ?back WHERE {
  ?relation a kg:Relation ; kg:edgeLabel ?there . OPTIONAL { ?relation kg:inverseLabel ?back }
  FILTER(STRSTARTS(STR(?relation), STR(kg:)))
}`;

/** Every relation in both directions, as the graph's own vocabulary words it. Raises nothing: without it one writes. */
async function relations(): Promise<Relation[]> {
  try {
    const answer = await fetch(address("sparql", { query: QUERY }), { headers: { Accept: "application/sparql-results+json" } });
    if (!answer.ok) return [];
    const { results } = (await answer.json()) as { results: { bindings: Record<string, { value: string }>[] } };
    const found = results.bindings.flatMap(({ relation, there, back }) => {
      const name = relation?.value.split(/[#/]/).at(-1) ?? "";
      if (!/^[A-Za-z][\w-]*$/.test(name) || !there) return [];
      const one = { name, words: `${there.value} →` };
      return back && back.value !== there.value ? [one, { name: `^${name}`, words: `${back.value} ←` }] : [one];
    });
    return found.sort((a, b) => a.words.localeCompare(b.words, "en"));
  } catch {
    return [];
  }
}

export function hops(): Hops {
  const text = h("input", { id: "path-pattern", type: "text", maxlength: 1000, spellcheck: "false", autocomplete: "off", placeholder: "any relations" });
  const choice = h("select", { id: "path-hop" }, h("option", { value: "" }, "Choose a relation …"));
  let known: Promise<Relation[]> | null = null;
  const load = async (): Promise<void> => {
    known ??= relations();
    const all = await known;
    if (!all.length) {
      known = null;
      return;
    }
    if (choice.options.length > 1) return;
    fill(choice, h("option", { value: "" }, "Choose a relation …"), ...all.map(({ name, words }) => h("option", { value: name }, words)));
  };
  choice.addEventListener("change", () => {
    if (!choice.value) return;
    text.value = text.value.trim() ? `${text.value.trim()} / ${choice.value}` : choice.value;
    choice.value = "";
  });
  const element = h("details", { class: "hops", ontoggle: () => void load() }, h("summary", {}, "Only over these relations, hop by hop"),
    h("label", { for: "path-hop", class: "above" }, "The next hop"), choice,
    h("label", { for: "path-pattern", class: "above" }, "The whole pattern"), text,
    h("p", { class: "quiet help" }, "A slash between hops, ^ walks a relation backwards, | is or, ? + * and {1,3} repeat. Empty: any relations."));
  return {
    element,
    get value() {
      return text.value.trim();
    },
    set value(pattern: string) {
      text.value = pattern;
      if (pattern) element.open = true;
    },
  };
}
