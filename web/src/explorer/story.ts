// Story mode: steps over one map, told with captions, played with the arrow keys, saved in the address or as one file.
import { edgeKey } from "../model";
import { bdi, byId, fill, h, icon, plural, tool } from "./dom";
import { copy, save } from "./exporting/handing";
import { fileOf } from "./exporting/titles";
import type { Room } from "./room";
import { scenes } from "./scenes";
import { generationOf, seen } from "./seen";
import { page } from "./storypage";
import { cut, LONGEST, LONGEST_CAPTION, MOST_STEPS, type Story } from "./storytext";
import { STORY, Telling } from "./telling";

const ICON = "M3 4h6a1 1 0 0 1 1 1v11a2 2 0 0 0-2-1H3zM17 4h-6a1 1 0 0 0-1 1v11a2 2 0 0 1 2-1h5z";
const UP = "M5 12l5-5l5 5";
const DOWN = "M5 8l5 5l5-5";
const AWAY = "M5 5l10 10M15 5L5 15";
const TITLE = "Story";
const PAUSE_MS = 400;

export function mountStory(room: Room): void {
  const telling = new Telling(room, () => {
    bar();
    if (open) draw();
  });
  const panel = h("div", { class: "story" });
  const player = h("section", { id: "player", "aria-label": "Story", hidden: true });
  byId("map-room").append(player);
  let open = false;
  let pause = 0;

  const show = (): void => {
    draw();
    room.panel(TITLE, panel, () => (open = false));
    open = true;
  };
  const steps = (): Story["steps"] => telling.story.steps;
  const edit = async (change: Partial<Story>, words = "", look = false): Promise<void> => {
    if (await telling.tell({ ...telling.story, ...change }, look) && words) room.say(words);
  };
  const typed = (change: Partial<Story>): void => {
    telling.type(change);
    clearTimeout(pause);
    pause = setTimeout(() => void edit({}, "", true), PAUSE_MS);
  };
  const moved = (from: number, to: number): Story["steps"] => {
    const next = [...steps()];
    next.splice(to, 0, ...next.splice(from, 1));
    return next;
  };

  // ---------------------------------------------------------------- the panel: writing

  const draw = (): void => {
    const held = document.activeElement instanceof HTMLElement && panel.contains(document.activeElement) ? document.activeElement.dataset["of"] : null;
    if (held?.startsWith("caption") || held === "title") {
      size(); // what is being typed stays as it is
      return;
    }
    const { title } = telling.story;
    const empty = seen(room.canvas).things.length === 0;
    const name = h("input", { type: "text", id: "story-title", "data-of": "title", maxlength: 120, placeholder: "A title", oninput: () => typed({ title: name.value }) });
    name.value = title;
    fill(panel,
      h("p", { class: "quiet" }, "A story is a map told in steps: each step keeps what you see now, with a caption. Its address holds all of it."),
      h("label", { for: "story-title", class: "above" }, "Title"), name,
      h("ol", { class: "steps" }, ...steps().map((_, index) => item(index))),
      h("button", { type: "button", class: "main", "data-of": "add", disabled: empty || steps().length >= MOST_STEPS, onclick: () => {
        void edit({ steps: [...steps(), telling.now()] }, `Step ${steps().length + 1} is what you see now.`).then(() => {
          panel.querySelector<HTMLElement>(`[data-of="caption-${steps().length - 1}"]`)?.focus();
        });
      } }, steps().length ? "Add what you see as the next step" : "Begin with what you see now"),
      empty && h("p", { class: "quiet" }, "The map is empty: put something on it first."),
      steps().length > 0 && h("div", { class: "row" },
        h("button", { type: "button", "data-of": "play", onclick: () => telling.show(0) }, "Play"),
        h("button", { type: "button", "data-of": "save", onclick: (event: MouseEvent) => void saveAs(event.currentTarget as HTMLButtonElement) }, "Save as one HTML file"),
        h("button", { type: "button", "data-of": "copy", onclick: (event: MouseEvent) => void address(event.currentTarget as HTMLButtonElement) }, "Copy the address")),
      h("p", { class: "quiet size" }));
    size();
    if (held) panel.querySelector<HTMLElement>(`[data-of="${held}"]`)?.focus();
  };

  const size = (): void => {
    const line = panel.querySelector(".size");
    if (line) line.textContent = steps().length ? `The story takes ${telling.length.toLocaleString("en")} of the ${LONGEST.toLocaleString("en")} characters that an address carries well.` : "";
  };

  const item = (index: number): HTMLElement => {
    const step = steps()[index];
    if (!step) return h("li");
    const small = (name: string, path: string, of: string, run: () => void, off = false): HTMLElement =>
      h("button", { type: "button", class: "plain", "aria-label": `${name} step ${index + 1}`, title: `${name} step ${index + 1}`, "data-of": of, disabled: off, onclick: run }, icon(path));
    const caption = h("textarea", {
      "aria-label": `Caption of step ${index + 1}`, rows: 3, maxlength: LONGEST_CAPTION, "data-of": `caption-${index}`,
      placeholder: "What is to be seen here?", oninput: () => typed({
        steps: steps().map((other, at) => (at === index ? { ...other, caption: cut(caption.value, LONGEST_CAPTION) } : other)),
      }),
    });
    caption.value = step.caption;
    return h("li", { "aria-current": telling.playing === index ? "step" : null },
      h("div", { class: "row" },
        h("button", { type: "button", class: "plain go", "data-of": `go-${index}`, onclick: () => telling.show(index) }, `Step ${index + 1}`),
        h("button", { type: "button", class: "plain", "data-of": `renew-${index}`, "aria-label": `Step ${index + 1} becomes what you see now`, title: "Becomes what you see now", onclick: () => {
          void edit({ steps: steps().map((other, at) => (at === index ? telling.now(other.caption) : other)) }, `Step ${index + 1} is what you see now.`);
        } }, "Renew"),
        small("Move up", UP, `up-${index}`, () => void edit({ steps: moved(index, index - 1) }, `Step ${index + 1} is step ${index} now.`), index === 0),
        small("Move down", DOWN, `down-${index}`, () => void edit({ steps: moved(index, index + 1) }, `Step ${index + 1} is step ${index + 2} now.`), index === steps().length - 1),
        small("Remove", AWAY, `remove-${index}`, () => void edit({ steps: steps().filter((_, at) => at !== index) }, `Step ${index + 1} is gone; undo brings it back.`))),
      step.lit.length > 0 && h("p", { class: "points" }, "Points at ", bdi(step.lit.map(pointed).join("; ")), ". ",
        h("button", { type: "button", class: "plain", "data-of": `unlit-${index}`, "aria-label": `Step ${index + 1} points at nothing`, onclick: () => {
          void edit({ steps: steps().map((other, at) => (at === index ? { ...other, lit: [] } : other)) }, `Step ${index + 1} points at nothing now.`);
        } }, "Point at nothing")),
      caption);
  };

  /** A thing by its label, a relation by its sentence; by its name where it is not on the map now. */
  const pointed = (id: string): string => {
    const { things, edges } = seen(room.canvas);
    const name = (one: string): string => things.find((thing) => thing.id === one)?.label ?? one.replace(/^id:/, "").replaceAll("-", " ");
    const [source, , target] = id.split(" ");
    const edge = edges.find((one) => edgeKey(one) === id);
    return source && target ? `${name(source)} ${edge?.predicate_label ?? "–"} ${name(target)}` : name(id);
  };

  const saveAs = async (button: HTMLButtonElement): Promise<void> => {
    button.disabled = true;
    button.textContent = "Drawing the steps …";
    try {
      const title = telling.story.title || "A story of kgraph";
      const drawn = await scenes(telling.story, room);
      const day = new Date().toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
      save(`${fileOf(title)}.html`, page({ title, scenes: drawn, generation: generationOf(room), day }), "text/html");
      room.say(`Saved with ${plural(drawn.length, "step")}: the file needs nothing else.`);
    } catch (error) {
      room.trouble(error, () => void saveAs(button));
    } finally {
      button.disabled = false;
      button.textContent = "Save as one HTML file";
    }
  };

  const address = async (button: HTMLButtonElement): Promise<void> => {
    const { story } = Object.fromEntries(new URLSearchParams(location.search));
    const first = new URLSearchParams({ [STORY]: story ?? "", step: "1" });
    const done = await copy(`${location.origin}${location.pathname}?${first.toString()}`);
    button.textContent = done ? "Copied" : "Copy it from the browser's own bar";
    setTimeout(() => (button.textContent = "Copy the address"), 2500);
  };

  // ---------------------------------------------------------------- the bar below the map: playing

  const bar = (): void => {
    const { playing } = telling;
    const was = !player.hidden;
    const held = document.activeElement instanceof HTMLElement && player.contains(document.activeElement) ? document.activeElement.dataset["of"] : null;
    player.hidden = playing === null;
    document.documentElement.toggleAttribute("data-playing", playing !== null);
    if (playing === null) {
      if (was) room.canvas.light([]);
      return;
    }
    const step = steps()[playing];
    const last = steps().length - 1;
    const turn = (name: string, of: string, to: number): HTMLElement =>
      h("button", { type: "button", "data-of": of, disabled: to < 0 || to > last, onclick: () => telling.show(to) }, name);
    fill(player,
      telling.story.title && h("p", { class: "quiet story-title" }, bdi(telling.story.title)),
      h("p", { class: "caption", "aria-live": "polite" }, bdi(step?.caption || "(without a caption)")),
      h("div", { class: "row" }, turn("Back", "back", playing - 1), h("span", { class: "quiet" }, `${playing + 1} of ${last + 1}`), turn("Next", "next", playing + 1),
        h("span", { class: "gap" }),
        h("button", { type: "button", class: "plain", "data-of": "edit", onclick: show }, "Edit"),
        h("button", { type: "button", class: "plain", "data-of": "stop", onclick: () => telling.stop() }, "End")));
    if (held) (player.querySelector<HTMLElement>(`[data-of="${held}"]:not(:disabled)`) ?? player.querySelector<HTMLElement>("button:not(:disabled)"))?.focus();
    light();
  };

  /** What the step points at; the rest fades. */
  const light = (): void => {
    const { playing } = telling;
    if (playing === null) return;
    room.canvas.fit();
    const lit = new Set(steps()[playing]?.lit ?? []);
    const { things, edges } = seen(room.canvas);
    const there = [...things.map((thing) => thing.id), ...edges.map(edgeKey)].filter((id) => lit.has(id));
    room.canvas.light(there, there.some((id) => id.includes(" ")));
  };

  addEventListener("keydown", (event) => {
    const { playing } = telling;
    const inside = event.target instanceof HTMLElement && event.target.closest("input, textarea, select, dialog[open], [role=menu]") !== null;
    if (playing === null || inside || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === "Escape") telling.stop();
    else {
      const to = { ArrowRight: playing + 1, ArrowLeft: playing - 1, PageDown: playing + 1, PageUp: playing - 1, Home: 0, End: steps().length - 1 }[event.key];
      if (to === undefined) return;
      if (to !== playing) telling.show(to);
    }
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });

  room.tool("share", tool("Tell a story with this map", ICON, show));
  room.onMap(() => {
    light();
    if (open) draw();
  });
  if (room.store.state.more[STORY]) {
    void telling.load().then(() => {
      const { playing } = telling;
      if (playing === null) show();
      else if (room.store.state.steps.length === 0) telling.show(playing, true); // an address that names the step alone
    });
  }
}
