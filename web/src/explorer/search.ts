// The search box: asks while one types, takes aliases and typos (the service does), walks by arrows. The pattern is the
// combobox with a list of ARIA.
import { familyOf } from "../graph/families";
import type { Hit, SearchResult } from "../model";
import { get, ServiceError } from "../service";
import { bdi, byId, fill, h, type Child } from "./dom";
import { mark } from "./mark";
import type { Room } from "./room";

const PAUSE_MS = 80;
const MOST = 8;

/** A type's badge: the colour and shape of its family, and its name. */
export function badge(type: string, label: string): HTMLElement {
  return h("span", { class: "badge" }, mark(familyOf(type)), label);
}

/** Wires a search box: `input` and an empty `list` beside it. `chosen` gets what the reader takes. */
export function combobox(input: HTMLInputElement, list: HTMLElement, chosen: (hit: Hit) => void): void {
  let hits: readonly Hit[] = [];
  let at = -1;
  let pause = 0;
  let asking: AbortController | null = null;
  const row = (index: number): string => `${list.id}-${index}`;

  const close = (): void => {
    clearTimeout(pause);
    asking?.abort();
    asking = null;
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const open = (...rows: readonly Child[]): void => {
    fill(list, ...rows);
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };
  const mark = (index: number): void => {
    at = index;
    list.querySelectorAll("[role=option]").forEach((option, place) => {
      option.setAttribute("aria-selected", String(place === index));
      if (place === index) option.scrollIntoView({ block: "nearest" });
    });
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", row(index));
  };
  const take = (hit: Hit): void => {
    close();
    input.value = "";
    chosen(hit);
  };
  const word = (text: string): HTMLElement => h("div", { class: "list-word", role: "option", "aria-disabled": "true", "aria-selected": "false" }, text);
  const ask = async (): Promise<void> => {
    const q = input.value.trim();
    asking?.abort();
    if (!q) return close();
    const mine = new AbortController();
    asking = mine;
    const slow = setTimeout(() => { if (list.hidden) open(word("Searching…")); }, 400);
    try {
      const found = await get<SearchResult>("search", { q, limit: MOST }, mine.signal);
      hits = found.items;
      list.dataset["of"] = q;
      if (!hits.length) open(word(`Nothing here is called “${q.slice(0, 60)}”, nor anything close to it.`));
      else open(...hits.map((hit, index) => option(hit, row(index), () => take(hit))));
      mark(hits.length ? 0 : -1);
    } catch (error) {
      if (mine.signal.aborted) return;
      hits = [];
      open(word(error instanceof ServiceError ? `${error.title}. ${error.detail}` : "The search failed."));
    } finally {
      clearTimeout(slow);
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => void ask(), PAUSE_MS);
  });
  input.addEventListener("focus", () => { if (input.value.trim() && list.hidden) void ask(); });
  input.addEventListener("blur", () => close());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const hit = hits[at];
    if (event.key === "ArrowDown" && list.hidden) void ask();
    else if (event.key === "ArrowDown" && hits.length) mark((at + 1) % hits.length);
    else if (event.key === "ArrowUp" && hits.length) mark((at - 1 + hits.length) % hits.length);
    else if (event.key === "Enter" && !list.hidden && hit && list.dataset["of"] === input.value.trim()) take(hit);
    else if (event.key === "Enter") void ask(); // what is listed is of fewer letters: it is not taken for the rest
    else if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Escape") input.value ? (input.value = "") : input.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

function option(hit: Hit, id: string, take: () => void): HTMLElement {
  const element = h("div", { role: "option", id, "aria-selected": "false", class: "hit" },
    h("span", { class: "hit-label" }, bdi(hit.label)),
    badge(hit.type, hit.type_label),
    hit.matched !== hit.label && h("span", { class: "hit-matched" }, "matched “", bdi(hit.matched), "”"),
  );
  element.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  element.addEventListener("click", take);
  return element;
}

export function mountSearch(room: Room): void {
  const input = byId<HTMLInputElement>("search");
  combobox(input, byId("search-list"), (hit) => {
    room.acts.add(hit.id);
    room.say(`On the map: ${hit.label.slice(0, 80)}`);
    input.blur();
    document.getElementById("map")?.focus({ preventScroll: true });
  });
  byId("search-form").addEventListener("submit", (event) => event.preventDefault());
}
