// One view of the widget: the map, its buttons, legend and card, and what goes between them and Python.
import { Canvas, type Thing } from "../graph/canvas";
import { drawn } from "../graph/labels";
import { edgeKey, type Edge } from "../model";
import { relationCard, thingCard, type Chosen } from "./card";
import { button, element } from "./dom";
import { listen, zoomBy } from "./keys";
import { legend } from "./legend";
import type { Answered, Asked, Model } from "./model";
import { save } from "./saving";
import style from "./widget.css?inline";
import { isDark, watchTheme } from "./theme";

const NO_KERNEL = "What stands near it is asked of the graph itself: run the notebook, and it is shown.";
const ASKING = "Asking who says so …";
const NO_CLAIM = "No claim comes with this relation: it was given as plain triples.";

export class Frame implements Chosen {
  private readonly canvas: Canvas;
  private readonly stage = element("div", { class: "kgw-stage", tabindex: "0", role: "application" });
  private readonly card = element("section", { class: "kgw-card", "aria-label": "What was chosen", "aria-live": "polite" });
  private readonly legend = element("ul", { class: "kgw-legend", "aria-label": "Colours and shapes" });
  private readonly said = element("p", { class: "kgw-said", role: "status" });
  private readonly root: HTMLElement;
  private readonly unwatch: () => void;
  private dark = isDark();
  private shown: { thing: string } | { edge: string } | null = null;
  private telling = false;

