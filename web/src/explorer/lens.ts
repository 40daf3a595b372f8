// The lens in words, always in view: which claims are seen, each bound a chip that can be taken off.
import type { EntityRef } from "../model";
import { bdi, byId, fill, h, plain, type Child } from "./dom";
import type { Replay } from "./replay";
import type { Room } from "./room";
import type { Lens } from "./state";

/** What a bound says, around the value it is set to. */
const WORDS: Readonly<Record<string, (value: Child) => Child[]>> = {
  said_by: (who) => ["said by ", who],
  not_said_by: (who) => ["without ", who],
  article: (source) => ["in ", source],
  voice: (voice) => [voice],
  valid_from: (date) => ["about ", date, " or later"],
  valid_until: (date) => ["about ", date, " or earlier"],
  published_until: (date) => ["published by ", date],
  min_sources: (count) => ["in ", count, " articles or more"],
  min_confidence: (level) => ["read with confidence of ", level, " or more"],
  include: (layer) => ["with ", layer],
  at: (moment) => ["as the graph was at ", moment],
};
const NAMED = new Set(["said_by", "not_said_by", "article"]);
const CODES = new Set(["voice", "include"]);

const full = (id: string): string => (id.includes(":") ? id : `id:${id}`);

/** The labels of speakers and articles, as the map has told them; others are asked for. */
export class Names {
  private readonly known = new Map<string, string>();

  constructor(private readonly room: Room, private readonly replay: Replay, private readonly changed: () => void) {}

  of(name: string): string {
    const id = full(name);
    const held = this.known.get(id);
    if (held !== undefined) return held;
    for (const part of this.room.parts) {
      for (const thing of part.things) this.known.set(thing.id, thing.label);
      for (const edge of part.edges) {
        for (const claim of edge.claims) for (const who of [...claim.said_by, ...claim.via, claim.article]) this.learn(who);
      }
    }
    if (!this.known.has(id)) {
      this.known.set(id, name);
      void this.replay.ask<{ centre: EntityRef | null }>("neighbourhood", { entity: id, hops: 0 }).then(
        ({ centre }) => { this.learn(centre); this.changed(); },
        () => undefined, // its name stays what the address says
      );
    }
    return this.known.get(id) ?? name;
  }

  learn(who: EntityRef | null): void {
    if (who) this.known.set(who.id, who.label);
  }
}

/** The codes of modality or polarity that are seen; null is any. */
export function seen(lens: Lens, name: "modality" | "polarity"): readonly string[] | null {
  const values = lens[name] ?? [name === "modality" ? "reported" : "affirmed"];
  return values.includes("any") ? null : values;
}

export function mountLens(room: Room, replay: Replay): Names {
  const line = byId("lens");
  const names = new Names(room, replay, () => draw());
  const draw = (): void => {
    const { lens } = room.store.state;
    const chips = [...codes(room, "modality"), ...codes(room, "polarity"), h("span", { class: "word" }, "claims")];
    for (const [name, values] of Object.entries(lens)) {
      const words = WORDS[name];
      if (!words) continue;
      for (const value of values) {
        const shown = NAMED.has(name) ? bdi(names.of(value)) : CODES.has(name) ? plain(value) : value;
        chips.push(chip(words(shown), () => room.acts.lens(name, values.filter((other) => other !== value))));
      }
    }
    const changed = Object.keys(lens).length > 0;
    fill(line, h("span", { class: "word" }, "You see"), ...chips,
      changed && h("button", { type: "button", class: "reset", onclick: () => room.store.set({ lens: {} }) }, "Reset"));
  };
  room.store.on((now, before) => { if (now.lens !== before.lens) draw(); });
  room.onMap(draw);
  draw();
  return names;
}

function codes(room: Room, name: "modality" | "polarity"): HTMLElement[] {
  const { lens } = room.store.state;
  const values = seen(lens, name);
  if (values === null) return [chip([name === "modality" ? "reported, alleged, demanded and all other" : "affirmed or denied"], () => room.acts.lens(name, []))];
  if (!(name in lens)) return values.map((value) => h("span", { class: "chip fixed" }, value));
  return values.map((value) => chip([plain(value)], () => room.acts.lens(name, values.filter((other) => other !== value))));
}

function chip(words: readonly Child[], off: () => void): HTMLElement {
  const text = h("span", {}, ...words);
  return h("span", { class: "chip" }, text,
    h("button", { type: "button", "aria-label": `Take off: ${text.textContent ?? ""}`, onclick: off }, "×"));
}
