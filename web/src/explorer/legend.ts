// The legend is the switch: each family of things with its colour and shape, and how many are here; a click hides them.
import { FAMILIES, familyOf, OTHER } from "../graph/families";
import { byId, fill, h } from "./dom";
import { mark } from "./mark";
import type { Room } from "./room";

export function mountLegend(room: Room): void {
  const list = byId("legend-list");
  const draw = (): void => {
    const held = document.activeElement instanceof HTMLElement && list.contains(document.activeElement) ? document.activeElement.dataset["family"] : undefined;
    const counts = new Map<string, number>();
    for (const thing of room.canvas.things()) {
      const { name } = familyOf(thing.type);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const { hidden } = room.store.state;
    const rows = [...FAMILIES, OTHER].filter(({ name }) => counts.has(name) || hidden.includes(name));
    fill(list, ...rows.map((family) =>
      h("li", {}, h("button", {
        type: "button", "data-family": family.name, "aria-pressed": String(!hidden.includes(family.name)),
        title: hidden.includes(family.name) ? "Show these" : "Hide these", onclick: () => room.acts.toggle(family.name),
      }, mark(family), h("span", {}, family.label), h("span", { class: "count" }, counts.get(family.name) ?? 0)))));
    byId("legend").hidden = rows.length === 0;
    byId("legend-lines").hidden = !room.canvas.edges().length;
    if (held) list.querySelector<HTMLElement>(`[data-family="${CSS.escape(held)}"]`)?.focus();
  };
  room.onMap(draw);
  room.store.on((now, before) => { if (now.hidden !== before.hidden) draw(); });
  draw();
}
