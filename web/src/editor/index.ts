// The page at /sparql: it takes the place of the plain form, from which it has its examples, prefixes and query.
import "./editor.css";
import type { EditorState } from "@codemirror/state";
import { ask, Refused } from "./ask";
import { duration, failure } from "./failure";
import { Labels } from "./labels";
import { button, make } from "./make";
import { asked, given, linkTo } from "./page";
import { results } from "./results";
import { Tabs } from "./tabs";
import { Vocabulary } from "./vocabulary";
import { Writing } from "./writing";

/** A query with what came of it. An example keeps its text, so that it can be put back. */
interface Sheet {
  comment: string;
  example: string | null;
  state: EditorState;
  answer: HTMLElement | null;
}

const PANEL = "sheet";
const BLANK = "SELECT * WHERE {\n  \n}\nLIMIT 50";

function start(plain: HTMLElement): void {
  const { examples, names, query } = given();
  const labels = new Labels();
  const host = make("div", { class: "writing" });
  const writing = new Writing(host, new Vocabulary(names), names.prefixes, () => void run());
  const comment = make("p", { class: "quiet comment" });
  const outcome = make("div", { class: "outcome" });
  const go = make("button", { type: "button" }, "Ask");
  const stop = button("Stop", () => under?.abort());
  const reset = button("Put the example back", () => {
    if (now.example !== null) writing.query = now.example;
    writing.focus();
  });
  const close = button("Close this tab", () => closed());
  const copied = make("span", { role: "status", class: "quiet" });
  const copy = button("Copy link", () => void copyLink());
  let under: AbortController | null = null;
  let until = 0; // when the service takes questions again

  const tabs = new Tabs<Sheet>("Queries", PANEL, (sheet) => show(sheet));
  const sheets: Sheet[] = examples.map((example) => ({
    comment: example.comment,
    example: example.query,
    state: writing.fresh(example.query),
    answer: null,
  }));
  sheets.forEach((sheet, index) => tabs.add(sheet, examples[index]?.title ?? ""));
  let number = 0; // of queries of the reader's own
  let now: Sheet = sheets[0] ?? blank(BLANK);

  function blank(text: string): Sheet {
    const sheet: Sheet = { comment: "A query of your own.", example: null, state: writing.fresh(text), answer: null };
    number += 1;
    sheets.push(sheet);
    tabs.add(sheet, `Query ${number}`);
    return sheet;
  }

  function show(sheet: Sheet): void {
    if (sheet !== now) {
      under?.abort();
      now.state = writing.state;
      now = sheet;
      writing.show(sheet.state);
    }
    comment.textContent = sheet.comment;
    reset.hidden = sheet.example === null;
    close.hidden = sheet.example !== null;
    copied.textContent = "";
    outcome.replaceChildren(...(sheet.answer ? [sheet.answer] : []));
  }

  function closed(): void {
    const gone = now;
    const at = sheets.indexOf(gone);
    if (sheets.length === 1) blank(BLANK);
    sheets.splice(at, 1);
    tabs.remove(gone);
    const next = sheets[Math.max(0, at - 1)];
    if (next) tabs.choose(next);
    tabs.focus();
  }

  /** Opens a query of the address: in the tab of the example it is, or in one of its own. */
  function open(text: string): void {
    const held = sheets.find((sheet) => (sheet === now ? writing.query : sheet.state.doc.toString()) === text);
    tabs.choose(held ?? blank(text));
  }

  function address(): void {
    const link = linkTo(writing.query);
    if (link !== location.href) history.pushState(null, "", link);
  }

  async function copyLink(): Promise<void> {
    address();
    try {
      await navigator.clipboard.writeText(location.href);
      copied.textContent = "The link to this query is copied.";
    } catch {
      copied.textContent = "The link to this query stands in the address bar.";
    }
  }

  function busy(on: boolean): void {
    stop.hidden = !on;
    go.disabled = on || until > Date.now();
    outcome.setAttribute("aria-busy", String(on));
  }

  function pause(seconds: number): void {
    until = Date.now() + seconds * 1000;
    const tick = (): void => {
      const left = Math.ceil((until - Date.now()) / 1000);
      go.disabled = left > 0;
      go.textContent = left > 0 ? `Ask (in ${duration(left)})` : "Ask";
      if (left > 0) setTimeout(tick, 250);
    };
    tick();
  }

  async function run(remember = true): Promise<void> {
    if (until > Date.now()) return;
    under?.abort();
    if (!writing.query.trim()) {
      outcome.replaceChildren(make("p", { role: "alert", class: "standing" }, "There is no query yet."));
      return;
    }
    const mine = new AbortController();
    const sheet = now;
    const text = writing.query;
    under = mine;
    if (remember) address();
    writing.mark(null);
    busy(true);
    outcome.replaceChildren(make("p", { class: "quiet", role: "status" }, "Asking …"));
    try {
      sheet.answer = results(await ask(text, mine.signal), text, names, labels);
    } catch (error) {
      if (mine.signal.aborted) sheet.answer = make("p", { class: "quiet", role: "status" }, "Stopped: the answer was not waited for.");
      else sheet.answer = failure(error, text, (place) => writing.go(place));
      if (error instanceof Refused) {
        if (now === sheet && error.line !== null && error.column !== null) writing.mark({ line: error.line, column: error.column });
        if (error.status === 429) pause(error.retryAfter ?? 5);
      }
    }
    if (under !== mine) return;
    under = null;
    busy(false);
    if (now === sheet) outcome.replaceChildren(sheet.answer);
  }

  go.addEventListener("click", () => void run());
  const add = button("New query", () => {
    tabs.choose(blank(BLANK));
    writing.focus();
  });
  const keys = make("span", { class: "quiet keys" }, make("kbd", {}, "Ctrl"), " ", make("kbd", {}, "Enter"), " asks, ", make("kbd", {}, "Ctrl"), " ", make("kbd", {}, "Space"), " completes");
  const sheetElement = make(
    "div",
    { id: PANEL, role: "tabpanel", "aria-label": "Query and answer" },
    comment,
    host,
    make("div", { class: "row" }, go, stop, copy, reset, close, copied, keys),
    outcome,
  );
  plain.replaceWith(make("div", { class: "asking" }, make("div", { class: "sheets" }, tabs.element, add), sheetElement));
  stop.hidden = true;
  writing.show(now.state);
  tabs.choose(now);
  const opened = (text: string | null): void => {
    if (text === null) return;
    open(text);
    void run(false);
  };
  if (query !== null && location.search) history.replaceState(null, "", linkTo(query));
  opened(query);
  addEventListener("popstate", () => opened(asked()));
}

const plain = document.getElementById("plain");
if (plain) start(plain);
