// What can be done with a thing, and the menus that offer it.
import type { Edge } from "../model";
import { bdi, type Child } from "./dom";
import { popup, titled, type Item } from "./popup";
import type { Room, ThingAct } from "./room";

export function thingActs(room: Room, expand: (id: string) => void): ThingAct[] {
  const { acts, canvas, store } = room;
  const pinned = (id: string): boolean => id in store.state.pins;
  return [
    { name: "Show what stands near", run: expand },
    { name: "Collapse", key: "c", fits: (id) => acts.isOpen(id), run: (id) => acts.collapse(id) },
    { name: "Remove", key: "Delete", run: (id) => acts.remove([id]) },
    { name: "Keep only this", key: "k", fits: () => canvas.things().length > 1, run: (id) => acts.keepOnly(id) },
    {
      name: "Pin here", key: "p", fits: (id) => !pinned(id),
      run: (id) => {
        const { x, y } = canvas.core.getElementById(id).position();
        acts.pin(id, x, y);
      },
    },
    { name: "Let go of the pin", key: "p", fits: pinned, run: (id) => acts.unpin(id) },
  ];
}

/** The menu of a thing, a relation, or the map itself. */
export function menu(room: Room, id: string | null, x: number, y: number): void {
  const element = id === null ? room.canvas.core.collection() : room.canvas.core.getElementById(id);
  if (id !== null && element.nonempty() && element.isNode()) {
    const label: Child = bdi(String(element.data("label")));
    popup(x, y, titled(label), room.thingActs.filter((act) => act.fits?.(id) ?? true).map((act): Item => ({
      text: act.name, run: () => act.run(id), ...(act.key ? { aside: act.key.length === 1 ? act.key.toUpperCase() : act.key } : {}),
    })));
    return;
  }
  if (id !== null && element.nonempty()) {
    const edge = element.data("edge") as Edge;
    popup(x, y, titled(bdi(edge.predicate_label)), [
      { text: "Who says so", run: () => room.acts.focus(id) },
      { text: titled("Hide every “", bdi(edge.predicate_label), "”"), run: () => room.acts.toggle(edge.predicate) },
    ]);
    return;
  }
  popup(x, y, "The map", [
    { text: "Show all of it", aside: "0", run: () => room.canvas.fit() },
    { text: "Arrange anew", run: () => void room.canvas.arrange() },
    { text: "Empty it", run: () => room.acts.clear() },
  ]);
}
