// The filters, at the side when nothing else is: who speaks, how, and when change the lens and ask again; types and
// relations only hide on the map.
import { familyOf } from "../graph/families";
import type { ClaimRef } from "../model";
import { bdi, fill, h, plural, type Child } from "./dom";
import { allClaims, count, dates, type Facet, type Row } from "./facets";
import { seen, type Names } from "./lens";
import { mark } from "./mark";
import type { Replay } from "./replay";
import type { Room } from "./room";
import { timeSlider } from "./timeslider";

const FIRST = 8;

export class Filters {
  readonly body = h("div", { class: "filters" });
  private claims: readonly ClaimRef[] = [];
  private asking: AbortController | null = null;
  private wide = new Set<string>();

  constructor(private readonly room: Room, private readonly replay: Replay, private readonly names: Names) {
    room.onMap(() => this.refresh());
    room.store.on((now, before) => { if (now.hidden !== before.hidden) this.draw(); });
  }

  /** Counts again, if it is looked at. */
  refresh(): void {
    if (!this.body.isConnected) return;
    this.draw();
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    void allClaims(this.replay, this.room.store.state, asking.signal).then(
      (claims) => {
        this.claims = claims;
        for (const claim of claims) claim.said_by.forEach((who) => this.names.learn(who));
        this.draw();
      },
      () => undefined, // aborted: another map is being counted
    );
  }

  private draw(): void {
    const held = document.activeElement instanceof HTMLElement && this.body.contains(document.activeElement) ? document.activeElement.dataset["row"] : undefined;
    const { lens } = this.room.store.state;
    const things = this.room.canvas.things();
    if (!things.length) {
      fill(this.body, h("p", { class: "quiet" }, "What can be filtered stands here, once there is something on the map: who speaks, how they say it, when it was, what kind of thing it is."));
      return;
    }
    const edges = this.room.canvas.edges();
    fill(this.body,
      h("p", { class: "quiet tally" }, `${plural(things.length, "thing")} and ${plural(edges.length, "relation")} on the map.`),
      this.speakers(),
      this.codes("modality", "How it is said", "modality"),
      this.codes("polarity", "Affirmed or denied", "polarity"),
      this.voices(),
      timeSlider(this.room, dates(this.claims), lens),
      this.hiding("Kinds of things", tally(things.map((thing) => [thing.type, thing.type_label])), (type) => mark(familyOf(type))),
      this.hiding("Relations", tally(edges.map((edge) => [edge.predicate, edge.predicate_label]))),
    );
    if (held) this.body.querySelector<HTMLElement>(`[data-row="${CSS.escape(held)}"]`)?.focus();
  }

  private speakers(): HTMLElement | null {
    const { lens } = this.room.store.state;
    const rows = count(this.claims, lens, "speaker");
    const full = (id: string): string => (id.includes(":") ? id : `id:${id}`);
    const only = (lens["said_by"] ?? []).map(full);
    const without = (lens["not_said_by"] ?? []).map(full);
    for (const id of [...only, ...without]) if (!rows.some((row) => row.value === id)) rows.push({ value: id, label: this.names.of(id), count: 0 });
    const change = (id: string, on: boolean): void => {
      if (only.length) this.room.acts.lens("said_by", on ? [...only, id] : only.filter((other) => other !== id));
      else this.room.acts.lens("not_said_by", on ? without.filter((other) => other !== id) : [...without, id]);
    };
    return this.group("Who says so", "speaker", rows, (row) => !without.includes(row.value) && (!only.length || only.includes(row.value)), change,
      (row) => {
        const alone = only.length === 1 && only[0] === row.value;
        return h("button", { type: "button", class: "only", "aria-pressed": String(alone), "aria-label": `Only what ${row.label} says`, onclick: () => this.room.acts.lens("said_by", alone ? [] : [row.value]) }, "only");
      });
  }

  private codes(name: "modality" | "polarity", title: string, facet: Facet): HTMLElement | null {
    const { lens } = this.room.store.state;
    const now = seen(lens, name);
    const rows = count(this.claims, lens, facet);
    for (const value of now ?? []) if (!rows.some((row) => row.value === value)) rows.push({ value, label: value.replaceAll("-", " "), count: 0 });
    const all = rows.map((row) => row.value);
    const usual = name === "modality" ? "reported" : "affirmed";
    return this.group(title, facet, rows, (row) => now === null || now.includes(row.value), (value, on) => {
      const next = on ? [...(now ?? all), value] : (now ?? all).filter((other) => other !== value);
      const whole = all.every((other) => next.includes(other)) && all.length > 1;
      this.room.acts.lens(name, whole ? ["any"] : next.length === 1 && next[0] === usual ? [] : next);
    });
  }

  private voices(): HTMLElement | null {
    const { lens } = this.room.store.state;
    const now = lens["voice"] ?? [];
    const rows = count(this.claims, lens, "voice");
    const all = rows.map((row) => row.value);
    return this.group("In whose voice", "voice", rows, (row) => !now.length || now.includes(row.value), (value, on) => {
      const next = on ? [...now, value] : (now.length ? now : all).filter((other) => other !== value);
      this.room.acts.lens("voice", all.every((other) => next.includes(other)) ? [] : next);
    });
  }

  private hiding(title: string, rows: readonly Row[], sign?: (value: string) => Node): HTMLElement | null {
    const { hidden } = this.room.store.state;
    return this.group(title, title, rows, (row) => !hidden.includes(row.value) && !hidden.includes(familyOf(row.value).name),
      (value) => this.room.acts.toggle(value), undefined, sign);
  }

  private group(
    title: string,
    name: string,
    rows: readonly Row[],
    on: (row: Row) => boolean,
    change: (value: string, on: boolean) => void,
    beside?: (row: Row) => Child,
    sign?: (value: string) => Node,
  ): HTMLElement | null {
    if (!rows.length) return null;
    const shown = this.wide.has(name) ? rows : rows.slice(0, FIRST);
    const more = rows.length - shown.length;
    return h("fieldset", {}, h("legend", {}, title),
      ...shown.map((row) => {
        const box = h("input", { type: "checkbox", "data-row": `${name} ${row.value}`, onchange: () => change(row.value, box.checked) });
        box.checked = on(row);
        return h("div", { class: "row" }, h("label", {}, box, sign?.(row.value), bdi(row.label)), beside?.(row), h("span", { class: "count" }, row.count.toLocaleString("en")));
      }),
      more > 0 && h("button", { type: "button", class: "plain", onclick: () => { this.wide.add(name); this.draw(); } }, `${more} more`),
    );
  }
}

function tally(values: readonly (readonly [string, string])[]): Row[] {
  const rows = new Map<string, { label: string; count: number }>();
  for (const [value, label] of values) rows.set(value, { label, count: (rows.get(value)?.count ?? 0) + 1 });
  return [...rows].map(([value, row]) => ({ value, ...row })).sort((a, b) => b.count - a.count || a.label.localeCompare(b.label));
}
