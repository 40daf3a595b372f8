// How to cite a map: which graph, in which state, through which lens, whose words, and the address that opens it again.
import type { EntityRef } from "../../model";

export interface Cited {
  readonly title: string;
  readonly address: string;
  readonly generation: number | null;
  readonly lens: string;
  readonly day: Date;
  readonly speakers: readonly EntityRef[];
  readonly articles: readonly EntityRef[];
}

const MOST_NAMED = 8;

function named(refs: readonly EntityRef[]): string {
  const first = refs.slice(0, MOST_NAMED).map((ref) => ref.label).join(", ");
  return refs.length > MOST_NAMED ? `${first} and ${refs.length - MOST_NAMED} more` : first;
}

const date = (day: Date): string => day.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
const iso = (day: Date): string =>
  [day.getFullYear(), String(day.getMonth() + 1).padStart(2, "0"), String(day.getDate()).padStart(2, "0")].join("-");

function standing({ generation, lens, speakers, articles }: Cited): string[] {
  return [
    `Claims of named sources, not findings of the graph; seen through ${lens}`,
    generation === null ? "" : `state ${generation} of the graph`,
    speakers.length ? `said by: ${named(speakers)}` : "",
    articles.length ? `read in: ${named(articles)}` : "",
  ].filter(Boolean);
}

/** One paragraph of plain text. */
export function plain(cited: Cited): string {
  return `${cited.title} [map]. kgraph, a graph of attributed claims. ${standing(cited).join("; ")}. Seen on ${date(cited.day)}: ${cited.address}`;
}

/** An entry for BibTeX and biblatex. */
export function bibtex(cited: Cited): string {
  const month = cited.day.toLocaleDateString("en", { month: "short" }).toLowerCase();
  const fields = {
    title: `{${tex(cited.title)}}`,
    howpublished: "Map of kgraph, a graph of attributed claims",
    note: tex(standing(cited).join("; ")),
    year: String(cited.day.getFullYear()),
    url: cited.address.replace(/[{}\\]/g, (sign) => encodeURIComponent(sign)),
    urldate: iso(cited.day),
  };
  const lines = Object.entries(fields).map(([name, value]) => `  ${name} = {${value}},`);
  lines.splice(4, 0, `  month = ${month},`);
  return `@misc{kgraph-${cited.generation ?? "map"}-${iso(cited.day)},\n${lines.join("\n")}\n}\n`;
}

const TEX: Record<string, string> = {
  "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
  "&": "\\&", "%": "\\%", $: "\\$", "#": "\\#", _: "\\_",
};

const tex = (text: string): string => text.replace(/\s+/g, " ").replace(/[\\{}~^&%$#_]/g, (sign) => TEX[sign] ?? sign);
