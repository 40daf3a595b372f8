// The mark of a family, as the map draws it: its shape in its colour.
import type { Family } from "../graph/families";
import { CORNERS } from "../graph/svg";

const SVG = "http://www.w3.org/2000/svg";

export function mark(family: Family): SVGSVGElement {
  const drawn = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "-1.2 -1.2 2.4 2.4", width: "14", height: "14", class: "mark", "aria-hidden": "true" })) {
    drawn.setAttribute(name, value);
  }
  const corners = CORNERS[family.shape];
  const shape = document.createElementNS(SVG, corners ? "polygon" : "circle");
  if (corners) shape.setAttribute("points", corners.map((corner) => corner.join(",")).join(" "));
  else shape.setAttribute("r", "1");
  shape.setAttribute("fill", family.colour);
  drawn.append(shape);
  return drawn;
}
