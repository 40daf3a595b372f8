// A real table whose columns sort: the head's buttons say how (`aria-sort`), and on a phone each row becomes a card.
import { fill, h, type Child } from "./dom";

export interface Column<Row> {
  readonly name: string;
  readonly head: string;
  readonly show: (row: Row) => Child;
  /** What rows are sorted by: texts as people sort them, numbers by size; missing ones come last. */
  readonly by: (row: Row) => string | number | null;
}

export interface Sort {
  readonly name: string;
  readonly down: boolean;
}

const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

export function sorted<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sort: Sort | null): Row[] {
  const by = columns.find((column) => column.name === sort?.name)?.by;
  if (!by || !sort) return [...rows];
  const side = sort.down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [by(a), by(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return side * (typeof left === "number" && typeof right === "number" ? left - right : order.compare(String(left), String(right)));
  });
}

export interface Shown<Row> {
  readonly caption: HTMLElement;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly sort: Sort | null;
  readonly resort: (sort: Sort) => void;
  /** What a row is known by, and what a click on it (not on a control in it) does. */
  readonly key: (row: Row) => string;
  readonly chosen: (row: Row) => void;
}

/** The table. The first column heads its row. Roles are spelt out: a phone's layout would take them away. */
export function table<Row>({ caption, columns, rows, sort, resort, key, chosen }: Shown<Row>): HTMLTableElement {
  const heads = columns.map((column) => {
    const held = sort?.name === column.name;
    const way = held ? (sort.down ? "descending" : "ascending") : "none";
    return h("th", { scope: "col", role: "columnheader", "aria-sort": way },
      h("button", { type: "button", "data-sort": column.name, onclick: () => resort({ name: column.name, down: held && !sort.down }) },
        column.head, h("span", { class: "sign", "aria-hidden": "true" }, { ascending: "▲", descending: "▼", none: "↕" }[way])));
  });
  const body = h("tbody", { role: "rowgroup" });
  fill(body, ...sorted(rows, columns, sort).map((row) => {
    const cells = columns.map((column, index) => {
      const what = h("div", { class: "what" }, column.show(row));
      const label = h("span", { class: "of", "aria-hidden": "true" }, column.head);
      return index ? h("td", { role: "cell" }, label, what) : h("th", { scope: "row", role: "rowheader" }, label, what);
    });
    return h("tr", { role: "row", "data-key": key(row), onclick: (event: MouseEvent) => {
      if (!(event.target as Element).closest("a, button, input, label")) chosen(row);
    } }, ...cells);
  }));
  const made = h("table", { role: "table", class: "sortable" },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...heads)), body);
  made.prepend(h("caption", {}, caption));
  return made;
}
