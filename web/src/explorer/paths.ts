// The path finder: how are two or more things connected? Its question stands in the address, its answer at the side, and
// what the reader takes of it goes to the map as a step.
import { type Hit, type Neighbourhood, type Paths } from "../model";
import { get, ServiceError } from "../service";
import { badge, combobox } from "./search";
import { bdi, byId, fill, h, tool } from "./dom";
import { hops } from "./hops";
import { ofConnection, ofPaths, result, type Found } from "./pathrows";
import { FIND, MOST_HOPS, onMap, PAGE, read, USUAL_HOPS, withRows, written, type Question } from "./question";
import type { Room } from "./room";
import { MODES } from "./verdict";

const ICON = "M6.5 14.5a2 2 0 1 1-4 0a2 2 0 0 1 4 0M17.5 5.5a2 2 0 1 1-4 0a2 2 0 0 1 4 0M6.5 14c6-.5 1-7.5 7-8";
const TITLE = "How are they connected?";

interface End {
  readonly id: string;
  readonly label: string;
  readonly type: string;
  readonly type_label: string;
}

export function mountPaths(room: Room): void {
  const finder = new Finder(room);
  room.tool("map", tool(TITLE, ICON, () => finder.open(), "f"));
  room.thingActs.push({ name: "Find paths from or to this", key: "p", run: (id) => finder.open([id]) });
  room.store.on((now, before) => {
    if (now.more[FIND] !== before.more[FIND]) finder.follow();
    else if (now.lens !== before.lens || now.steps !== before.steps) finder.renew();
    else if (now.focus === null && before.focus !== null) finder.back();
  });
  queueMicrotask(() => finder.follow()); // when the page stands
}

class Finder {
  private readonly ends = new Map<string, End>();
  private readonly chosen = h("ul", { class: "ends", "aria-label": "What is to be connected" });
  private readonly box = h("input", {
    type: "search", id: "end-search", role: "combobox", "aria-autocomplete": "list", "aria-controls": "end-list", "aria-expanded": "false",
    autocomplete: "off", spellcheck: "false", maxlength: 200, placeholder: "A name, also misspelt",
  });
  private readonly mode = h("select", { id: "path-mode" }, ...MODES.map(([value, name]) => h("option", { value }, name)));
  private readonly modeHelp = h("p", { class: "quiet help" });
  private readonly k = number("path-k", 5, 1, 100);
  private readonly kLine = h("label", { for: "path-k" }, "How many ", this.k);
  private readonly most = number("path-hops", USUAL_HOPS, 1, MOST_HOPS);
  private readonly hubs = number("path-hubs", "", 1, 100_000);
  private readonly pattern = hops();
  private readonly pairOnly: HTMLElement;
  private readonly go = h("button", { type: "submit", class: "main" }, "Search");
  private readonly answer = h("div", { class: "answer", "aria-live": "polite" });
  private readonly body: HTMLElement;
  private asked: { key: string; question: Question; found: Found } | null = null;
  private asking: AbortController | null = null;
  private isOpen = false;

  constructor(private readonly room: Room) {
    const list = h("div", { id: "end-list", role: "listbox", class: "list", hidden: true, "aria-label": "Names found" });
    combobox(this.box, list, (hit: Hit) => {
      this.add(hit);
      this.box.focus();
    });
    this.pairOnly = h("fieldset", { class: "bounds" }, h("legend", {}, "Which paths"),
      h("label", { for: "path-mode", class: "above" }, "Kind"), this.mode, this.modeHelp, this.kLine,
      h("label", { for: "path-hubs" }, "Not through anything with more than ", this.hubs, " relations"),
      this.pattern.element);
    this.mode.addEventListener("change", () => this.shape());
    this.body = h("form", { class: "finder", onsubmit: (event: SubmitEvent) => {
      event.preventDefault();
      this.ask(this.question());
    } },
      h("p", { class: "quiet" }, "Choose two things, or more, and see through whom they are connected, and who says so."),
      this.chosen,
      h("label", { for: "end-search", class: "above" }, "Add a person, an organisation, a demand …"),
      h("div", { class: "search" }, this.box, list),
      h("label", { for: "path-hops" }, "At most ", this.most, " steps"),
      this.pairOnly, this.go, this.answer);
    this.shape();
  }

