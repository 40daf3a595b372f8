// The story of the address: read from it, written to it, one step of it shown on the map.
import { decode, encode, type State } from "./state";
import { LONGEST, MOST_STEPS, NO_STORY, read, write, type Story, type StoryStep } from "./storytext";
import type { Room } from "./room";

/** In `State.more`: the story, and (while it is played) the number of the step, from 1. */
export const STORY = "story";
export const STEP = "step";

export class Telling {
  story: Story = NO_STORY;
  private text = "";
  private turn = 0;
  /** What was in focus before the panel of the story took its place. */
  private pointed: string | null = null;

  /** `changed` is told when the story is another one, and when another step is played. */
  constructor(private readonly room: Room, private readonly changed: () => void) {
    room.store.on((now, before) => {
      if (now.focus !== null) this.pointed = null;
      else if (before.focus !== null) this.pointed = before.focus;
      if ((now.more[STORY] ?? "") !== this.text) void this.load();
      else if (now.more[STEP] !== before.more[STEP]) changed();
    });
  }

  /** The step that is played, from 0; null when none is. */
  get playing(): number | null {
    const step = Number(this.room.store.state.more[STEP]);
    return Number.isInteger(step) && step >= 1 && step <= this.story.steps.length ? step - 1 : null;
  }

  /** Characters of the address that the story takes. */
  get length(): number {
    return this.text.length;
  }

  /** Reads the story of the address. What is none is left alone and said. */
  async load(): Promise<void> {
    const text = this.room.store.state.more[STORY] ?? "";
    if (text === this.text) return;
    this.turn += 1;
    const mine = this.turn;
    const story = text ? await read(text) : NO_STORY;
    if (mine !== this.turn) return;
    this.text = text;
    this.story = story ?? NO_STORY;
    if (!story) this.room.say("The story in this address cannot be read: it may have been cut on its way.");
    this.changed();
  }

  /** Another story; false, with words, where it does not fit into an address. `look` changes what was typed only. */
  async tell(story: Story, look = false): Promise<boolean> {
    if (story.steps.length > MOST_STEPS) {
      this.room.say(`A story has at most ${MOST_STEPS} steps.`);
      return false;
    }
    this.turn += 1;
    const mine = this.turn;
    const text = story.steps.length || story.title ? await write(story) : "";
    if (mine !== this.turn) return false;
    if (text.length > LONGEST) {
      this.room.say(`This would take ${text.length.toLocaleString("en")} characters of the address, and ${LONGEST.toLocaleString("en")} is the most that travels well. Shorten captions, or save the story as a file.`);
      return false;
    }
    this.story = story;
    this.text = text;
    const { [STORY]: _, ...more } = this.room.store.state.more;
    this.room.store.set({ more: text ? { ...more, [STORY]: text } : more }, look);
    this.changed();
    return true;
  }

  /** Another story while one types: it is told when the typing pauses (`tell` with `look`). */
  type(change: Partial<Story>): void {
    this.story = { ...this.story, ...change };
  }

  /** The map as it is now, as a step. */
  now(caption = ""): StoryStep {
    const { store, canvas } = this.room;
    const { [STORY]: _, [STEP]: __, find: ___, ...more } = store.state.more;
    const chosen = [...canvas.core.elements(":selected").map((element) => element.id()), store.state.focus ?? this.pointed ?? ""];
    const lit = [...new Set(chosen)].filter((id) => id !== "" && canvas.core.getElementById(id).nonempty());
    return { query: encode({ ...store.state, focus: null, view: "map", more }), caption, lit };
  }

  /** Shows a step: its map takes the place of what was there; the story stays. */
  show(index: number, replace = false): void {
    const step = this.story.steps[index];
    if (!step) return;
    const state = stateOf(step);
    this.room.store.set({ ...state, more: { ...state.more, [STORY]: this.text, [STEP]: String(index + 1) } }, replace);
  }

  stop(): void {
    const { [STEP]: _, ...more } = this.room.store.state.more;
    this.room.store.set({ more });
  }
}

/** The state of a step. What a stranger's address brings along besides (another story) is left out. */
export function stateOf(step: StoryStep): State {
  const state = decode(step.query);
  const { [STORY]: _, [STEP]: __, ...more } = state.more;
  return { ...state, view: "map", more };
}
