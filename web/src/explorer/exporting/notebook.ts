// The map as a notebook: the same questions, asked with `kgraph.client`, and the graph they give, ready to compute with.
import { PAGE } from "../replay";
import type { State, Step } from "../state";

/** Lens values that the client takes as one value, not as a list. */
const SINGLE = new Set(["valid_from", "valid_until", "published_until", "at"]);
const NUMBERS = new Set(["min_sources", "min_confidence", "k", "min_hops", "max_hops", "avoid_hubs", "max_edges", "max_ms", "limit"]);
const SEVERAL = new Set(["predicate", "avoid", "avoid_type", "via"]);

interface Cell {
  cell_type: "markdown" | "code";
  id: string;
  metadata: Record<string, never>;
  source: string[];
  execution_count?: null;
  outputs?: never[];
}

export interface About {
  readonly title: string;
  readonly address: string;
  readonly service: string;
  readonly lens: string;
  readonly generation: number | null;
  /** Ids of all that is on the map: what the steps bring besides (taken off, or hidden) is dropped. */
  readonly shown: readonly string[];
  /** Relations on the map as [subject, predicate, object]. */
  readonly relations: readonly (readonly [string, string, string])[];
}

/** A notebook (nbformat 4.5) as JSON. */
export function notebook(state: State, about: About): string {
  const steps = state.steps.flatMap((step) => lines(step));
  const cells = [
    markdown("about", [
      `# ${oneLine(about.title)}`,
      "",
      "A map of kgraph: what sources say, each relation with who says it. It says nothing about what is true.",
      "",
      `- seen through: ${oneLine(about.lens)}`,
      `- state of the graph: ${about.generation ?? "not known"}`,
      `- the map itself: <${about.address}>`,
    ]),
    markdown("setup", ["Needs the client: `pip install 'kgraph-claims[notebook]'`."]),
    code("client", [
      "import networkx as nx",
      "",
      "from kgraph.client import Client",
      "",
      `client = Client(${python(about.service)})`,
      `lens = ${lens(state)}`,
    ]),
    markdown("steps", ["The steps of the map, in their order."]),
    code("map", ["parts = []", "", ...steps, "whole = nx.compose_all(parts) if parts else nx.MultiDiGraph()"]),
    markdown("kept", ["What was taken off or hidden on the map is left out here too."]),
    code("same", [
      `shown = ${list(about.shown)}`,
      `relations = {`,
      ...about.relations.map((relation) => `    (${relation.map(python).join(", ")}),`),
      "}",
      'edges = [(a, b, key) for a, b, key, held in whole.edges(keys=True, data=True) if (a, held["predicate"], b) in relations]',
      "graph = nx.MultiDiGraph()",
      "graph.add_nodes_from((node, whole.nodes[node]) for node in shown if node in whole)",
      "graph.add_edges_from((a, b, key, whole.edges[a, b, key]) for a, b, key in edges)",
      "print(graph)",
    ]),
    code("read", [
      "for a, b, claim, held in graph.edges(keys=True, data=True):",
      '    said = held.get("said_by_label") or held.get("said_by") or "nobody named"',
      '    print(graph.nodes[a]["label"], held["label"], graph.nodes[b]["label"], "| says", said, "|", claim)',
    ]),
  ];
  const metadata = {
    kernelspec: { display_name: "Python 3", language: "python", name: "python3" },
    language_info: { name: "python" },
  };
  return `${JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }, null, 1)}\n`;
}

function lines(step: Step): string[] {
  if (step.kind === "near") {
    const options = [
      `hops=1, limit=${PAGE}`,
      ...(step.predicate ? [`predicate=${python(step.predicate)}`] : []),
      ...(step.direction ? [`direction=${python(step.direction === "out" ? "forward" : "backward")}`] : []),
    ].join(", ");
    return [
      `answer = client.neighbourhood(${python(step.id)}, ${options}, **lens)`,
      "parts.append(answer.to_networkx())",
      ...((step.pages ?? 1) > 1
        ? [
            `for _ in range(${(step.pages ?? 1) - 1}):  # "more" was asked for`,
            "    if not answer.again:",
            "        break",
            "    answer = client.neighbourhood(**answer.again)",
            "    parts.append(answer.to_networkx())",
          ]
        : []),
      "",
    ];
  }
  if (step.kind === "alone") {
    return [`parts.append(client.neighbourhood(${python(step.id)}, hops=0, **lens).to_networkx())`, ""];
  }
  const { rows, ...options } = step.options;
  if (step.ids.length > 2) {
    const hops = options["max_hops"] ? `, max_hops=${Number(options["max_hops"])}` : "";
    return [`parts.append(client.connect(${list(step.ids)}${hops}, **lens).to_networkx())`, ""];
  }
  const given = Object.entries(options).map(([name, value]) => `${identifier(name)}=${option(name, value)}`);
  const [source = "", target = ""] = step.ids;
  const asked = [python(source), python(target), ...given, "**lens"].join(", ");
  return [
    `answer = client.paths(${asked})`,
    `# ${rows ? "these of its paths are on the map" : "all of its paths are on the map"}`,
    `print(*[path["sentence"] for path in answer["paths"]], sep="\\n")`,
    "parts.append(answer.to_networkx())",
    'things = [*answer["source"], *answer["target"]]  # they stand on the map, connected or not',
    'parts[-1].add_nodes_from((one["id"], {"label": one["label"], "type": one["type_label"], "iri": one["iri"]}) for one in things)',
    "",
  ];
}

function option(name: string, value: string): string {
  if (SEVERAL.has(name)) return list(value.split(","));
  return NUMBERS.has(name) && value.trim() !== "" && Number.isFinite(Number(value)) ? String(Number(value)) : python(value);
}

function lens(state: State): string {
  const given = Object.entries(state.lens).map(([name, values]) => {
    const [first = ""] = values;
    if (NUMBERS.has(name) || (name === "at" && /^\d+$/.test(first))) return `${python(name)}: ${option("k", first)}`;
    return `${python(name)}: ${SINGLE.has(name) ? python(first) : list(values)}`;
  });
  return `{${given.join(", ")}}`;
}

/** Names of the address become names of arguments only where they can be such. */
const identifier = (name: string): string => name.replace(/\W/g, "_");

const list = (values: readonly string[]): string => `[${values.map(python).join(", ")}]`;

/** A text as Python writes it: JSON's escapes are Python's, but for what stands outside of ASCII as two halves. */
function python(text: string): string {
  const escaped = JSON.stringify(text.replace(/\p{Surrogate}/gu, "\ufffd"));
  return escaped.replace(/[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>#|]/g, "\\$&");

const rowsOf = (text: readonly string[]): string[] => text.map((line, index) => (index < text.length - 1 ? `${line}\n` : line));

const markdown = (id: string, text: readonly string[]): Cell => ({ cell_type: "markdown", id, metadata: {}, source: rowsOf(text) });

const code = (id: string, text: readonly string[]): Cell => ({
  cell_type: "code", id, metadata: {}, source: rowsOf(text), execution_count: null, outputs: [],
});
