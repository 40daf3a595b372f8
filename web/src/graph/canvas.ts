// A map: things and relations, drawn by Cytoscape. It knows nothing of the service; who owns it adds what is to be seen
// and is told what the reader does.
import cytoscape from "cytoscape";
import fcose from "cytoscape-fcose";
import { edgeKey, type ClaimRef, type Edge, type EntityRef, type NeighbourRef } from "../model";
import { familyOf } from "./families";
import { drawn } from "./labels";
import { arrange, MOST_LAID_OUT, type Placing } from "./layout";
import { DARK, LIGHT, sheet } from "./look";
import { svg } from "./svg";

cytoscape.use(fcose);

/** Pixels left free around a map that is fitted, and how much larger than life it may be drawn. */
const EDGE = 30;
const MOST_ENLARGED = 1.4;
/** Below so many pixels a map is drawn with larger letters: it will be small as a whole. */
const NARROW = 520;

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
  private covered = 0;

  constructor(host: HTMLElement, told: Told = {}, dark = false) {
    if (!document.getElementById(STYLE_ID)) {
      const held = document.createElement("meta");
      held.id = STYLE_ID;
      document.head.append(held);
    }
    this.core = cytoscape({
      container: host,
      style: sheet(dark ? DARK : LIGHT, host.clientWidth < NARROW),
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

  /** Makes the map hold these things and relations and no others. What stays does not move; what comes (back) stands
   * where `places` says, or is placed near `near`. */
  async show(
    things: readonly Thing[],
    edges: readonly Edge[],
    { near, places = new Map() }: { near?: string | undefined; places?: ReadonlyMap<string, cytoscape.Position> } = {},
  ): Promise<Placing> {
    const empty = this.core.nodes().empty();
    const wanted = new Set([...things.map((thing) => thing.id), ...edges.map(edgeKey)]);
    const fresh = this.core.collection();
    let settled = 0;
    this.core.batch(() => {
      this.core.elements().forEach((element) => void (wanted.has(element.id()) || element.remove()));
      for (const thing of things) {
        const held = this.core.getElementById(thing.id);
        const place = places.get(thing.id);
        if (held.nonempty()) held.data(nodeData(thing));
        else {
          const added = this.core.add({ group: "nodes", data: nodeData(thing), ...(place ? { position: { ...place } } : {}) });
          if (place) settled += 1;
          else fresh.merge(added);
        }
      }
      for (const edge of edges) {
        const held = this.core.getElementById(edgeKey(edge));
        if (held.nonempty()) held.data(edgeData(edge));
        else if (!this.core.getElementById(edge.source).empty() && !this.core.getElementById(edge.target).empty()) {
          this.core.add({ group: "edges", data: edgeData(edge) });
        }
      }
    });
    const placing = await arrange(this.core, fresh.nodes(), empty && settled === 0, near);
    if (empty || this.fitted) this.fit();
    return placing;
  }

  /** Where everything stands, exactly. */
  places(): Map<string, cytoscape.Position> {
    return new Map(this.core.nodes().map((node) => [node.id(), { ...node.position() }]));
  }

  /** Whether the map shows all of itself, and goes on doing so when it grows: until the reader moves or zooms it. */
  get follows(): boolean {
    return this.fitted;
  }

  zoom(factor: number): void {
    this.fitted = false;
    this.core.zoom({ level: this.core.zoom() * factor, renderedPosition: { x: this.core.width() / 2, y: this.core.height() / 2 } });
  }

  /** Brings a thing or a relation into view if it is outside. */
  reveal(id: string): void {
    const at = this.drawnAt(id);
    if (!at) return;
    const { x, y } = at;
    const height = this.core.height() - this.covered;
    if (x > 20 && y > 20 && x < this.core.width() - 20 && y < height - 50) return;
    this.fitted = false;
    this.core.panBy({ x: this.core.width() / 2 - x, y: height / 2 - y });
  }

  /** Where on the page a thing, or the middle of a relation, is drawn. */
  onPage(id: string): { x: number; y: number } | null {
    const at = this.drawnAt(id);
    const box = this.core.container()?.getBoundingClientRect();
    return at && box ? { x: box.left + at.x, y: box.top + at.y } : null;
  }

  /** The thing that stands next to another in a direction (or the one nearest the middle, from none). */
  next(from: string | null, dx: number, dy: number): string | null {
    const start = from === null ? this.core.collection() : this.core.getElementById(from);
    const origin = start.nonempty()
      ? start.renderedPosition()
      : { x: this.core.width() / 2, y: this.core.height() / 2 };
    let best: string | null = null;
    let least = Infinity;
    this.core.nodes(":visible").forEach((node) => {
      if (node.id() === from) return;
      const { x, y } = node.renderedPosition();
      const [ahead, aside] = [(x - origin.x) * dx + (y - origin.y) * dy, Math.abs((x - origin.x) * dy - (y - origin.y) * dx)];
      const far = start.nonempty() ? (ahead > 1 ? ahead + 2.5 * aside : Infinity) : Math.hypot(x - origin.x, y - origin.y);
      if (far < least) [least, best] = [far, node.id()];
    });
    return best;
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

  /** Lights these things and relations and (unless not wanted) fades the others; with nothing, all is as before. */
  light(ids: readonly string[], fade = true): void {
    const lit = this.core.collection();
    for (const id of ids) lit.merge(this.core.getElementById(id));
    this.core.batch(() => {
      this.core.elements().removeClass("lit faded");
      if (lit.empty()) return;
      lit.addClass("lit");
      if (fade) this.core.elements().not(lit).not(lit.connectedNodes()).addClass("faded");
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
    const seen = this.core.elements(":visible");
    if (seen.empty() || !this.core.width()) return;
    const box = seen.boundingBox({});
    const [width, height] = [this.core.width(), Math.max(80, this.core.height() - this.covered)];
    const room = Math.min((width - 2 * EDGE) / box.w, (height - 2 * EDGE) / box.h);
    const zoom = Math.max(this.core.minZoom(), Math.min(MOST_ENLARGED, room));
    this.core.viewport({
      zoom,
      pan: { x: width / 2 - (zoom * (box.x1 + box.x2)) / 2, y: height / 2 - (zoom * (box.y1 + box.y2)) / 2 },
    });
    this.fitted = true;
  }

  /** So many pixels at the bottom are covered by something else: what is fitted or revealed stands above. */
  cover(pixels: number): void {
    if (pixels === this.covered) return;
    this.covered = pixels;
    if (this.fitted) this.fit();
  }

  look(dark: boolean): void {
    this.core.style(sheet(dark ? DARK : LIGHT, this.core.width() < NARROW));
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

  private drawnAt(id: string): cytoscape.Position | null {
    const found: cytoscape.CollectionReturnValue = this.core.getElementById(id);
    if (found.empty()) return null;
    return found.isNode() ? found.renderedPosition() : (found as unknown as cytoscape.EdgeSingular).renderedMidpoint();
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
    core.on("taphold", (event) => {
      const box = core.container()?.getBoundingClientRect();
      if (!box || !("touches" in event.originalEvent)) return; // a mouse has another button
      const { x, y } = event.renderedPosition;
      told.menu?.(event.target === core ? null : (event.target as cytoscape.SingularElementReturnValue).id(), box.left + x, box.top + y);
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
    label: drawn(thing.label),
    colour: family.colour,
    shape: family.shape,
    family: family.name,
    thing,
  };
}

function edgeData(edge: Edge): cytoscape.EdgeDataDefinition {
  const standing = standingOf(edge);
  const told = standing || (edge.claims.some((claim) => claim.polarity === "negated") ? "also denied" : "");
  return {
    id: edgeKey(edge),
    source: edge.source,
    target: edge.target,
    label: told ? `${drawn(edge.predicate_label, 30)} (${told})` : drawn(edge.predicate_label, 30),
    width: 1.5 + Math.min(3, Math.log2(1 + edge.claims.length) - 1),
    plain: standing === "",
    edge,
  };
}

/** How a relation is said that nobody plainly reports: "alleged", "demanded, denied"; empty where someone reports it, and
 * where no claim is needed (a type, a plain triple). */
export function standingOf(edge: Edge): string {
  if (edge.claims.length === 0 || edge.claims.some((claim) => claim.modality === "reported" && claim.polarity === "affirmed")) return "";
  const codes = edge.claims.flatMap((claim) => [
    ...(claim.modality === "reported" ? [] : [claim.modality]),
    ...(claim.polarity === "affirmed" ? [] : [claim.polarity === "negated" ? "denied" : claim.polarity]),
  ]);
  return [...new Set(codes)].map((code) => code.replaceAll("-", " ")).join(", ");
}

function merged(held: Edge, more: Edge): Edge {
  const claims = new Map<string, ClaimRef>([...held.claims, ...more.claims].map((claim) => [claim.id, claim]));
  return { ...held, claims: [...claims.values()] };
}
