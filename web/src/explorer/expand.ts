// Before a thing is opened: how much stands near it, by relation and direction. Then all of it, or one relation.
import type { Entity } from "../model";
import { ServiceError } from "../service";
import { bdi, plural } from "./dom";
import { popup, titled, type Item } from "./popup";
import { PAGE, type Replay } from "./replay";
import type { Room } from "./room";
import type { Near } from "./state";

/** What a thing is joined to, under the lens; of its claims only the first, for none is shown. */
export async function countsOf(room: Room, replay: Replay, id: string): Promise<Entity> {
  return await replay.ask<Entity>("entity", { id, limit: 1, ...room.lens() });
}

/** Whether this relation is on the map: wholly, or the first pages of it. */
function held(room: Room, id: string, predicate?: string, direction?: Near["direction"]): "whole" | "begun" | null {
  const near = room.parts.flatMap((part) => (part.step.kind === "near" && part.step.id === id && part.problem === null ? [{ ...part, step: part.step }] : []));
  if (near.some(({ step, more }) => step.predicate === undefined && step.direction === undefined && !more)) return "whole";
  const own = near.find(({ step }) => step.predicate === predicate && step.direction === direction);
  return own ? (own.more ? "begun" : "whole") : null;
}

/** The rows of the menu: all, then each relation, with its count or what of it is shown. */
export function choices(room: Room, thing: Entity): Item[] {
  const total = thing.counts.reduce((sum, row) => sum + row.count, 0);
  const row = (text: Item["text"], count: number, predicate?: string, direction?: Near["direction"]): Item => {
    const now = held(room, thing.id, predicate, direction);
    const number = count.toLocaleString("en");
    const aside = now === null ? number : now === "begun" ? `next ${PAGE} of ${number}` : `${number} shown`;
    return {
      text,
      aside,
      run: () => {
        if (now === "whole") room.say("That is on the map already.");
        else room.acts.expand(thing.id, predicate, direction);
      },
    };
  };
  const rows = thing.counts.map((count) =>
    row(bdi(count.predicate_label), count.count, count.predicate, count.direction === "forward" ? "out" : "in"),
  );
  return rows.length === 1 ? rows : [row(total > PAGE ? `All, ${PAGE} at a time` : "All of it", total), ...rows];
}

/** Opens the menu of counts beside a thing. */
export async function askToExpand(room: Room, replay: Replay, id: string): Promise<void> {
  try {
    const thing = await countsOf(room, replay, id);
    if (!thing.counts.length) {
      room.say(`Nothing stands near ${thing.label} through this lens.`);
      return;
    }
    const place = room.canvas.onPage(id) ?? { x: innerWidth / 2, y: innerHeight / 2 };
    const sum = thing.counts.reduce((total, row) => total + row.count, 0);
    popup(place.x + 14, place.y + 14, titled(plural(sum, "relation"), " of ", bdi(thing.label)), choices(room, thing));
  } catch (error) {
    if (error instanceof ServiceError && error.status === 404) room.say(error.detail);
    else room.trouble(error, () => void askToExpand(room, replay, id));
  }
}
