// The map as a table: the columns of the service's own CSV, as far as a map knows them.
import { alone, names, rows, type Row, type Seen } from "../seen";
import type { EntityRef } from "../../model";
import type { Thing } from "../../graph/canvas";

type Cell = string | number | null | undefined;

const ids = (refs: readonly EntityRef[]): string => refs.map((ref) => ref.id).join("; ");
const labels = (refs: readonly EntityRef[]): string => refs.map((ref) => ref.label).join("; ");

const COLUMNS: Record<string, (row: Row) => Cell> = {
  claim: ({ claim }) => claim?.id,
  subject: ({ subject }) => subject.id,
  subject_label: ({ subject }) => subject.label,
  subject_type: ({ subject }) => subject.type,
  predicate: ({ edge }) => edge.predicate,
  predicate_label: ({ edge }) => edge.predicate_label,
  object: ({ object }) => object.id,
  object_label: ({ object }) => object.label,
  object_type: ({ object }) => object.type,
  quantity: ({ object }) => object.quantity?.text,
  value: ({ object }) => object.quantity?.value,
  min_value: ({ object }) => object.quantity?.min_value,
  max_value: ({ object }) => object.quantity?.max_value,
  approximation: ({ object }) => object.quantity?.approximation,
  unit: ({ object }) => object.quantity?.unit,
  said_by: ({ claim }) => claim && ids(claim.said_by),
  said_by_label: ({ claim }) => claim && labels(claim.said_by),
  via: ({ claim }) => claim && ids(claim.via),
  via_label: ({ claim }) => claim && labels(claim.via),
  article: ({ claim }) => claim?.article?.id,
  article_label: ({ claim }) => claim?.article && names([claim.article]),
  paragraph: ({ claim }) => claim?.where?.paragraph,
  sentence: ({ claim }) => claim?.where?.sentence,
  start: ({ claim }) => claim?.where?.start,
  end: ({ claim }) => claim?.where?.end,
  table: ({ claim }) => claim?.where?.table,
  row: ({ claim }) => claim?.where?.row,
  voice: ({ claim }) => claim?.voice,
  polarity: ({ claim }) => claim?.polarity,
  modality: ({ claim }) => claim?.modality,
  time: ({ claim }) => claim?.when?.text,
  edtf: ({ claim }) => claim?.when?.edtf,
  earliest: ({ claim }) => claim?.when?.earliest,
  latest: ({ claim }) => claim?.when?.latest,
};

/** One row a claim; a thing without relations has a row of its own. UTF-8 with the mark by which spreadsheets know it. */
export function csv(map: Seen): string {
  const lines = [
    Object.keys(COLUMNS),
    ...rows(map).map((row) => Object.values(COLUMNS).map((read) => read(row))),
    ...alone(map).map((thing) => Object.keys(COLUMNS).map((name) => aloneCell(name, thing))),
  ];
  return `\ufeff${lines.map((cells) => `${cells.map(cell).join(",")}\r\n`).join("")}`;
}

function aloneCell(name: string, thing: Thing): Cell {
  return { subject: thing.id, subject_label: thing.label, subject_type: thing.type }[name];
}

/** A text that a spreadsheet would read as a formula gets an apostrophe before it; a number stays one. */
function cell(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n;\t']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
