// What is said when there is no answer: in words, with the place in the query, and what would do.
import { Refused } from "./ask";
import { button, make } from "./make";

const AROUND = 70;

const ADVICE: Readonly<Record<number, string>> = {
  403: "Everything is answered from this graph alone; SERVICE kg:path searches paths in it.",
  429: "The query is kept. Other clients of this service have their turn first.",
  502: "The server that keeps the graph did not answer as it should; ask once more in a moment.",
  503: "A limit ended the work, so nothing is known either way. LIMIT, narrower patterns or fewer OPTIONALs need less.",
};

export function failure(error: unknown, query: string, go: (place: { line: number; column: number }) => void): HTMLElement {
  const said = make("div", { role: "alert", class: "standing failure" });
  if (!(error instanceof Refused)) {
    said.append(make("p", {}, make("strong", {}, "The answer could not be read. "), make("bdi", {}, String(error))));
    return said;
  }
  said.append(make("p", {}, make("strong", {}, `${error.title}. `), make("bdi", {}, sentence(error.detail))));
  if (error.line !== null && error.column !== null) {
    const place = { line: error.line, column: error.column };
    said.append(caret(query, place), button("Go to the place", () => go(place)));
  }
  const advice = error.line === null ? ADVICE[error.status] : undefined;
  const wait = error.retryAfter === null ? "" : `It takes questions again in ${duration(error.retryAfter)}. `;
  if (wait || advice) said.append(make("p", { class: "quiet" }, `${wait}${advice ?? ""}`));
  return said;
}

export function duration(seconds: number): string {
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
}

function sentence(detail: string): string {
  const text = detail.charAt(0).toUpperCase() + detail.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The line with a caret under the place; of a long line what is around it. The words beside say the same. */
function caret(query: string, { line, column }: { line: number; column: number }): HTMLElement {
  const characters = [...(query.split(/\r\n|\r|\n/)[line - 1] ?? "")];
  const begin = Math.max(0, column - 1 - AROUND);
  const before = (begin > 0 ? "…" : "") + characters.slice(begin, column - 1).join("");
  const rest = characters.slice(column - 1, column - 1 + AROUND).join("");
  const gutter = `${line} │ `;
  return make(
    "pre",
    { class: "caret", tabindex: "0", "aria-label": `Line ${line} of the query` },
    make("span", { class: "quiet" }, gutter),
    `${before}${rest}\n`,
    make("span", { class: "unseen", "aria-hidden": "true" }, gutter + before),
    make("span", { class: "sign", "aria-hidden": "true" }, "^"),
  );
}
