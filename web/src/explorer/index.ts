// The explorer: the map follows the state, the state is the address, and each part is mounted on the same room.
import "./explorer.css";
import { Canvas } from "../graph/canvas";
import { edgeKey } from "../model";
import { Acts } from "./acts";
import { isDark, mountAppearance, setLook } from "./appearance";
import { byId, plural, tool } from "./dom";
import { askToExpand } from "./expand";
import { Filters } from "./filters";
import { Follow } from "./follow";
import { mountKeyboard } from "./keyboard";
import { mountLegend } from "./legend";
import { mountLens } from "./lens";
import { tell } from "./notices";
import { Replay } from "./replay";
import type { Room } from "./room";
import { mountRooms } from "./rooms";
import { mountSearch } from "./search";
import { Shell } from "./shell";
import { Side } from "./side";
import { Store } from "./state";
import { menu, thingActs } from "./thingacts";

setLook();
const store = new Store();
const acts = new Acts(store);
const replay = new Replay();
const shell = new Shell(() => side.ground(), (pixels) => {
  canvas.cover(pixels);
  const { focus } = store.state;
  if (pixels && focus) canvas.reveal(focus);
});
const listeners = new Set<() => void>();
const expand = (id: string): void => void askToExpand(room, replay, id);

const canvas = new Canvas(byId("map"), {
  node: (id) => acts.focus(id),
  edge: (edge) => acts.focus(edgeKey(edge)),
  expand,
  moved: (id, x, y) => acts.pin(id, x, y),
  menu: (id, x, y) => menu(room, id, x, y),
}, isDark());

const follow = new Follow(store, canvas, replay, {
  waiting: (waits) => {
    byId("waiting").hidden = !waits;
    byId("map").setAttribute("aria-busy", String(waits));
  },
  stands: (parts, refused) => {
    tell(room, shell, parts, refused, () => follow.again());
    byId("map").setAttribute("aria-label", `Map of ${plural(canvas.things().length, "thing")} and ${plural(canvas.edges().length, "relation")}`);
    document.documentElement.dataset["map"] = String(Number(document.documentElement.dataset["map"] ?? 0) + 1);
    for (const listener of listeners) listener();
  },
  failed: (error) => shell.trouble(error, () => follow.again()),
});

const room: Room = {
  store,
  canvas,
  acts,
  thingActs: [],
  table: byId("table"),
  get parts() {
    return follow.parts;
  },
  lens: () => store.state.lens,
  dark: isDark,
  panel: (title, body, closed) => shell.panel(title, body, closed),
  close: () => shell.close(),
  tool: (slot, control) => shell.tool(slot, control),
  say: (words) => shell.say(words),
  trouble: (error, again) => shell.trouble(error, again),
  onMap: (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
room.thingActs.push(...thingActs(room, expand));

const names = mountLens(room, replay);
const filters = new Filters(room, replay, names);
const side = new Side(room, shell, replay, filters);

const undo = tool("Undo", "M7 4L3 8l4 4M3 8h8a5 5 0 0 1 0 10h-3", () => store.undo(), "Ctrl+Z");
const redo = tool("Redo", "M13 4l4 4l-4 4M17 8H9a5 5 0 0 0 0 10h3", () => store.redo(), "Ctrl+Shift+Z");
const look = (): void => {
  undo.disabled = !store.canUndo;
  redo.disabled = !store.canRedo;
  byId("map-room").hidden = store.state.view === "table";
  room.table.hidden = store.state.view !== "table";
};
room.tool("history", undo);
room.tool("history", redo);
room.tool("map", tool("Show the whole map", "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4", () => canvas.fit(), "0"));
room.tool("map", tool("Arrange anew", "M10 8.5a1.5 1.5 0 1 0 0 3a1.5 1.5 0 1 0 0-3M4 3a1.5 1.5 0 1 0 0 3a1.5 1.5 0 1 0 0-3M16 4a1.5 1.5 0 1 0 0 3a1.5 1.5 0 1 0 0-3M6 14a1.5 1.5 0 1 0 0 3a1.5 1.5 0 1 0 0-3M5.2 5.4l3.7 3.5M14.7 6.3l-3.5 2.7M9.2 11.3L6.8 14.2", () => void canvas.arrange().then(() => follow.remember())));
room.tool("view", tool("Filters", "M3 5h14l-5.5 6v5l-3 1v-6z", () => { acts.focus(null); side.ground(true); }));
store.on(look);

mountSearch(room);
mountLegend(room);
mountRooms(room);
mountAppearance(room);
mountKeyboard(room, {
  expand,
  menu: (id) => {
    const place = (id !== null && canvas.onPage(id)) || { x: innerWidth / 2, y: innerHeight / 2 };
    menu(room, id, place.x, place.y);
  },
  undo: () => store.undo(),
  redo: () => store.redo(),
});

look();
side.ground();
void follow.show(store.state);