  /** Shows the finder; with ids, or with what is selected on the map, where it has no ends yet. */
  open(ids: readonly string[] = this.ends.size ? [] : this.room.canvas.selected()): void {
    for (const id of ids) this.add(this.known(id));
    this.show();
    this.box.focus();
  }

  /** The lens or the map has changed. */
  renew(): void {
    if (this.isOpen) this.follow();
  }

  /** The address names a question: its answer is shown. */
  follow(): void {
    const question = read(this.room.store.state.more[FIND]);
    if (!question) return;
    if (this.asked && this.asked.key === this.keyOf(question)) {
      this.show();
      this.draw();
      return;
    }
    if (written(question) !== written(this.question())) this.take(question);
    this.show();
    void this.run(question);
  }

  /** A card that stood in the finder's place was closed: the finder comes back, while its question stands in the address. */
  back(): void {
    queueMicrotask(() => {
      const { focus, more } = this.room.store.state;
      if (focus === null && more[FIND] !== undefined && !this.isOpen && !("open" in byId("side").dataset)) this.follow();
    });
  }

  private show(): void {
    if (this.isOpen) return;
    this.room.panel(TITLE, this.body, () => this.left());
    this.isOpen = true;
  }

  /** Another panel took its place, or it was closed: only then the question leaves the address. */
  private left(): void {
    this.isOpen = false;
    this.room.canvas.light([]);
    queueMicrotask(() => {
      if (this.isOpen || "open" in byId("side").dataset) return;
      const { [FIND]: _, ...more } = this.room.store.state.more;
      this.room.store.set({ more }, true);
    });
  }

  private known(id: string): End {
    const held = this.ends.get(id) ?? this.room.canvas.things().find((thing) => thing.id === id);
    return held ?? { id, label: id.replace(/^id:/, "").replaceAll("-", " "), type: "", type_label: "" };
  }

  private add(end: End): void {
    this.ends.set(end.id, end);
    this.shape();
  }

  /** The form as a question has it. */
  private take({ ids, options }: Question): void {
    const ends = ids.map((id) => this.known(id));
    this.ends.clear();
    for (const end of ends) this.ends.set(end.id, end);
    this.mode.value = options["mode"] ?? "shortest";
    this.k.value = options["k"] ?? "5";
    this.most.value = options["max_hops"] ?? String(USUAL_HOPS);
    this.hubs.value = options["avoid_hubs"] ?? "";
    this.pattern.value = options["pattern"] ?? "";
    this.shape();
  }

  private question(): Question {
    const ids = [...this.ends.keys()];
    const most = { max_hops: this.most.value || String(USUAL_HOPS) };
    if (ids.length > 2) return { ids, options: most };
    const mode = this.mode.value;
    return {
      ids,
      options: {
        mode,
        ...(mode === "k_shortest" ? { k: this.k.value || "5" } : {}),
        ...most,
        ...(this.hubs.value ? { avoid_hubs: this.hubs.value } : {}),
        ...(this.pattern.value ? { pattern: this.pattern.value } : {}),
        ...(mode === "k_shortest" || mode === "shortest" ? {} : { limit: String(PAGE) }),
      },
    };
  }

  /** What the form shows depends on how many ends there are, and on the kind of paths. */
  private shape(): void {
    const ends = [...this.ends.values()];
    fill(this.chosen, ...ends.map((end) =>
      h("li", {}, bdi(end.label), end.type_label && badge(end.type, end.type_label),
        h("button", { type: "button", class: "plain", "aria-label": `Take ${end.label} out`, onclick: () => {
          this.ends.delete(end.id);
          this.shape();
          this.box.focus();
        } }, "×"))));
    this.chosen.hidden = ends.length === 0;
    this.pairOnly.hidden = ends.length > 2;
    this.kLine.hidden = this.mode.value !== "k_shortest";
    this.modeHelp.textContent = MODES.find(([value]) => value === this.mode.value)?.[2] ?? "";
    this.go.disabled = ends.length < 2;
    this.go.textContent = ends.length < 2 ? "Choose two or more" : ends.length > 2 ? `Connect these ${ends.length}` : "Find paths";
  }

  private ask(question: Question): void {
    if (question.ids.length < 2) return;
    const { more } = this.room.store.state;
    this.asked = null;
    this.room.store.set({ more: { ...more, [FIND]: written(question) } }, true);
    if (!this.asked && !this.asking) this.follow();
  }

