// The map as GraphML, for Gephi, yEd and networkx: one edge a claim, named by it, with its evidence as attributes.
import { familyOf } from "../../graph/families";
import { rows, type Row, type Seen } from "../seen";
import type { Thing } from "../../graph/canvas";
import type { EntityRef } from "../../model";

type Value = string | number | null | undefined;
type Kind = "string" | "long" | "double";

const ids = (refs: readonly EntityRef[]): string => refs.map((ref) => ref.id).join("; ");
const labels = (refs: readonly EntityRef[]): string => refs.map((ref) => ref.label).join("; ");

type Place = readonly [number, number] | undefined;

const OF_NODES: Record<string, [Kind, (thing: Thing, place: Place) => Value]> = {
  label: ["string", (thing) => thing.label],
  type: ["string", (thing) => thing.type],
  type_label: ["string", (thing) => thing.type_label],
  iri: ["string", (thing) => thing.iri],
  family: ["string", (thing) => familyOf(thing.type).label],
  x: ["double", (_, place) => place?.[0]],
  y: ["double", (_, place) => place?.[1]],
};

const OF_EDGES: Record<string, [Kind, (row: Row) => Value]> = {
  predicate: ["string", ({ edge }) => edge.predicate],
  label: ["string", ({ edge }) => edge.predicate_label],
  said_by: ["string", ({ claim }) => claim && ids(claim.said_by)],
  said_by_label: ["string", ({ claim }) => claim && labels(claim.said_by)],
  via: ["string", ({ claim }) => claim && ids(claim.via)],
  article: ["string", ({ claim }) => claim?.article?.id],
  paragraph: ["long", ({ claim }) => claim?.where?.paragraph],
  sentence: ["long", ({ claim }) => claim?.where?.sentence],
  table: ["string", ({ claim }) => claim?.where?.table],
  row: ["long", ({ claim }) => claim?.where?.row],
  voice: ["string", ({ claim }) => claim?.voice],
  modality: ["string", ({ claim }) => claim?.modality],
  polarity: ["string", ({ claim }) => claim?.polarity],
  time: ["string", ({ claim }) => claim?.when?.text],
  earliest: ["string", ({ claim }) => claim?.when?.earliest],
  latest: ["string", ({ claim }) => claim?.when?.latest],
};

/** The file. `places` are the things' positions on the map; `about` says what the file is. */
export function graphml(map: Seen, places: Readonly<Record<string, readonly [number, number]>>, about: string): string {
  const keys = [
    ...Object.entries(OF_NODES).map(([name, [kind]]) => key("node", name, kind)),
    ...Object.entries(OF_EDGES).map(([name, [kind]]) => key("edge", name, kind)),
  ];
  const nodes = map.things.map((thing) => {
    const data = Object.entries(OF_NODES).map(([name, [, read]]) => datum(`n_${name}`, read(thing, places[thing.id])));
    return `    <node id="${text(thing.id)}">\n${data.join("")}    </node>`;
  });
  const edges = rows(map).map((row) => {
    const data = Object.entries(OF_EDGES).map(([name, [, read]]) => datum(`e_${name}`, read(row)));
    const id = row.claim?.id ?? row.key;
    const ends = `source="${text(row.subject.id)}" target="${text(row.object.id)}"`;
    return `    <edge id="${text(id)}" ${ends}>\n${data.join("")}    </edge>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    `  <desc>${text(about)}</desc>`,
    ...keys,
    '  <graph id="map" edgedefault="directed">',
    ...nodes,
    ...edges,
    "  </graph>",
    "</graphml>",
    "",
  ].join("\n");
}

const key = (of: "node" | "edge", name: string, kind: Kind): string =>
  `  <key id="${of[0]}_${name}" for="${of}" attr.name="${name}" attr.type="${kind}"/>`;

const datum = (id: string, value: Value): string =>
  value === null || value === undefined || value === "" ? "" : `      <data key="${id}">${text(String(value))}</data>\n`;

const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;" } as const;

/** Text for XML 1.0, which has no control characters and no halves of a character. */
export function text(value: string): string {
  return value
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
    .replace(/[&<>"\n\r\t]/g, (sign) => SIGNS[sign as keyof typeof SIGNS]);
}
