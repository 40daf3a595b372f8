// The keys: of the page, and of the map when it has the focus. The sheet that lists them is made from the same table.
import { closePopup } from "./popup";
import { byId, h, icon, tool } from "./dom";
import type { Room } from "./room";

export interface Doors {
  /** Asks what of a thing is to be shown. */
  expand: (id: string) => void;
  /** Opens the menu of a thing, of the relation in focus, or of the map. */
  menu: (id: string | null) => void;
  undo: () => void;
  redo: () => void;
}

const SHEET: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  ["Everywhere", [
    ["/", "search"],
    ["Ctrl + Z", "undo"],
    ["Ctrl + Shift + Z", "redo"],
    ["Escape", "close what is open"],
    ["?", "this sheet"],
  ]],
  ["On the map", [
    ["Arrows", "go to the next thing that way"],
    ["Enter", "show what stands near it"],
    ["C", "collapse: take back what was opened there"],
    ["Delete", "remove it from the map"],
    ["K", "keep only this"],
    ["P", "pin it where it stands, or let it go"],
    ["Shift + F10", "everything that can be done with it"],
    ["+ and −", "nearer, farther"],
    ["0", "the whole map"],
  ]],
  ["With the mouse", [
    ["Click", "a thing: its card; a line: its evidence"],
    ["Double click", "show what stands near it"],
    ["Drag", "move a thing and pin it there"],
    ["Other button, long press", "everything that can be done with it"],
  ]],
];

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

export function mountKeyboard(room: Room, doors: Doors): void {
  const sheet = byId<HTMLDialogElement>("keys");
  sheet.append(
    h("h2", { id: "keys-title" }, "Keys"),
    ...SHEET.map(([title, rows]) => h("section", {}, h("h3", {}, title),
      h("dl", {}, ...rows.flatMap(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)])))),
    h("button", { type: "button", class: "plain close", "aria-label": "Close", onclick: () => sheet.close() }, icon("M5 5l10 10M15 5L5 15")),
  );
  sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
  room.tool("share", tool("Keys", "M3 6h14v8H3zM6 9h.01M9 9h.01M12 9h.01M15 9h.01M7 12h6", () => sheet.showModal(), "?"));

  document.addEventListener("keydown", (event) => {
    const inText = event.target instanceof HTMLElement && event.target.closest("input:not([type=checkbox],[type=range]), textarea, select, [contenteditable]") !== null;
    if (event.defaultPrevented || event.isComposing || sheet.open) return;
    const control = event.ctrlKey || event.metaKey;
    if (control && !inText && event.key.toLowerCase() === "z") (event.shiftKey ? doors.redo : doors.undo)();
    else if (control && !inText && event.key.toLowerCase() === "y") doors.redo();
    else if (control || event.altKey || inText) return;
    else if (event.key === "/") byId("search").focus();
    else if (event.key === "?") sheet.showModal();
    else if (event.key === "Escape") {
      closePopup();
      room.close();
    } else return;
    event.preventDefault();
  });

  const map = byId("map");
  map.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const { focus } = room.store.state;
    const thing = focus !== null && room.canvas.core.getElementById(focus).isNode() ? focus : null;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const next = room.canvas.next(thing, ...arrow);
      if (next !== null) {
        room.acts.focus(next);
        room.canvas.reveal(next);
        room.say(String(room.canvas.core.getElementById(next).data("label")));
      }
    } else if ((event.key === "F10" && event.shiftKey) || event.key === "ContextMenu") doors.menu(thing ?? focus);
    else if (event.key === "Enter" && thing !== null) doors.expand(thing);
    else if (event.key === "+" || event.key === "=") room.canvas.zoom(1.25);
    else if (event.key === "-") room.canvas.zoom(0.8);
    else if (event.key === "0") room.canvas.fit();
    else {
      const act = room.thingActs.find(({ key }) => key === (event.key.length === 1 ? event.key.toLowerCase() : event.key));
      if (!act || thing === null || !(act.fits?.(thing) ?? true)) return;
      act.run(thing);
    }
    event.preventDefault();
  });
}
