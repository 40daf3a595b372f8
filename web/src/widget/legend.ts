// Which colour and shape is what: only the families that are on the map, in the order of `families.ts`.
import type { Thing } from "../graph/canvas";
import { FAMILIES, familyOf, OTHER } from "../graph/families";
import { outline } from "../graph/svg";
import type { Edge } from "../model";
import { element } from "./dom";

const SVG = "http://www.w3.org/2000/svg";

export function legend(host: HTMLElement, things: readonly Thing[], edges: readonly Edge[]): void {
  const there = new Set(things.map((thing) => familyOf(thing.type).name));
  const rows = [...FAMILIES, OTHER]
    .filter((family) => there.has(family.name))
    .map((family) => element("li", {}, swatch(family.shape, family.colour), family.label));
  if (edges.some((edge) => edge.claims.length > 0 && !edge.claims.some(isPlain))) {
    rows.push(element("li", {}, element("i", { class: "kgw-dashes" }), "alleged, demanded, planned, denied …"));
  }
  host.replaceChildren(...rows);
  host.hidden = rows.length === 0;
}

const isPlain = (claim: { modality: string; polarity: string }): boolean =>
  claim.modality === "reported" && claim.polarity === "affirmed";

function swatch(shape: string, colour: string): SVGElement {
  const made = document.createElementNS(SVG, "svg");
  const corners = outline(shape);
  const drawn = document.createElementNS(SVG, corners ? "polygon" : "circle");
  if (corners) drawn.setAttribute("points", corners.map(([x, y]) => `${x},${y}`).join(" "));
  else drawn.setAttribute("r", "1");
  drawn.setAttribute("fill", colour);
  made.setAttribute("viewBox", "-1.1 -1.1 2.2 2.2");
  made.setAttribute("aria-hidden", "true");
  made.append(drawn);
  return made;
}
