// A row of tabs, as WAI-ARIA has them: one is chosen, the arrow keys go from one to the next.
import { make } from "./make";

export class Tabs<Key> {
  readonly element: HTMLElement;
  private readonly buttons = new Map<Key, HTMLButtonElement>();
  private now: Key | null = null;

  /** `panel` is the id of what the tabs show; `chosen` is told whenever another one is. */
  constructor(label: string, private readonly panel: string, private readonly chosen: (key: Key) => void) {
    this.element = make("div", { role: "tablist", "aria-label": label, class: "tabs" });
    this.element.addEventListener("keydown", (event) => this.walk(event));
  }

  add(key: Key, title: string): void {
    const tab = make(
      "button",
      { type: "button", role: "tab", "aria-selected": "false", "aria-controls": this.panel, tabindex: "-1" },
      make("bdi", {}, title),
    );
    tab.addEventListener("click", () => this.choose(key));
    this.buttons.set(key, tab);
    this.element.append(tab);
  }

  remove(key: Key): void {
    this.buttons.get(key)?.remove();
    this.buttons.delete(key);
  }

  choose(key: Key): void {
    this.now = key;
    for (const [one, tab] of this.buttons) {
      tab.setAttribute("aria-selected", String(one === key));
      tab.tabIndex = one === key ? 0 : -1;
    }
    this.buttons.get(key)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.chosen(key);
  }

  focus(): void {
    if (this.now !== null) this.buttons.get(this.now)?.focus();
  }

  private walk(event: KeyboardEvent): void {
    const keys = [...this.buttons.keys()];
    const at = keys.findIndex((key) => key === this.now);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: keys.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = keys.at(to % keys.length);
    if (next === undefined) return;
    this.choose(next);
    this.focus();
  }
}
