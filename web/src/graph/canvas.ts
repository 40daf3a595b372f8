// A map: things and relations, drawn by Cytoscape. It knows nothing of the service; who owns it adds what is to be seen
// and is told what the reader does.
import cytoscape from "cytoscape";
import fcose from "cytoscape-fcose";
import { edgeKey, type ClaimRef, type Edge, type EntityRef, type NeighbourRef } from "../model";
import { familyOf } from "./families";
import { NEAREST } from "./framing";
import { breakable, drawn } from "./labels";
import { arrange, MARGIN, MOST_LAID_OUT, type Placing } from "./layout";
import { DARK, LIGHT, sheet } from "./look";
import { svg } from "./svg";

cytoscape.use(fcose);

/** Cytoscape writes a style element of its own, which a strict content policy refuses; with one of this id it does not.
 * What that element would say is in our style sheets. */
const STYLE_ID = "__________cytoscape_stylesheet";

export interface Told {
  /** A thing was chosen, or nothing (null). */
  node?: (id: string | null) => void;
  /** A relation was clicked. */
  edge?: (edge: Edge) => void;
  /** A thing was double-clicked: show what stands near it. */
  expand?: (id: string) => void;
  /** What is selected now. */
  selection?: (ids: string[]) => void;
  /** A thing was moved by hand: from now on it stays there. */
  moved?: (id: string, x: number, y: number) => void;
  /** What was clicked with the other button, and where on the page. */
  menu?: (id: string | null, x: number, y: number) => void;
}

export type Thing = EntityRef & Partial<Pick<NeighbourRef, "quantity" | "notes">>;

export class Canvas {
  readonly core: cytoscape.Core;
  private readonly watch: ResizeObserver;
  private fitted = true;

  constructor(host: HTMLElement, told: Told = {}, dark = false) {
    if (!document.getElementById(STYLE_ID)) {
      const held = document.createElement("meta");
      held.id = STYLE_ID;
      document.head.append(held);
    }
    this.core = cytoscape({
      container: host,
      style: sheet(dark ? DARK : LIGHT),
      minZoom: 0.05,
      maxZoom: 4,
      boxSelectionEnabled: true,
    });
    this.listen(told);
    this.watch = new ResizeObserver(() => {
      this.core.resize();
      if (this.fitted) this.fit();
    });
    this.watch.observe(host);
  }

  /** Adds what is not there yet; old nodes do not move. `near` is the thing the new ones belong to. */
  async add(things: readonly Thing[], edges: readonly Edge[], near?: string): Promise<Placing> {
    const empty = this.core.nodes().empty();
    const fresh = this.core.collection();
    this.core.batch(() => {
      for (const thing of things) {
        const held = this.core.getElementById(thing.id);
        if (held.nonempty()) continue;
        fresh.merge(this.core.add({ group: "nodes", data: nodeData(thing) }));
      }
      for (const edge of edges) {
        const id = edgeKey(edge);
        const held = this.core.getElementById(id);
        if (held.nonempty()) {
          held.data(edgeData(merged(held.data("edge") as Edge, edge)));
          continue;
        }
        if (this.core.getElementById(edge.source).empty() || this.core.getElementById(edge.target).empty()) continue;
        this.core.add({ group: "edges", data: edgeData(edge) });
      }
    });
    const placing = await arrange(this.core, fresh.nodes(), empty, near);
    if (empty || this.fitted) this.fit();
    return placing;
  }

  /** Lays the whole map out anew; pinned nodes stay. Refused above `MOST_LAID_OUT`. */
  async arrange(): Promise<Placing> {
    const placing = await arrange(this.core, this.core.nodes(), true);
    this.fit();
    return placing;
  }

  /** Puts nodes where they were, as a saved map names it. */
  place(positions: Readonly<Record<string, readonly [number, number]>>): void {
    this.core.batch(() => {
      for (const [id, [x, y]] of Object.entries(positions)) this.core.getElementById(id).position({ x, y });
    });
  }

  positions(): Record<string, [number, number]> {
    return Object.fromEntries(
      this.core.nodes().map((node) => [node.id(), [Math.round(node.position("x")), Math.round(node.position("y"))]]),
    );
  }

  remove(ids: Iterable<string>): void {
    this.core.batch(() => {
      for (const id of ids) this.core.getElementById(id).remove();
    });
  }

  clear(): void {
    this.core.elements().remove();
    this.fitted = true;
  }

  pin(id: string, pinned: boolean): void {
    this.core.getElementById(id).data("pinned", pinned);
  }

  centre(ids: readonly string[]): void {
    this.core.batch(() => {
      this.core.nodes().data("centre", false);
      for (const id of ids) this.core.getElementById(id).data("centre", true);
    });
  }

  /** Selects these things and no others. */
  select(ids: readonly string[]): void {
    this.core.batch(() => {
      this.core.elements(":selected").unselect();
      for (const id of ids) this.core.getElementById(id).select();
    });
  }

