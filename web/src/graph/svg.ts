// A map as SVG, of our own: shapes, arrows and labels as text, so that an editor can set them.
import type cytoscape from "cytoscape";
import type { Look } from "./look";
import { shown } from "./shown";

const MARGIN = 40;
const XML = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" } as const;

const text = (value: string): string => value.replace(/[&<>"']/g, (sign) => XML[sign as keyof typeof XML]);
const round = (value: number): string => String(Math.round(value * 10) / 10);

/** The visible part of the map. Lengths are the map's own points. */
export function svg(core: cytoscape.Core, look: Look): string {
  const { nodes: things, edges } = shown(core);
  const box = things.union(edges).boundingBox({});
  const [x, y] = [box.x1 - MARGIN, box.y1 - MARGIN];
  const [width, height] = [box.w + 2 * MARGIN, box.h + 2 * MARGIN];
  const lines = edges.map((edge) => line(edge, look));
  const nodes = things.map((node) => shape(node, look));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${[x, y, width, height].map(round).join(" ")}" ` +
      `width="${round(width)}" height="${round(height)}" font-family="sans-serif">`,
    `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${look.paper}"/>`,
    ...lines,
    ...nodes,
    "</svg>",
  ].join("\n");
}

function line(edge: cytoscape.EdgeSingular, look: Look): string {
  const [from, middle, to] = [edge.sourceEndpoint(), edge.midpoint(), edge.targetEndpoint()];
  const bend = { x: 2 * middle.x - (from.x + to.x) / 2, y: 2 * middle.y - (from.y + to.y) / 2 };
  const turn = Math.atan2(to.y - bend.y, to.x - bend.x);
  const wing = (side: number): string => `${round(to.x - 9 * Math.cos(turn + side))},${round(to.y - 9 * Math.sin(turn + side))}`;
  const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  const upright = angle > 90 || angle < -90 ? angle + 180 : angle;
  const dashed = edge.data("plain") ? "" : ' stroke-dasharray="6 4"';
  const lit = edge.hasClass("lit");
  const colour = lit ? look.accent : look.line;
  return (
    `<g${faint(edge)}><path d="M${round(from.x)},${round(from.y)} Q${round(bend.x)},${round(bend.y)} ${round(to.x)},${round(to.y)}" ` +
    `fill="none" stroke="${colour}" stroke-width="${round(lit ? 3.5 : Number(edge.data("width")))}"${dashed}/>` +
    `<path d="M${round(to.x)},${round(to.y)} L${wing(0.4)} L${wing(-0.4)} Z" fill="${colour}"/>` +
    `<text x="${round(middle.x)}" y="${round(middle.y)}" transform="rotate(${round(upright)} ${round(middle.x)} ` +
    `${round(middle.y)})" font-size="10" text-anchor="middle" dy="-2" fill="${look.quiet}" paint-order="stroke" ` +
    `stroke="${look.paper}" stroke-width="3">${text(String(edge.data("label")))}</text></g>`
  );
}

const faint = (element: { hasClass(name: string): boolean }): string => (element.hasClass("faded") ? ' opacity="0.25"' : "");

function shape(node: cytoscape.NodeSingular, look: Look): string {
  const { x, y } = node.position();
  const half = node.width() / 2;
  const border = node.hasClass("lit") ? `stroke="${look.accent}" stroke-width="4"` : `stroke="${look.paper}" stroke-width="1.5"`;
  const fill = `fill="${text(String(node.data("colour")))}" ${border}`;
  const corners = outline(String(node.data("shape")));
  const drawn = corners
    ? `<polygon points="${corners.map(([dx, dy]) => `${round(x + half * dx)},${round(y + half * dy)}`).join(" ")}" ${fill}/>`
    : `<circle cx="${round(x)}" cy="${round(y)}" r="${round(half)}" ${fill}/>`;
  const rows = wrapped(String(node.data("label")));
  const spans = rows.map((row, index) => `<tspan x="${round(x)}" dy="${index ? "1.2em" : "0"}">${text(row)}</tspan>`);
  return (
    `<g${faint(node)}>${drawn}<text x="${round(x)}" y="${round(y + half + 15)}" font-size="12" text-anchor="middle" fill="${look.ink}" ` +
    `paint-order="stroke" stroke="${look.paper}" stroke-width="3">${spans.join("")}</text></g>`
  );
}

/** Rows of at most some twenty letters, as the map wraps its labels at 120 points. */
function wrapped(label: string): string[] {
  const rows: string[] = [];
  for (const [, before, word] of label.matchAll(/(\s*)([^\s\u200b]+)/gu)) {
    const last = rows.at(-1);
    const gap = before ? " " : "";
    if (last !== undefined && word && last.length + gap.length + word.length <= 20) rows[rows.length - 1] = last + gap + word;
    else rows.push(word ?? "");
  }
  return rows;
}

/** The corners of a shape around (0, 0), at most 1 away along each axis; null is a circle. */
export function outline(shape: string): readonly (readonly [number, number])[] | null {
  return CORNERS[shape] ?? null;
}

function regular(corners: number, turned = -90): [number, number][] {
  return Array.from({ length: corners }, (_, index) => {
    const angle = ((turned + (360 * index) / corners) * Math.PI) / 180;
    return [Math.cos(angle), Math.sin(angle)];
  });
}

const SQUARE: [number, number][] = [[-1, -1], [1, -1], [1, 1], [-1, 1]];
export const CORNERS: Record<string, [number, number][]> = {
  "round-rectangle": SQUARE,
  rectangle: SQUARE,
  barrel: [[-1, -0.8], [0, -1], [1, -0.8], [1, 0.8], [0, 1], [-1, 0.8]],
  "cut-rectangle": [[-0.6, -1], [0.6, -1], [1, -0.6], [1, 0.6], [0.6, 1], [-0.6, 1], [-1, 0.6], [-1, -0.6]],
  "round-hexagon": regular(6, 0),
  "round-octagon": regular(8, 22.5),
  "round-pentagon": regular(5),
  "round-diamond": regular(4),
  "round-triangle": regular(3),
};
