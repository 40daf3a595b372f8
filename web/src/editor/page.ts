// What the page without script says, taken from there: the examples, the prefixes, the query that was asked.
import { Names } from "./names";

export interface Example {
  title: string;
  comment: string;
  query: string;
}

export interface Given {
  examples: readonly Example[];
  names: Names;
  /** The query of the address (`#query=` of ours, `?query=` of a form or a link), or null. */
  query: string | null;
}

export function given(): Given {
  const prefixes = new Map<string, string>();
  for (const term of document.querySelectorAll("#prefixes dt")) {
    const prefix = (term.textContent ?? "").trim().replace(/:$/, "");
    prefixes.set(prefix, (term.nextElementSibling?.textContent ?? "").trim());
  }
  const examples = [...document.querySelectorAll<HTMLAnchorElement>("#examples li > a")].map((link) => ({
    title: link.textContent ?? "",
    comment: (link.nextSibling?.textContent ?? "").replace(/^:/, "").trim(),
    query: new URL(link.href).searchParams.get("query") ?? "",
  }));
  return { examples, names: new Names(prefixes), query: asked() };
}

/** The query in the address. It stands behind the #, so a link to it is opened at once and asked by the page itself. */
export function asked(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get("query") ?? new URLSearchParams(location.search).get("query");
}

/** The address that opens this query, here or anywhere. */
export function linkTo(query: string): string {
  return `${location.origin}${location.pathname}#${new URLSearchParams({ query })}`;
}
