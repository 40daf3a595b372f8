// The card beside the map: what a thing is and what is said of it, or who says a relation and where.
import type { Canvas, Thing } from "../graph/canvas";
import { drawn } from "../graph/labels";
import type { ClaimRef, Edge } from "../model";
import { button, element } from "./dom";
import { evidence, manner } from "./evidence";

const LONGEST = 300;
const MOST = 40;

export interface Chosen {
  edge: (edge: Edge) => void;
  expand: (id: string) => void;
  close: () => void;
}

const text = (label: string): HTMLElement => element("bdi", {}, drawn(label, LONGEST));

/** A thing: its type, its notes, and its relations on the map, each of which opens its evidence. */
export function thingCard(thing: Thing, canvas: Canvas, live: boolean, chosen: Chosen): HTMLElement[] {
  const names = new Map(canvas.things().map((one) => [one.id, one.label]));
  const edges = canvas.edges().filter((edge) => edge.source === thing.id || edge.target === thing.id);
  const parts: HTMLElement[] = [
    ...head(thing.label, chosen),
    element("p", { class: "kgw-quiet" }, thing.type_label || "no type", " · ", element("code", {}, drawn(thing.id, 80))),
  ];
  if (thing.quantity) parts.push(element("p", {}, text(thing.quantity.text)));
  for (const note of thing.notes ?? []) parts.push(element("p", { class: "kgw-note" }, text(note)));
  if (live) {
    const expand = button("Show what stands near", "Show what stands near (Enter)", () => chosen.expand(thing.id));
    parts.push(element("p", {}, expand));
  }
  const rows = edges.slice(0, MOST).map((edge) => {
    const out = edge.source === thing.id;
    const other = drawn(names.get(out ? edge.target : edge.source) ?? "", 80);
    const says = out ? `${edge.predicate_label} → ${other}` : `${other} → ${edge.predicate_label}`;
    return element("li", {}, button(drawn(says, 140), "Who says so, and where", () => chosen.edge(edge)));
  });
  if (rows.length) parts.push(element("ul", { class: "kgw-relations" }, ...rows));
  if (edges.length > MOST) parts.push(element("p", { class: "kgw-quiet" }, `${edges.length - MOST} more are on the map`));
  return parts;
}

/** A relation: each claim of it, with its speaker, relays, place, voice, modality and time. */
export function relationCard(edge: Edge, canvas: Canvas, words: string, chosen: Chosen): HTMLElement[] {
  const names = new Map(canvas.things().map((one) => [one.id, one.label]));
  const [from, to] = [edge.source, edge.target].map((id) => drawn(names.get(id) ?? id, 120));
  const sentence = element("p", {}, text(from ?? ""), " ", element("b", {}, text(edge.predicate_label)), " ", text(to ?? ""));
  const count = edge.claims.length;
  const title = count ? `Who says so: ${count === 1 ? "1 claim" : `${count} claims`}` : "Who says so";
  const parts = [...head(title, chosen), sentence];
  if (count === 0) return [...parts, element("p", { class: "kgw-quiet" }, words)];
  parts.push(element("ul", { class: "kgw-claims" }, ...edge.claims.slice(0, MOST).map(claimRow)));
  if (count > MOST) parts.push(element("p", { class: "kgw-quiet" }, `${count - MOST} claims more`));
  return parts;
}

function claimRow(claim: ClaimRef): HTMLElement {
  return element(
    "li",
    {},
    text(evidence(claim)),
    element("div", { class: "kgw-quiet" }, drawn(manner(claim), LONGEST)),
    element("div", { class: "kgw-quiet" }, element("code", {}, drawn(claim.id, 80))),
  );
}

function head(title: string, chosen: Chosen): HTMLElement[] {
  return [button("×", "Close (Escape)", chosen.close), element("h4", {}, text(title))];
}
