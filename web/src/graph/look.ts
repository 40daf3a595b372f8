// How a map looks: the style sheet of Cytoscape, light and dark.
import type cytoscape from "cytoscape";

export interface Look {
  ink: string;
  quiet: string;
  paper: string;
  line: string;
  accent: string;
}

export const LIGHT: Look = { ink: "#1b1f24", quiet: "#5a6470", paper: "#fdfcf9", line: "#b9b4a7", accent: "#0b5c8a" };
export const DARK: Look = { ink: "#e6e3dc", quiet: "#a3a9b1", paper: "#16191d", line: "#4b545f", accent: "#7cc0ea" };

const FONT = '"Source Sans 3", "Helvetica Neue", "Segoe UI", "Noto Sans", sans-serif';

/** Claims that are not plain reports are dashed: alleged, demanded, planned, denied and the like never look like facts.
 * `large` is for a small window. */
export function sheet(look: Look, large = false): cytoscape.StylesheetJson {
  const [text, small] = large ? [16, 14] : [12, 10];
  return [
    {
      selector: "node",
      style: {
        "background-color": "data(colour)" as never,
        shape: "data(shape)" as never,
        width: 26,
        height: 26,
        label: "data(label)",
        color: look.ink,
        "font-family": FONT,
        "font-size": text,
        "text-wrap": "wrap",
        "text-max-width": large ? "130px" : "120px",
        "text-valign": "bottom",
        "text-margin-y": 4,
        "text-background-color": look.paper,
        "text-background-opacity": 0.85,
        "text-background-padding": "2px",
        "text-background-shape": "roundrectangle",
        "min-zoomed-font-size": 6,
        "border-width": 1.5,
        "border-color": look.paper,
      },
    },
    { selector: "node[?centre]", style: { width: 36, height: 36, "font-weight": "bold", "font-size": text + 1 } },
    { selector: "node[?pinned]", style: { "border-color": look.ink, "border-width": 2, "border-style": "double" } },
    {
      selector: "edge",
      style: {
        width: "data(width)" as never,
        "line-color": look.line,
        "target-arrow-color": look.line,
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.9,
        "curve-style": "bezier",
        label: "data(label)",
        color: look.quiet,
        "font-family": FONT,
        "font-size": small,
        "text-rotation": "autorotate",
        "text-background-color": look.paper,
        "text-background-opacity": 0.85,
        "text-background-padding": "1px",
        "min-zoomed-font-size": 8.5,
      },
    },
    { selector: "edge[!plain]", style: { "line-style": "dashed", "min-zoomed-font-size": 5 } },
    { selector: ".hidden", style: { display: "none" } },
    { selector: ".faded", style: { opacity: 0.25 } },
    {
      selector: "node:selected, node.lit",
      style: { "border-color": look.accent, "border-width": 4, "border-style": "solid" },
    },
    {
      selector: "edge:selected, edge.lit",
      style: { "line-color": look.accent, "target-arrow-color": look.accent, color: look.ink, width: 3.5, "z-index": 9, "min-zoomed-font-size": 5 },
    },
    { selector: "core", style: { "active-bg-opacity": 0.08 } as never },
  ];
}