  constructor(
    private readonly model: Model,
    host: HTMLElement,
  ) {
    this.root = element(
      "div",
      { class: "kgw", role: "group", "aria-label": "Graph" },
      element("style", {}, style),
      element(
        "div",
        { class: "kgw-map" },
        this.stage,
        element("div", { class: "kgw-bar", role: "toolbar", "aria-label": "Picture" }, ...this.buttons()),
        this.card,
        this.said,
      ),
      this.legend,
    );
    host.append(this.root);
    this.size();
    this.root.dataset["look"] = this.dark ? "dark" : "light";
    this.canvas = new Canvas(
      this.stage,
      {
        node: (id) => (id === null ? this.close() : this.thing(id)),
        edge: (edge) => this.edge(edge),
        expand: (id) => this.expand(id),
        selection: () => this.tellSelection(),
      },
      this.dark,
    );
    this.wheelOnlyWhenMeant();
    listen(this.stage, this.canvas, {
      at: () => this.canvas.selected()[0] ?? null,
      go: (id) => this.go(id),
      expand: (id) => this.expand(id),
      close: () => this.close(),
    });
    this.card.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      if (event.key === "Escape") this.stage.focus();
      event.stopPropagation();
    });
    this.card.hidden = true;
    this.unwatch = watchTheme((dark) => {
      this.dark = dark;
      this.root.dataset["look"] = dark ? "dark" : "light";
      this.canvas.look(dark);
    });
    model.on("change:graph", this.draw);
    model.on("change:selected", this.select);
    model.on("change:height", this.size);
    model.on("msg:custom", this.heard);
    void this.draw();
  }

  destroy(): void {
    this.model.off("change:graph", this.draw);
    this.model.off("change:selected", this.select);
    this.model.off("change:height", this.size);
    this.model.off("msg:custom", this.heard);
    this.unwatch();
    this.canvas.destroy();
    this.root.remove();
  }

  /** Opens the card of a thing. */
  thing(id: string): void {
    const thing = this.canvas.things().find((one) => one.id === id);
    if (!thing) return;
    this.shown = { thing: id };
    this.open(thingCard(thing, this.canvas, this.model.get("live"), this));
  }

  /** Opens the evidence of a relation; where none came with it, Python is asked. */
  edge(edge: Edge): void {
    this.shown = { edge: edgeKey(edge) };
    const live = this.model.get("live");
    if (edge.claims.length === 0 && live) {
      this.send({ kind: "evidence", source: edge.source, predicate: edge.predicate, target: edge.target });
    }
    this.open(relationCard(edge, this.canvas, live ? ASKING : NO_CLAIM, this));
  }

  expand(id: string): void {
    const thing = this.canvas.things().find((one) => one.id === id);
    if (!this.model.get("live")) return this.tell(NO_KERNEL);
    this.tell(`Asking what stands near ${drawn(thing?.label ?? id)} …`);
    this.send({ kind: "expand", id });
  }

  close(): void {
    this.shown = null;
    this.card.hidden = true;
    this.canvas.select([]);
  }

  private buttons(): HTMLElement[] {
    return [
      button("+", "Nearer (+)", () => zoomBy(this.canvas, 1.25)),
      button("−", "Farther (-)", () => zoomBy(this.canvas, 0.8)),
      button("Fit", "Show all (0)", () => this.canvas.fit()),
      button("PNG", "Save as PNG", () => void this.canvas.png(this.dark).then((made) => save(made, "graph.png"))),
      button("SVG", "Save as SVG", () => {
        save(new Blob([this.canvas.svg(this.dark)], { type: "image/svg+xml" }), "graph.svg");
      }),
    ];
  }

  private readonly draw = async (): Promise<void> => {
    const { nodes, edges, centre, notes, near } = this.model.get("graph");
    legend(this.legend, nodes, edges); // first: it takes room from the map
    const placing = await this.canvas.add(nodes, edges, near ?? undefined);
    this.canvas.centre(centre);
    this.stage.setAttribute("aria-label", spoken(this.canvas.things(), this.canvas.edges()));
    if (placing === "refused") this.tell(`${nodes.length} things are too many to be laid out: they stand on rings.`);
    else if (near === null) this.tell(notes.join(" "));
    if (this.shown && "thing" in this.shown) this.thing(this.shown.thing);
    if (this.shown && "edge" in this.shown) this.again(this.shown.edge);
    if (near === null) this.select();
  };

  private again(key: string): void {
    const edge = this.canvas.edges().find((one) => edgeKey(one) === key);
    if (edge) this.open(relationCard(edge, this.canvas, NO_CLAIM, this));
  }

  private readonly select = (): void => {
    const wanted = this.model.get("selected");
    const now = this.canvas.selected();
    if (wanted.length !== now.length || wanted.some((id) => !now.includes(id))) this.canvas.select(wanted);
  };

  private readonly size = (): void => {
    this.root.style.height = `${this.model.get("height")}px`;
  };

  private readonly heard = (message: Answered): void => {
    this.root.dataset["state"] = message.kind;
    if (this.shown && "edge" in this.shown && this.shown.edge === message.id) this.again(message.id);
    this.tell(message.text);
  };

  private go(id: string): void {
    this.canvas.select([id]);
    this.canvas.reveal(id);
    this.thing(id);
  }

  private open(parts: HTMLElement[]): void {
    this.card.replaceChildren(...parts);
    this.card.hidden = false;
    this.card.scrollTop = 0;
  }

  private tell(words: string): void {
    this.said.textContent = words;
    this.said.hidden = !words;
  }

  /** Many are selected one after the other, and told once. */
  private tellSelection(): void {
    if (this.telling) return;
    this.telling = true;
    queueMicrotask(() => {
      this.telling = false;
      const [now, held] = [this.canvas.selected(), this.model.get("selected")];
      if (now.length === held.length && now.every((id) => held.includes(id))) return;
      this.model.set("selected", now);
      this.model.save_changes();
    });
  }

  private send(message: Asked): void {
    this.root.dataset["state"] = "asking";
    this.model.send(message);
  }

  /** A wheel that passes over the map scrolls the notebook; it zooms where the reader is at the map. */
  private wheelOnlyWhenMeant(): void {
    const { core } = this.canvas;
    core.userZoomingEnabled(false);
    this.stage.addEventListener("pointerdown", () => this.stage.focus({ preventScroll: true }));
    this.stage.addEventListener("focus", () => void core.userZoomingEnabled(true));
    this.stage.addEventListener("blur", () => void core.userZoomingEnabled(false));
  }
}

function spoken(things: Thing[], edges: Edge[]): string {
  const keys = "Arrow keys go from thing to thing, Enter shows what stands near, Escape closes, + - 0 zoom.";
  const [n, m] = [things.length, edges.length];
  return `A graph of ${n} ${n === 1 ? "thing" : "things"} and ${m} ${m === 1 ? "relation" : "relations"}. ${keys}`;
}
