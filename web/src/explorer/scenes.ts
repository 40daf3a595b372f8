// The pictures of a story: each step's map is taken anew, on paper nobody sees, and keeps the places of the one before.
import { Canvas } from "../graph/canvas";
import { edgeKey } from "../model";
import { hide, joined } from "./follow";
import { h } from "./dom";
import { lasting } from "./exports";
import { Replay } from "./replay";
import type { Room } from "./room";
import { seen } from "./seen";
import type { Scene } from "./storypage";
import type { Story } from "./storytext";
import { stateOf } from "./telling";

/** A scene for each step. Raises ServiceError where the service refuses a step: a story with a hole is no story. */
export async function scenes(story: Story, room: Room): Promise<Scene[]> {
  const replay = new Replay();
  const paper = h("div", { class: "paper", "aria-hidden": "true" });
  document.body.append(paper);
  const canvas = new Canvas(paper);
  const places = new Map(room.canvas.places());
  try {
    const made: Scene[] = [];
    for (const step of story.steps) {
      const state = stateOf(step);
      const parts = await replay.take(state);
      const problem = parts.find((part) => part.problem)?.problem;
      if (problem) throw problem;
      const { things, edges } = joined(parts, new Set(state.gone));
      for (const [id, [x, y]] of Object.entries(state.pins)) places.set(id, { x, y });
      await canvas.show(things, edges, { places });
      hide(canvas, state);
      for (const [id, place] of canvas.places()) places.set(id, place);
      const map = seen(canvas);
      const lit = new Set(step.lit);
      const there = [...map.things.map((thing) => thing.id), ...map.edges.map(edgeKey)].filter((id) => lit.has(id));
      canvas.light(there, there.some((id) => id.includes(" ")));
      const generation = parts[0]?.generation ?? null;
      made.push({
        caption: step.caption, picture: canvas.svg(), map,
        lens: parts.map((part) => part.lens).find(Boolean) ?? "reported, affirmed claims",
        address: lasting(state, generation),
      });
    }
    return made;
  } finally {
    canvas.destroy();
    paper.remove();
  }
}
