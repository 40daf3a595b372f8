// What stands at the side follows the focus: the card of a thing, the evidence of a relation or of one claim; without a
// focus, the filters.
import type { Claim, Edge } from "../model";
import { card, trouble } from "./card";
import { h } from "./dom";
import { evidence } from "./evidence";
import type { Filters } from "./filters";
import type { Replay } from "./replay";
import type { Room } from "./room";
import type { Shell } from "./shell";

const ASKED_MS = 150;

export class Side {
  /** What is asked for, and what of it stands in the panel already. */
  private showing: string | null = null;
  private placed: string | null = null;
  private turn = 0;

  constructor(private readonly room: Room, private readonly shell: Shell, private readonly replay: Replay, private readonly filters: Filters) {
    room.store.on((now, before) => {
      if (now.focus !== before.focus) this.follow();
    });
    room.onMap(() => {
      const { focus } = room.store.state;
      if (focus !== null && focus === this.showing) this.show(focus); // what the lens shows of it has changed
      else if (focus !== this.showing) this.follow();
      this.mark();
    });
  }

  /** The filters; `raised` shows them on a phone too. */
  ground(raised = false): void {
    this.turn += 1;
    this.showing = null;
    this.placed = null;
    if (raised) this.shell.panel("What you see", this.filters.body);
    else this.shell.ground("What you see", this.filters.body);
    this.filters.refresh();
  }

  private follow(): void {
    const { focus } = this.room.store.state;
    this.mark();
    if (focus !== null) this.show(focus);
    else if (this.showing !== null) this.ground();
  }

  private mark(): void {
    const { focus } = this.room.store.state;
    this.room.canvas.select(focus === null ? [] : [focus]);
  }

  private show(focus: string): void {
    this.turn += 1;
    const mine = this.turn;
    const asked = (): boolean => mine === this.turn;
    const put = (title: string, body: HTMLElement): void => {
      if (this.placed === focus) this.shell.renew(title, body);
      else this.shell.panel(title, body, () => this.left(focus));
      this.placed = focus;
    };
    this.showing = focus;
    if (focus.includes(" ")) return this.relation(focus, put);
    setTimeout(() => { if (asked() && this.placed !== focus) put("…", h("p", { class: "quiet" }, "Fetching…")); }, ASKED_MS);
    if (focus.startsWith("id:claim-")) void this.claim(focus, asked, put);
    else void card(this.room, this.replay, focus, asked, put);
  }

  private left(focus: string): void {
    if (this.showing !== focus) return; // something else is asked for already
    this.turn += 1;
    this.showing = null;
    this.placed = null;
    if (this.room.store.state.focus === focus) this.room.acts.focus(null);
  }

  private relation(key: string, put: (title: string, body: HTMLElement) => void): void {
    const line = this.room.canvas.core.getElementById(key);
    if (line.empty()) {
      if (this.room.parts.length) put("Who says so", h("p", { class: "quiet" }, "Through this lens nobody says so. Change the lens, or choose another relation."));
      return;
    }
    const edge = line.data("edge") as Edge;
    const label = (id: string): string => String((this.room.canvas.core.getElementById(id).data("thing") as { label: string }).label);
    put("Who says so", evidence(this.replay, edge, { source: label(edge.source), target: label(edge.target) }));
  }

  private async claim(id: string, asked: () => boolean, put: (title: string, body: HTMLElement) => void): Promise<void> {
    try {
      const claim = await this.replay.ask<Claim>("claim", { id });
      if (!asked()) return;
      const edge = { source: claim.subject.id, predicate: claim.predicate, predicate_label: claim.predicate_label, target: claim.object.id, forward: true, claims: [claim as never] };
      put("Who says so", evidence(this.replay, edge, { source: claim.subject.label, target: claim.object.label }));
    } catch (error) {
      if (asked()) put("Who says so", trouble(error, () => void this.claim(id, asked, put)));
    }
  }
}
