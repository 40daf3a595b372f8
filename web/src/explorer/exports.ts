// Taking the map along: pictures, files, queries, a notebook, a citation. All of it is what the map shows, no more.
import { address } from "../service";
import { fill, h, plural, tool, type Child } from "./dom";
import { bibtex, plain, type Cited } from "./exporting/citation";
import { csv } from "./exporting/csv";
import { graphml } from "./exporting/graphml";
import { copy, save } from "./exporting/handing";
import { notebook } from "./exporting/notebook";
import { rdf, type Syntax } from "./exporting/rdf";
import { selection } from "./exporting/sparql";
import { fileOf, titleOf } from "./exporting/titles";
import type { Room } from "./room";
import { credited, generationOf, lensOf, seen, type Seen } from "./seen";
import { encode, type State } from "./state";

const ICON = "M10 3v9M6 8l4 4 4-4M4 13v4h12v-4";
const TITLE = "Take this map along";

export function mountExports(room: Room): void {
  room.tool("share", tool(TITLE, ICON, () => room.panel(TITLE, body(room)), "e"));
}

/** The address of the map in the very state of the graph that it was drawn from. */
export function lasting(state: State, generation: number | null): string {
  const lens = state.lens["at"] || generation === null ? state.lens : { ...state.lens, at: [String(generation)] };
  const { find: _, ...more } = state.more;
  return `${location.origin}${location.pathname}?${encode({ ...state, lens, more, focus: null })}`;
}

function body(room: Room): HTMLElement {
  const { store, canvas } = room;
  const map = seen(canvas);
  const generation = generationOf(room);
  const title = titleOf(store.state, map.things);
  const file = fileOf(title);
  const where = lasting(store.state, generation);
  const about = [title, `${plural(map.edges.length, "relation")}, seen through ${lensOf(room)}`, `state ${generation ?? "not known"} of the graph; the map: ${where}`];
  const status = h("p", { class: "quiet", role: "status" });
  const light = h("input", { type: "checkbox", id: "export-light" });

  const doing = async (words: string, run: () => Promise<string | void> | string | void): Promise<void> => {
    status.textContent = words;
    try {
      status.textContent = (await run()) ?? "";
    } catch (error) {
      status.textContent = "";
      room.trouble(error, () => void doing(words, run));
    }
  };
  const inLight = async <Made>(make: (dark: boolean) => Made | Promise<Made>): Promise<Made> => {
    const dark = room.dark();
    if (!dark || !light.checked) return await make(dark);
    canvas.look(false);
    try {
      return await make(false);
    } finally {
      canvas.look(true);
    }
  };
  const ofRdf = (syntax: Syntax, ending: string) => async (): Promise<string> => {
    const { text, missing } = await rdf(map, syntax);
    save(`${file}.${ending}`, text, syntax);
    return missing ? `${plural(missing, "claim")} of this map ${missing === 1 ? "is" : "are"} not in it: today's graph does not hold ${missing === 1 ? "it" : "them"} any more.` : `Saved as ${file}.${ending}`;
  };
  const saved = (ending: string, content: Blob | string, type?: string): string => {
    save(`${file}.${ending}`, content, type);
    return `Saved as ${file}.${ending}`;
  };
  const item = (name: string, what: string, run: () => Promise<string | void> | string | void): HTMLElement => {
    const id = `export-${name.toLowerCase().replace(/[^a-z]+/g, "-")}`;
    return h("li", {},
      h("button", { type: "button", "aria-describedby": id, disabled: map.things.length === 0, onclick: () => void doing(`Making ${name} …`, run) }, name),
      h("span", { class: "quiet", id }, what));
  };
  const group = (name: string, ...children: readonly Child[]): HTMLElement => h("section", {}, h("h3", {}, name), ...children);

  return h("div", { class: "exports" },
    h("p", {}, map.things.length ? `${plural(map.things.length, "thing")} and ${plural(map.edges.length, "relation")}, as the map shows them now: what is hidden stays out.` : "The map is empty: put something on it first."),
    status,
    group("Pictures",
      h("ul", {},
        item("PNG", "for a page or a slide", async () => saved("png", await inLight((dark) => canvas.png(dark)))),
        item("SVG", "for print, and to edit", async () => saved("svg", await inLight((dark) => canvas.svg(dark)), "image/svg+xml"))),
      room.dark() && h("label", {}, light, " In light colours, for paper")),
    group("Files",
      h("ul", {},
        item("CSV", "a row for each claim", () => saved("csv", csv(map), "text/csv")),
        item("GraphML", "for Gephi, yEd, networkx", () => saved("graphml", graphml(map, canvas.positions(), about.join(". ")), "application/graphml+xml")),
        item("Turtle", "RDF with the evidence", ofRdf("text/turtle", "ttl")),
        item("JSON-LD", "the same as JSON", ofRdf("application/ld+json", "jsonld")))),
    group("To compute with",
      h("ul", {},
        item("Notebook", "asks the same again in Jupyter", () => saved("ipynb", notebook(store.state, {
          title, address: where, service: location.origin + address("").replace(/\/$/, ""), lens: lensOf(room), generation,
          shown: map.things.map((thing) => thing.id),
          relations: map.edges.map((edge) => [edge.source, edge.predicate, edge.target] as const),
        }), "application/x-ipynb+json"))),
      text("SPARQL that gives these relations", selection(map, about), "sparql")),
    group("To cite", ...citation(room, map, title, where, generation)));
}

function citation(room: Room, map: Seen, title: string, where: string, generation: number | null): HTMLElement[] {
  const cited: Cited = { title, address: where, generation, lens: lensOf(room), day: new Date(), ...credited(map.edges) };
  return [
    h("p", { class: "quiet" }, "The address opens this very state of the graph, also when it has grown."),
    text("As text", plain(cited), "citation"),
    text("As BibTeX", bibtex(cited), "bibtex"),
    text("The address alone", where, "address"),
  ];
}

/** A text that can be read, and copied with one click. */
function text(name: string, content: string, id: string): HTMLElement {
  const held = h("pre", { tabindex: "0", id: `export-${id}`, "aria-label": name, role: "region" }, content);
  const done = h("span", { class: "quiet", role: "status" });
  const button = h("button", { type: "button", "aria-label": `Copy: ${name}`, onclick: async () => {
    if (await copy(content)) fill(done, "Copied");
    else {
      details.open = true;
      getSelection()?.selectAllChildren(held);
      fill(done, "The browser does not let this page copy: it is marked, press Ctrl+C.");
    }
  } }, "Copy");
  const details = h("details", {}, h("summary", {}, name), held);
  return h("div", { class: "text" }, details, button, done);
}
