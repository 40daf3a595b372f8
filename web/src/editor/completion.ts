// What the editor offers while a query is typed: prefixes, classes, properties and codes, things, variables, keywords.
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import { make } from "./make";
import type { Vocabulary, Word } from "./vocabulary";

const KEYWORDS = (
  "SELECT CONSTRUCT DESCRIBE ASK WHERE FILTER OPTIONAL UNION MINUS GRAPH VALUES BIND SERVICE DISTINCT REDUCED LIMIT OFFSET " +
  "FROM NAMED PREFIX BASE HAVING EXISTS COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT STR LANG DATATYPE REGEX CONTAINS STRSTARTS " +
  "COALESCE IF BOUND"
)
  .split(" ")
  .concat(["ORDER BY", "GROUP BY", "NOT EXISTS", "NOT IN"]);
const AFTER_TYPE = /(?:\ba|\brdf:type)\s+[\w:.-]*$/;
const DECLARED = /\bPREFIX\s+([\w.-]*):\s*<([^>]*)>/gi;

export function completion(
  vocabulary: Vocabulary,
  prefixes: ReadonlyMap<string, string>,
): (context: CompletionContext) => Promise<CompletionResult | null> {
  return async (context) => {
    const inside = syntaxTree(context.state).resolveInner(context.pos, -1).name;
    if (inside === "comment" || inside === "string") return null;

    const declaring = context.matchBefore(/\bPREFIX\s+[\w.-]*:?/i);
    if (declaring) {
      const from = declaring.from + (/^\S+\s+/.exec(declaring.text)?.[0].length ?? 0);
      return { from, options: [...prefixes].map(([name, namespace]) => declaration(name, namespace)), validFor: /^[\w.-]*:?$/ };
    }
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) return { from: variable.from, options: variables(context, variable.from), validFor: /^[?$]\w*$/ };

    const name = context.matchBefore(/[A-Za-z][\w.-]*(?::[\w.-]*)?/);
    if (!name && !context.explicit) return null;
    const from = name?.from ?? context.pos;
    const typed = name?.text ?? "";
    const [prefix = "", local] = typed.split(":");
    const here = new Map([...prefixes, ...declared(context)]);
    if (local !== undefined && here.get(prefix) === prefixes.get("id")) return things(context, vocabulary, prefix, local, from);

    const line = context.state.doc.lineAt(context.pos);
    const wantsClass = AFTER_TYPE.test(line.text.slice(0, context.pos - line.from));
    const words = await vocabulary.words().catch(() => []);
    if (context.aborted) return null;
    const options = words.flatMap((word) => known(word, here, prefixes, wantsClass));
    if (local !== undefined) {
      const fitting = options.filter((option) => option.label.startsWith(`${prefix}:`));
      return fitting.length ? { from, options: fitting, validFor: /^[A-Za-z][\w.-]*:[\w.-]*$/ } : null;
    }
    const plain = KEYWORDS.map((label): Completion => ({ label, type: "keyword", boost: wantsClass ? -20 : 5 }));
    const begun = [...here.keys()].map((one): Completion => ({ label: `${one}:`, detail: here.get(one) ?? "", boost: 2 }));
    return { from, options: [...plain, ...begun, ...options], validFor: /^[A-Za-z][\w.-]*$/ };
  };
}

function declaration(name: string, namespace: string): Completion {
  return { label: `${name}:`, detail: namespace, apply: `${name}: <${namespace}>\n` };
}

/** The prefixes that the query itself declares. */
function declared(context: CompletionContext): [string, string][] {
  return [...context.state.doc.toString().matchAll(DECLARED)].map(([, name = "", namespace = ""]) => [name, namespace]);
}

function variables(context: CompletionContext, from: number): Completion[] {
  const text = context.state.doc.toString();
  const found = [...text.matchAll(/[?$]\w+/g)].filter((one) => one.index !== from).map(([name]) => name);
  return [...new Set(found)].map((label) => ({ label, type: "variable" }));
}

/** A word under the prefix that the query gives its namespace. */
function known(
  word: Word,
  here: ReadonlyMap<string, string>,
  ours: ReadonlyMap<string, string>,
  wantsClass: boolean,
): Completion[] {
  const [prefix = "", local = ""] = word.curie.split(":");
  const namespace = ours.get(prefix);
  const names = [...here].filter(([, one]) => one === namespace).map(([name]) => name);
  const boost = wantsClass === (word.kind === "class") ? 10 : 0;
  return names.map((name) => ({
    label: `${name}:${local}`,
    detail: [word.label, word.kind].filter(Boolean).join(" · "),
    boost,
    ...(word.comment ? { info: () => make("bdi", {}, word.comment) } : {}),
  }));
}

async function things(
  context: CompletionContext,
  vocabulary: Vocabulary,
  prefix: string,
  begun: string,
  from: number,
): Promise<CompletionResult | null> {
  const stop = new AbortController();
  context.addEventListener("abort", () => stop.abort(), { onDocChange: true });
  const found = await vocabulary.things(begun, stop.signal).catch(() => []);
  if (context.aborted || !found.length) return null;
  const options = found.map((thing, index) => ({
    label: `${prefix}:${thing.id.slice(3)}`,
    detail: `${thing.label} · ${thing.type_label}`,
    boost: -index, // the search's own order
  }));
  return { from, options, filter: false }; // the search forgives typos, which a filter would not
}