  selected(): string[] {
    return this.core.nodes(":selected").map((node) => node.id());
  }

  /** Lights these things and relations and fades the others; with nothing, all is as before. */
  light(ids: readonly string[]): void {
    const lit = this.core.collection();
    for (const id of ids) lit.merge(this.core.getElementById(id));
    this.core.batch(() => {
      this.core.elements().removeClass("lit faded");
      if (lit.empty()) return;
      lit.addClass("lit");
      this.core.elements().not(lit).not(lit.connectedNodes()).addClass("faded");
    });
  }

  /** Hides what `hidden` says; relations go with their ends. */
  hide(hidden: (thing: Thing) => boolean, edgeHidden: (edge: Edge) => boolean = () => false): void {
    this.core.batch(() => {
      this.core.nodes().forEach((node) => void node.toggleClass("hidden", hidden(node.data("thing") as Thing)));
      this.core.edges().forEach((edge) => void edge.toggleClass("hidden", edgeHidden(edge.data("edge") as Edge)));
    });
  }

  things(): Thing[] {
    return this.core.nodes().map((node) => node.data("thing") as Thing);
  }

  edges(): Edge[] {
    return this.core.edges().map((edge) => edge.data("edge") as Edge);
  }

  fit(): void {
    if (this.core.nodes().empty()) return;
    this.core.fit(this.core.elements(":visible"), MARGIN);
    if (this.core.zoom() > NEAREST) {
      this.core.zoom(NEAREST);
      this.core.center(this.core.elements(":visible"));
    }
    this.fitted = true;
  }

  /** Brings a thing into view, where it is not. */
  show(id: string): void {
    const box = this.core.getElementById(id).renderedBoundingBox({});
    const [width, height] = [this.core.width(), this.core.height()];
    if (box.x1 >= 0 && box.y1 >= 0 && box.x2 <= width && box.y2 <= height) return;
    this.core.center(this.core.getElementById(id));
    this.fitted = false;
  }

  look(dark: boolean): void {
    this.core.style(sheet(dark ? DARK : LIGHT));
  }

  /** A picture of the whole map, on paper of its own colour; `scale` pixels a point. */
  async png(dark = false, scale = 2): Promise<Blob> {
    const bg = (dark ? DARK : LIGHT).paper;
    return await this.core.png({ output: "blob-promise", full: true, scale, bg, maxWidth: 8000, maxHeight: 8000 });
  }

  svg(dark = false): string {
    return svg(this.core, dark ? DARK : LIGHT);
  }

  destroy(): void {
    this.watch.disconnect();
    this.core.destroy();
  }

  private listen(told: Told): void {
    const { core } = this;
    core.on("tap", (event) => {
      if (event.target === core) told.node?.(null);
    });
    core.on("tap", "node", (event) => told.node?.((event.target as cytoscape.NodeSingular).id()));
    core.on("tap", "edge", (event) => told.edge?.((event.target as cytoscape.EdgeSingular).data("edge") as Edge));
    core.on("dbltap", "node", (event) => told.expand?.((event.target as cytoscape.NodeSingular).id()));
    core.on("select unselect", "node", () => told.selection?.(this.selected()));
    core.on("dragfree", "node", (event) => {
      const node = event.target as cytoscape.NodeSingular;
      node.data("pinned", true);
      told.moved?.(node.id(), node.position("x"), node.position("y"));
    });
    core.on("cxttap", (event) => {
      const { clientX, clientY } = event.originalEvent as MouseEvent;
      told.menu?.(event.target === core ? null : (event.target as cytoscape.SingularElementReturnValue).id(), clientX, clientY);
    });
    core.on("dragpan scrollzoom pinchzoom", () => {
      this.fitted = false;
    });
  }
}

export { MOST_LAID_OUT };

function nodeData(thing: Thing): cytoscape.NodeDataDefinition {
  const family = familyOf(thing.type);
  return {
    id: thing.id,
    label: breakable(drawn(thing.label)),
    colour: family.colour,
    shape: family.shape,
    family: family.name,
    thing,
  };
}

function edgeData(edge: Edge): cytoscape.EdgeDataDefinition {
  return {
    id: edgeKey(edge),
    source: edge.source,
    target: edge.target,
    label: drawn(edge.predicate_label, 30),
    width: 1.5 + Math.min(3, Math.log2(1 + Math.max(1, edge.claims.length)) - 1),
    plain: edge.claims.length === 0 || edge.claims.some((claim) => claim.modality === "reported" && claim.polarity === "affirmed"),
    edge,
  };
}

function merged(held: Edge, more: Edge): Edge {
  const claims = new Map<string, ClaimRef>([...held.claims, ...more.claims].map((claim) => [claim.id, claim]));
  return { ...held, claims: [...claims.values()] };
}
