// The map as tables: what is said of what, with who says so and where, and the things. It shows what the map shows, and a
// choice made in one is made in the other; for those who cannot see the map it is the map.
import type { Thing } from "../graph/canvas";
import { address } from "../service";
import { bdi, fill, h, plural, tool } from "./dom";
import type { Room } from "./room";
import { lensOf, manner, place, rows, seen, speakers, type Row, type Seen } from "./seen";
import { table, type Column, type Sort } from "./sorting";

const ICON = "M3 4h14v12H3zM3 8h14M3 12h14M8 4v12";
/** In `State.more`: which of the two tables, and by what it is sorted ("-" before it: downwards). */
const WHICH = "rows";
const SORT = "sort";

/** A page of the service itself: works without this script. */
const link = (route: string, id: string, words: string, label?: string): HTMLElement =>
  h("a", { href: address(route, { id }), "aria-label": label ?? null }, words);

export function mountTable(room: Room): void {
  const { store, canvas } = room;
  const button = tool("Table of what is on the map", ICON, () => store.set({ view: store.state.view === "table" ? "map" : "table" }), "t");
  button.setAttribute("aria-pressed", "false");
  room.tool("view", button);
  let onlySelected = false;

  const pick = (id: string): HTMLElement => {
    const box = h("input", { type: "checkbox", "data-id": id, "aria-label": "Select on the map", onchange: () => {
      const node = canvas.core.getElementById(id);
      if (box.checked) node.select();
      else node.unselect();
    } });
    box.checked = canvas.core.getElementById(id).selected();
    return box;
  };
  const named = (thing: Thing): HTMLElement =>
    h("button", { type: "button", class: "name", onclick: () => room.acts.focus(thing.id) }, bdi(thing.label));

  const OF_CLAIMS: readonly Column<Row>[] = [
    { name: "from", head: "Who or what", show: (row) => named(row.subject), by: (row) => row.subject.label },
    { name: "relation", head: "Relation", by: (row) => row.edge.predicate_label, show: (row) =>
      h("button", { type: "button", class: "name", onclick: () => room.acts.focus(row.key) },
        row.claim?.polarity === "negated" ? "not: " : null, bdi(row.edge.predicate_label)) },
    { name: "to", head: "To whom or what", show: (row) => named(row.object), by: (row) => row.object.label },
    { name: "said", head: "Who says so", show: (row) => (row.claim ? bdi(speakers(row.claim)) : h("span", { class: "quiet" }, "nobody named")), by: (row) => row.claim && speakers(row.claim) },
    { name: "where", head: "Where", by: (row) => row.claim && `${row.claim.article?.label ?? ""} ${place(row.claim.where)}`, show: (row) => where(row) },
    { name: "manner", head: "How", show: (row) => (row.claim ? manner(row.claim) : unstated()), by: (row) => row.claim && manner(row.claim) },
    { name: "time", head: "When", show: (row) => (row.claim?.when ? bdi(row.claim.when.text) : unstated()), by: (row) => row.claim?.when?.earliest ?? row.claim?.when?.latest ?? null },
    { name: "claim", head: "Claim", by: (row) => row.claim?.id ?? null, show: (row) =>
      row.claim ? link("claim", row.claim.id, "open", `Open the claim: ${row.subject.label} ${row.edge.predicate_label} ${row.object.label}`) : "none" },
  ];

  const ofThings = (map: Seen): readonly Column<Thing>[] => {
    const said = new Map<string, number>();
    for (const edge of map.edges) for (const end of new Set([edge.source, edge.target])) said.set(end, (said.get(end) ?? 0) + 1);
    return [
      { name: "label", head: "Thing", show: (thing) => named(thing), by: (thing) => thing.label },
      { name: "type", head: "What it is", show: (thing) => thing.type_label, by: (thing) => thing.type_label },
      { name: "count", head: "Relations on the map", show: (thing) => said.get(thing.id) ?? 0, by: (thing) => said.get(thing.id) ?? 0 },
      { name: "notes", head: "Notes", show: (thing) => (thing.notes?.length ? bdi(thing.notes.join(" ")) : "none"), by: (thing) => thing.notes?.join(" ") || null },
      { name: "selected", head: "Selected", show: (thing) => pick(thing.id), by: (thing) => Number(!canvas.core.getElementById(thing.id).selected()) },
      { name: "page", head: "Page", show: (thing) => link("entity", thing.id, "open", `Open the page of ${thing.label}`), by: (thing) => thing.id },
    ];
  };

  const mark = (): void => {
    const { focus } = store.state;
    const chosen = new Set(canvas.selected());
    for (const row of room.table.querySelectorAll<HTMLElement>("tr[data-key]")) {
      const parts = (row.dataset["key"] ?? "").split(" ");
      if (row.dataset["key"] === focus) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
      row.classList.toggle("chosen", parts.length === 1 ? chosen.has(parts[0] ?? "") : chosen.has(parts[0] ?? "") && chosen.has(parts[2] ?? ""));
      const box = row.querySelector<HTMLInputElement>("input[data-id]");
      if (box) box.checked = chosen.has(box.dataset["id"] ?? "");
    }
  };

  const draw = (): void => {
    const shows = store.state.view === "table";
    button.setAttribute("aria-pressed", String(shows));
    if (!shows) return;
    const { more } = store.state;
    const map = seen(canvas);
    const selected = canvas.selected();
    const only = onlySelected && selected.length > 0;
    const things = only ? map.things.filter((thing) => selected.includes(thing.id)) : map.things;
    const edges = only ? map.edges.filter((edge) => selected.includes(edge.source) || selected.includes(edge.target)) : map.edges;
    const claims = rows({ things: map.things, edges });
    const which = more[WHICH] === "things" ? "things" : "relations";
    const text = more[SORT] ?? "";
    const sort: Sort | null = text ? { name: text.replace(/^-/, ""), down: text.startsWith("-") } : null;
    const set = (change: Readonly<Record<string, string>>): void => {
      const { [WHICH]: _, [SORT]: __, ...rest } = store.state.more;
      store.set({ more: { ...rest, ...change } }, true);
    };
    const held = document.activeElement instanceof HTMLElement && room.table.contains(document.activeElement) ? document.activeElement.dataset : {};
    const tab = (name: string, words: string, change: Readonly<Record<string, string>>): HTMLElement =>
      h("button", { type: "button", "data-tab": name, "aria-pressed": String(which === name), onclick: () => set(change) }, words);
    const limit = h("input", { type: "checkbox", "data-tab": "only", onchange: () => {
      onlySelected = limit.checked;
      draw();
    } });
    limit.checked = onlySelected;
    limit.disabled = selected.length === 0 && !onlySelected;
    const caption = h("span", {}, caught(which, claims.length, edges.length, things.length), ` Seen through ${lensOf(room)}. `,
      only ? "Only what is selected. " : null, "What sources say, not what we say.");
    const resort = (next: Sort): void => set({ ...(which === "things" ? { [WHICH]: "things" } : {}), [SORT]: `${next.down ? "-" : ""}${next.name}` });
    const made = which === "things"
      ? table({ caption, columns: ofThings(map), rows: things, sort, resort, key: (thing) => thing.id, chosen: (thing) => room.acts.focus(thing.id) })
      : table({ caption, columns: OF_CLAIMS, rows: claims, sort, resort, key: (row) => row.key, chosen: (row) => room.acts.focus(row.key) });
    fill(room.table,
      h("div", { class: "tabs" },
        h("div", { role: "group", "aria-label": "Which table", class: "choice" },
          tab("relations", `Relations (${edges.length})`, {}), tab("things", `Things (${things.length})`, { [WHICH]: "things" })),
        h("label", {}, limit, ` Only what is selected (${selected.length})`)),
      map.things.length ? made : h("p", { class: "empty" }, "Nothing is on the map yet. What you search for and open there stands here too."));
    const again = held["sort"] ? `[data-sort="${held["sort"]}"]` : held["tab"] ? `[data-tab="${held["tab"]}"]` : null;
    if (again) room.table.querySelector<HTMLElement>(again)?.focus();
    mark();
  };

  store.on((now, before) => {
    if (now.view !== before.view || now.more !== before.more || now.hidden !== before.hidden) draw();
    else if (now.focus !== before.focus) mark();
  });
  room.onMap(draw);
  canvas.core.on("select unselect", "node", () => {
    if (onlySelected) draw();
    else mark();
  });
  draw();
}

const unstated = (): HTMLElement => h("span", { class: "quiet" }, "not stated");

/** The article, as a link, and the place in it. */
function where({ claim }: Row): HTMLElement {
  if (!claim) return unstated();
  const { article } = claim;
  return h("span", {}, article && h("a", { href: address("source", { id: article.id }) }, bdi(article.label)), article && ", ", h("span", { class: "place" }, place(claim.where)));
}

function caught(which: string, claims: number, relations: number, things: number): string {
  if (which === "things") return `${plural(things, "thing")} on the map.`;
  return `${plural(relations, "relation")} on the map, in ${plural(claims, "row")}: one for each claim.`;
}
