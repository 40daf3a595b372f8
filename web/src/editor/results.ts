// What came back, in the ways it can be looked at.
import { file, text, type Answer } from "./ask";
import { drawing } from "./drawing";
import type { Labels } from "./labels";
import { make } from "./make";
import type { Names } from "./names";
import { Table } from "./table";
import { Tabs } from "./tabs";
import type { Row } from "./terms";

const PANEL = "answer";
/** By the service's names, how each is called. */
const FILES: Readonly<Record<"rows" | "graph", Readonly<Record<string, string>>>> = {
  rows: { csv: "CSV", tsv: "TSV", json: "JSON" },
  graph: { turtle: "Turtle", jsonld: "JSON-LD", ntriples: "N-Triples" },
};
const SUFFIX: Readonly<Record<string, string>> = { turtle: "ttl", ntriples: "nt" };

export function results(answer: Answer, query: string, names: Names, labels: Labels): HTMLElement {
  const said = make("p", { class: "quiet", role: "status" }, summary(answer));
  if (answer.kind === "boolean") {
    return make("div", {}, make("p", { class: "standing" }, answer.value ? "Yes" : "No"), said);
  }
  if (answer.kind === "rows") {
    const table = answer.rows.length ? new Table(answer.variables, answer.rows, names, labels).element : none("rows");
    return make("div", {}, bar(said, answer, query), table);
  }
  if (!answer.triples.length) return make("div", {}, said, none("triples"));
  return graph(answer, bar(said, answer, query), query, names, labels);
}

/** The ways to look at a graph, each made when it is first chosen. */
function graph(
  answer: Answer & { kind: "graph" },
  head: HTMLElement,
  query: string,
  names: Names,
  labels: Labels,
): HTMLElement {
  const panel = make("div", { id: PANEL, role: "tabpanel" });
  const made = new Map<string, Promise<HTMLElement>>();
  const ways: Record<string, () => Promise<HTMLElement>> = {
    Graph: () => drawing(answer.triples, names, labels),
    Table: () => {
      const rows = answer.triples.map((triple): Row => ({ ...triple }));
      return Promise.resolve(new Table(["subject", "predicate", "object"], rows, names, labels).element);
    },
    Turtle: async () => make("pre", { tabindex: "0", "aria-label": "Turtle" }, await text(query, "text/turtle")),
  };
  const tabs = new Tabs<string>("Ways to look at the graph", PANEL, (way) => {
    const shown = made.get(way) ?? ways[way]?.() ?? Promise.resolve(make("p"));
    made.set(way, shown);
    panel.setAttribute("aria-label", way);
    panel.replaceChildren(make("p", { class: "quiet" }, "…"));
    const show = (element: HTMLElement): void => {
      if (panel.getAttribute("aria-label") === way) panel.replaceChildren(element);
    };
    shown.then(show, (error: unknown) => {
      made.delete(way);
      show(make("p", { class: "standing", role: "alert" }, error instanceof Error ? error.message : String(error)));
    });
  });
  for (const way of Object.keys(ways)) tabs.add(way, way);
  tabs.choose("Graph");
  return make("div", {}, head, tabs.element, panel);
}

function bar(said: HTMLElement, answer: Answer & { kind: "rows" | "graph" }, query: string): HTMLElement {
  const links = Object.entries(FILES[answer.kind]).flatMap(([format, name]) => {
    const href = file(query, format);
    return href ? [" ", make("a", { href, download: `answer.${SUFFIX[format] ?? format}` }, name)] : [];
  });
  return make("div", { class: "row" }, said, links.length ? make("span", { class: "quiet files" }, "As a file:", ...links) : null);
}

function none(what: string): HTMLElement {
  return make("p", { class: "standing" }, `No ${what}: nothing in the graph fits the query as it stands.`);
}

function summary(answer: Answer): string {
  const time = answer.ms < 1000 ? `${Math.round(answer.ms)} ms` : `${(answer.ms / 1000).toFixed(1)} s`;
  const stopped = answer.verdicts.includes("stopped") ? " · a limit ended a path search: what is missing may be there" : "";
  if (answer.kind === "boolean") return `Answered in ${time}${stopped}`;
  const [count, one] = answer.kind === "rows" ? [answer.rows.length, "row"] : [answer.triples.length, "triple"];
  return `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"} in ${time}${stopped}`;
}
