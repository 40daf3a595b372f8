// A small menu at a place of the page: arrows walk, Enter chooses, Escape and a click elsewhere close it.
import { fill, h, type Child } from "./dom";

export interface Item {
  readonly text: Child;
  /** Set apart at the end of the row: a count, a key. */
  readonly aside?: string;
  readonly run: () => void;
}

let open: { menu: HTMLElement; close: (back: boolean) => void } | null = null;

/** Shows a menu; another one closes. Focus goes to its first item and, when it closes, back where it was. */
export function popup(x: number, y: number, title: Child, items: readonly Item[], foot: Child = null): void {
  open?.close(false);
  const before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const rows = items.map((item) =>
    h("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: () => { close(true); item.run(); } },
      h("span", {}, item.text),
      item.aside !== undefined && h("span", { class: "aside" }, item.aside)),
  );
  const list = h("div", { role: "menu", class: "rows" }, ...rows);
  const menu = h("div", { class: "popup" }, h("div", { class: "popup-title" }, title), list, foot && h("div", { class: "popup-foot" }, foot));
  list.setAttribute("aria-label", menu.firstElementChild?.textContent ?? "");
  const walk = (event: KeyboardEvent): void => {
    const at = rows.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + rows.length, Home: 0, End: rows.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") close(true);
    else if (to !== undefined) rows[to % rows.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const elsewhere = (event: Event): void => {
    if (!menu.contains(event.target as Node)) close(false);
  };
  const close = (back: boolean): void => {
    removeEventListener("pointerdown", elsewhere, true);
    menu.remove();
    if (open?.menu === menu) open = null;
    if (back) before?.focus({ preventScroll: true });
  };
  menu.addEventListener("keydown", walk);
  addEventListener("pointerdown", elsewhere, true);
  document.body.append(menu);
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(y, innerHeight - height - 8))}px`;
  open = { menu, close };
  (rows[0] ?? menu).focus();
}

/** Closes the menu that is open, if one is. */
export function closePopup(): void {
  open?.close(false);
}

/** A text with a label of the graph in it. */
export function titled(...children: readonly Child[]): HTMLElement {
  const line = h("span");
  fill(line, ...children);
  return line;
}
