// The card of a thing: its names, what is said of it, how much stands near it, and what can be done with it.
import type { Entity, Timeline } from "../model";
import { address, ServiceError } from "../service";
import { bdi, h, icon, plain, plural, type Child } from "./dom";
import { choices } from "./expand";
import type { Replay } from "./replay";
import type { Room } from "./room";
import { placeOf, quantity, speakers, standing, when } from "./say";
import { badge } from "./search";

const CLAIMS = 30;

export function section(title: string, ...children: readonly Child[]): HTMLElement {
  return h("section", {}, h("h3", {}, title), ...children);
}

/** Fetches and shows the card; `asked` says whether it is still wanted when it comes. */
export async function card(room: Room, replay: Replay, id: string, asked: () => boolean, show: (title: string, body: HTMLElement) => void): Promise<void> {
  try {
    const [thing, timeline] = await Promise.all([
      replay.ask<Entity>("entity", { id, limit: CLAIMS, ...room.lens() }),
      replay.ask<Timeline>("timeline", { entity: id, limit: CLAIMS, ...room.lens() }),
    ]);
    if (asked()) show(thing.label, body(room, thing, timeline));
  } catch (error) {
    if (!asked()) return;
    show(id, trouble(error, () => void card(room, replay, id, asked, show)));
  }
}

/** What went wrong, where the answer would stand. */
export function trouble(error: unknown, again: () => void): HTMLElement {
  const known = error instanceof ServiceError;
  if (!known) console.error(error);
  return h("div", { class: "sorry", role: "alert" },
    h("strong", {}, known ? error.title : "Something went wrong on this page"),
    h("p", {}, known ? error.detail : "Try again; if it stays so, load the page anew."),
    h("button", { type: "button", onclick: again }, "Try again"),
  );
}

function body(room: Room, thing: Entity, timeline: Timeline): HTMLElement {
  const { alt_labels: also } = thing.labels;
  return h("article", { class: "card" },
    h("p", { class: "lead" }, badge(thing.type, thing.type_label)),
    also.length > 0 && h("p", { class: "quiet" }, "Also called ", ...also.flatMap((label, index) => [index > 0 && ", ", bdi(label)])),
    actions(room, thing.id),
    thing.facts.length > 0 && h("ul", { class: "facts" }, ...thing.facts.map((fact) => h("li", {}, fact.sentence ?? h("span", {}, bdi(fact.predicate_label), ": ", bdi(fact.value))))),
    thing.notes.length > 0 && section("Notes of the editors", ...thing.notes.map((note) => h("p", { class: "note" }, bdi(note.text)))),
    near(room, thing),
    thing.quantities.length > 0 && section("Numbers, with their qualifiers", h("ul", {}, ...thing.quantities.map((row) =>
      h("li", {}, bdi(row.predicate_label), " ", h("strong", {}, bdi(quantity(row.quantity))),
        ...row.claims.slice(0, 2).map((claim) => h("span", { class: "who" }, ...speakers(claim), claim.where ? `, ${placeOf(claim.where)}` : "")))))),
    timeline.claims.length > 0 && section("Timeline", h("ol", { class: "timeline" }, ...timeline.claims.map((claim) =>
      h("li", {}, claim.when && h("time", {}, bdi(when(claim.when))), h("a", { href: address("claim", { id: claim.id }) }, bdi(claim.sentence)),
        h("span", { class: "who" }, ...speakers(claim), standing(claim) && `, ${standing(claim)}`)))),
      timeline.truncated && h("p", { class: "quiet" }, h("a", { href: address("timeline", { entity: thing.id }) }, "The whole timeline"))),
    thing.claims.length > 0 && section("What sources say", h("ul", { class: "claims" }, ...thing.claims.map((claim) =>
      h("li", {}, h("a", { href: address("claim", { id: claim.id }) }, bdi(claim.sentence)),
        h("span", { class: "who" }, ...speakers(claim), standing(claim) && h("em", {}, `, ${standing(claim)}`))))),
      thing.truncated && h("p", { class: "quiet" }, "These are the first. ", h("a", { href: address("entity", { id: thing.id }) }, "All of them"))),
    h("p", { class: "quiet" }, h("a", { href: address("entity", { id: thing.id }) }, "Page of this entity"), " · seen through: ", plain(thing.lens)),
  );
}

function actions(room: Room, id: string): HTMLElement {
  return h("div", { class: "actions" }, ...room.thingActs.filter((act) => act.fits?.(id) ?? true).map((act) =>
    h("button", { type: "button", onclick: () => act.run(id) }, act.name)));
}

function near(room: Room, thing: Entity): HTMLElement | null {
  if (!thing.counts.length) return h("p", { class: "quiet" }, "Nothing stands near it through this lens.");
  const total = thing.counts.reduce((sum, row) => sum + row.count, 0);
  return section(`${plural(total, "relation")} near it`, h("ul", { class: "choices" }, ...choices(room, thing).map((item) =>
    h("li", {}, h("button", { type: "button", onclick: item.run }, icon("M10 4v12M4 10h12"), h("span", {}, item.text), h("span", { class: "aside" }, item.aside ?? ""))))));
}
