// What a part of the explorer is given. Each is mounted once by `index.ts` (`mountX(room)`) and does the rest by itself:
// it listens to the store or to the map, puts a button into the toolbar, fills the panel.
import type { Canvas } from "../graph/canvas";
import type { Parameters } from "../service";
import type { Acts } from "./acts";
import type { Part } from "./replay";
import type { Store } from "./state";

/** What can be done with a thing, offered on its card and in its menu. */
export interface ThingAct {
  readonly name: string;
  /** The key that does it on the map, as `KeyboardEvent.key` names it. */
  readonly key?: string;
  /** Whether it makes sense now; always, when left out. */
  readonly fits?: (id: string) => boolean;
  readonly run: (id: string) => void;
}

/** Groups of the toolbar, in their order. */
export type Slot = "history" | "map" | "view" | "share";

export interface Room {
  readonly store: Store;
  readonly canvas: Canvas;
  readonly acts: Acts;
  /** Parts add theirs (`room.thingActs.push(…)`) when they are mounted. */
  readonly thingActs: ThingAct[];
  /** Where the table view stands; shown instead of the map while `state.view` is "table". */
  readonly table: HTMLElement;
  /** What the steps of the state gave, as they are on the map now. */
  readonly parts: readonly Part[];
  /** The state's lens as parameters for the service. */
  lens(): Parameters;
  dark(): boolean;
  /** Shows something at the side (a sheet on a phone) instead of what was there; `closed` is told when it goes. */
  panel(title: string, body: HTMLElement, closed?: () => void): void;
  /** Back to what stands at the side otherwise: the filters. */
  close(): void;
  /** Puts a button (see `dom.tool`) or another control into the toolbar. */
  tool(slot: Slot, control: HTMLElement): void;
  /** Says a thing to screen readers, and for a moment below the map. */
  say(words: string): void;
  /** Says in words what went wrong, with a button that tries again. */
  trouble(error: unknown, again: () => void): void;
  /** Told after each change of what is on the map. */
  onMap(listener: () => void): () => void;
}