  private keyOf(question: Question): string {
    return `${written(question)} ${JSON.stringify(this.room.lens())}`;
  }

  private async run(question: Question): Promise<void> {
    this.asking?.abort();
    const mine = new AbortController();
    this.asking = mine;
    this.answer.setAttribute("aria-busy", "true");
    fill(this.answer, h("p", { class: "waiting" }, "Searching…"));
    try {
      const found = await search(question, this.room, mine.signal);
      this.asked = { key: this.keyOf(question), question, found };
      this.draw();
      this.answer.scrollIntoView({ block: "nearest" });
    } catch (error) {
      if (mine.signal.aborted) return;
      if (!(error instanceof ServiceError)) console.error(error);
      const known = error instanceof ServiceError ? error : new ServiceError("Something went wrong on this page", "", 0);
      fill(this.answer, h("div", { class: "notice bad", role: "alert" }, h("strong", {}, known.title), h("p", {}, bdi(known.detail)),
        h("button", { type: "button", onclick: () => void this.run(question) }, "Try again")));
    } finally {
      if (this.asking === mine) {
        this.asking = null;
        this.answer.removeAttribute("aria-busy");
      }
    }
  }

  private draw(): void {
    if (!this.asked) return;
    const { question, found } = this.asked;
    const { store, canvas } = this.room;
    for (const thing of found.ends) if (this.ends.has(thing.id)) this.ends.set(thing.id, thing);
    this.shape();
    const held = onMap(store.state, question);
    const focused = [...this.answer.querySelectorAll("button")].indexOf(document.activeElement as HTMLButtonElement);
    const set = (rows: readonly number[] | "all"): void => {
      store.set({ ...withRows(store.state, question, rows), gone: store.state.gone.filter((id) => !question.ids.includes(id)) });
    };
    fill(this.answer, result(found, canvas, {
      held: (row) => held === "all" || held.includes(row),
      all: () => set("all"),
      further: (options) => this.ask({ ids: question.ids, options: { ...question.options, ...options } }),
      toggle: (row) => {
        if (question.ids.length > 2) return set(held === "all" ? [] : "all");
        const now = held === "all" ? found.ways.map((_, index) => index) : held;
        set(now.includes(row) ? now.filter((other) => other !== row) : [...now, row]);
        this.room.say(now.includes(row) ? "The path is off the map." : "The path is on the map.");
      },
    }, question.ids.length > 2));
    if (focused >= 0) this.answer.querySelectorAll("button")[focused]?.focus({ preventScroll: true });
  }
}

function number(id: string, value: number | "", min: number, max: number): HTMLInputElement {
  return h("input", { id, type: "number", value, min, max, step: 1, inputmode: "numeric" });
}

/** Asks the service, and says how one could go on. */
async function search(question: Question, room: Room, signal: AbortSignal): Promise<Found> {
  const { ids, options } = question;
  const lens = room.lens();
  const hopsNow = Number(options["max_hops"] ?? USUAL_HOPS);
  if (ids.length > 2) {
    const answer = await get<Neighbourhood>("connect", { entity: ids, ...options, ...lens }, signal);
    return { ...ofConnection(answer), further: farther(answer.verdict, hopsNow, answer.again) };
  }
  const [source, target] = ids;
  const answer = await get<Paths>("paths", { source, target, ...options, ...lens }, signal);
  const more = answer.next === null ? null : { words: "Show more paths", options: { limit: String(Math.min(1000, 4 * Number(options["limit"] ?? PAGE))) } };
  return { ...ofPaths(answer), further: more ?? farther(answer.verdict, hopsNow, answer.again) };
}

function farther(verdict: string, hops: number, again: Readonly<Record<string, unknown>> | null | undefined): Found["further"] {
  if (verdict === "none_within" && hops < MOST_HOPS) {
    const next = Math.min(MOST_HOPS, hops + 2);
    return { words: `Search further: within ${next} steps`, options: { max_hops: String(next) } };
  }
  if (verdict !== "stopped" || !again) return null;
  const options = Object.fromEntries(["max_edges", "max_ms", "max_hops"].flatMap((name) => (again[name] === undefined ? [] : [[name, String(again[name])]])));
  return { words: "Search further, with twice the limit", options };
}
