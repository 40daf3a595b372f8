// The frame of the page: the panel at the side (a sheet on a phone), the toolbar, what is said, what went wrong.
import { ServiceError } from "../service";
import { byId, fill, h, icon } from "./dom";
import type { Slot } from "./room";

const SAID_MS = 5000;
/** How long a second tap may take; the sheet waits as long before it rises (in the style sheet). */
const DOUBLE_MS = 300;

export class Shell {
  readonly side = byId("side");
  private readonly title = byId("side-title");
  private readonly body = byId("side-body");
  private readonly notices = byId("notices");
  private readonly said = byId("said");
  private closed: (() => void) | undefined;
  private silence = 0;
  private rising = 0;

  /** `rest` is told when the panel was closed and nothing has taken its place; `covers`, how much of the map's foot a
   * sheet lies over. */
  constructor(
    private readonly rest: () => void,
    private readonly covers: (pixels: number) => void,
  ) {
    new MutationObserver(() => this.cover()).observe(this.side, { attributes: true, attributeFilter: ["data-open"] });
    addEventListener("resize", () => this.cover());
    byId("side-close").addEventListener("click", () => this.close());
    this.side.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      this.close();
    });
  }

  panel(title: string, body: HTMLElement, closed?: () => void): void {
    const before = this.closed;
    this.closed = undefined;
    before?.();
    this.closed = closed;
    this.title.replaceChildren(h("bdi", {}, title));
    fill(this.body, body);
    this.body.scrollTop = 0;
    this.side.dataset["open"] = "";
    byId("side-close").classList.remove("phone");
  }

  /** Another body for the panel that is open, which stays as far down as it was read. */
  renew(title: string, body: HTMLElement): void {
    const down = this.body.scrollTop;
    this.title.replaceChildren(h("bdi", {}, title));
    fill(this.body, body);
    this.body.scrollTop = down;
  }

  /** What stands there when nothing else does; on a phone the sheet goes. */
  ground(title: string, body: HTMLElement): void {
    this.panel(title, body);
    delete this.side.dataset["open"];
    byId("side-close").classList.add("phone");
  }

  close(): void {
    delete this.side.dataset["open"];
    const before = this.closed;
    this.closed = undefined;
    before?.();
    if (!("open" in this.side.dataset)) this.rest();
  }

  /** A sheet lies over the map; a panel beside it covers nothing. */
  private cover(): void {
    const sheet = getComputedStyle(this.side).position === "absolute" && "open" in this.side.dataset;
    const top = innerHeight - this.side.offsetHeight; // where it stands when it has slid up
    const pixels = sheet ? Math.max(0, Math.round(byId("map").getBoundingClientRect().bottom - top)) : 0;
    clearTimeout(this.rising);
    if (pixels) this.rising = setTimeout(() => this.covers(pixels), DOUBLE_MS); // nothing moves between two taps
    else this.covers(0);
  }

  tool(slot: Slot, control: HTMLElement): void {
    byId(`tools-${slot}`).append(control);
  }

  say(words: string): void {
    clearTimeout(this.silence);
    this.said.textContent = words;
    this.silence = setTimeout(() => (this.said.textContent = ""), SAID_MS);
  }

  /** A notice over the map; one of the same name takes its place, and `null` takes it away. */
  notice(name: string, body: HTMLElement | null): void {
    for (const held of this.notices.querySelectorAll<HTMLElement>(":scope > *")) if (held.dataset["name"] === name) held.remove();
    if (!body) return;
    body.dataset["name"] = name;
    this.notices.append(body);
  }

  trouble(error: unknown, again: () => void): void {
    const known = error instanceof ServiceError;
    if (!known) console.error(error);
    const wait = known && error.retryAfter ? ` It asks to wait ${error.retryAfter} seconds.` : "";
    const notice = h("div", { class: "notice bad", role: "alert" },
      h("strong", {}, known ? error.title : "Something went wrong on this page"),
      h("p", {}, (known ? error.detail : "The map may not be complete.") + wait),
      h("button", { type: "button", onclick: () => { notice.remove(); again(); } }, "Try again"),
      h("button", { type: "button", class: "plain", "aria-label": "Put this away", onclick: () => notice.remove() }, icon("M5 5l10 10M15 5L5 15")),
    );
    this.notice("trouble", notice);
  }
}
