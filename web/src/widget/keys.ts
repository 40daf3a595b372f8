// The keyboard on the map: arrows go from a thing to its neighbours, Enter shows what stands near it.
import type cytoscape from "cytoscape";
import type { Canvas } from "../graph/canvas";

export interface Keyed {
  at: () => string | null;
  go: (id: string) => void;
  expand: (id: string) => void;
  close: () => void;
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};
const ZOOM: Readonly<Record<string, number>> = { "+": 1.25, "=": 1.25, "-": 0.8, _: 0.8 };

export function listen(stage: HTMLElement, canvas: Canvas, keyed: Keyed): void {
  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!pressed(event.key, canvas, keyed)) return;
    event.preventDefault();
    event.stopPropagation(); // a notebook has commands of its own on these keys
  });
}

function pressed(key: string, canvas: Canvas, keyed: Keyed): boolean {
  const at = keyed.at();
  const arrow = ARROWS[key];
  const zoom = ZOOM[key];
  if (arrow) {
    const next = at === null ? first(canvas) : towards(canvas, at, arrow);
    if (next !== null) keyed.go(next);
  } else if (zoom) zoomBy(canvas, zoom);
  else if (key === "0") canvas.fit();
  else if (key === "Escape") keyed.close();
  else if (key === "Enter" && at !== null) keyed.expand(at);
  else return false;
  return true;
}

export function zoomBy(canvas: Canvas, factor: number): void {
  const { core } = canvas;
  core.zoom({ level: core.zoom() * factor, renderedPosition: { x: core.width() / 2, y: core.height() / 2 } });
}

function first(canvas: Canvas): string | null {
  const { core } = canvas;
  const centre = core.nodes("[?centre]");
  return (centre.nonempty() ? centre : core.nodes()).first().id() ?? null;
}

/** The neighbour that lies best in that direction; where none does, any thing that does. */
function towards(canvas: Canvas, at: string, [dx, dy]: readonly [number, number]): string | null {
  const from = canvas.core.getElementById(at);
  if (from.empty()) return first(canvas);
  const { x, y } = from.position();
  const best = (nodes: cytoscape.NodeCollection): string | null => {
    let found: { id: string; cost: number } | null = null;
    nodes.forEach((node) => {
      const [along, across] = [node.position("x") - x, node.position("y") - y];
      const ahead = along * dx + across * dy;
      if (ahead <= 0) return;
      const aside = Math.abs(along * dy - across * dx);
      if (aside > ahead * 2.5) return;
      const cost = ahead + 2 * aside;
      if (found === null || cost < found.cost) found = { id: node.id(), cost };
    });
    return (found as { id: string; cost: number } | null)?.id ?? null;
  };
  return best(from.neighborhood().nodes(":visible")) ?? best(canvas.core.nodes(":visible").not(from).nodes());
}
