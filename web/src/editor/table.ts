// Rows as a table: fifty a page, sorted by a click on a column, with labels for what they name.
import { cell } from "./cell";
import type { Labels } from "./labels";
import { button, make } from "./make";
import type { Names } from "./names";
import { irisOf, isNumber, type Row, type Term } from "./terms";

export const A_PAGE = 50;

export class Table {
  readonly element: HTMLElement;
  private rows: readonly Row[];
  private page = 0;
  private sorted: { name: string; down: boolean } | null = null;

  constructor(
    private readonly variables: readonly string[],
    private readonly given: readonly Row[],
    private readonly names: Names,
    private readonly labels: Labels,
  ) {
    this.rows = given;
    this.element = make("div");
    this.draw();
  }

  private draw(): void {
    const body = make("tbody");
    const shown = this.rows.slice(this.page * A_PAGE, (this.page + 1) * A_PAGE);
    const fill = (known: Awaited<ReturnType<Labels["of"]>>): void =>
      body.replaceChildren(
        ...shown.map((row) => make("tr", {}, ...this.variables.map((name) => make("td", {}, cell(row[name], this.names, known))))),
      );
    fill(this.labels.known);
    const iris = new Set(shown.flatMap((row) => Object.values(row).flatMap(irisOf)));
    void this.labels.of(iris).then(fill);
    const head = make("tr", {}, ...this.variables.map((name) => this.column(name)));
    this.element.replaceChildren(
      make(
        "div",
        { class: "wide", tabindex: "0", role: "region", "aria-label": "Rows" },
        make("table", {}, make("thead", {}, head), body),
      ),
      ...this.pager(),
    );
  }

  private column(name: string): HTMLElement {
    const now = this.sorted?.name === name ? this.sorted : null;
    const sign = make("span", { "aria-hidden": "true" }, now ? (now.down ? " ↓" : " ↑") : "");
    const sort = make("button", { type: "button", class: "column" }, make("bdi", {}, name), sign);
    sort.addEventListener("click", () => this.sort(name, now ? !now.down : false));
    return make("th", { scope: "col", ...(now ? { "aria-sort": now.down ? "descending" : "ascending" } : {}) }, sort);
  }

  private sort(name: string, down: boolean): void {
    this.sorted = { name, down };
    const turn = down ? -1 : 1;
    this.rows = [...this.given].sort((one, other) => turn * compared(one[name], other[name]));
    this.page = 0;
    this.draw();
    const at = this.variables.indexOf(name);
    this.element.querySelectorAll<HTMLElement>("button.column").item(at).focus();
  }

  private pager(): HTMLElement[] {
    const pages = Math.ceil(this.rows.length / A_PAGE);
    if (pages < 2) return [];
    const go = (to: number): void => {
      this.page = to;
      this.draw();
      this.element.querySelector<HTMLElement>("[role=region]")?.focus({ preventScroll: true });
      this.element.scrollIntoView({ block: "nearest" });
    };
    const [back, on] = [button("Back", () => go(this.page - 1)), button("More", () => go(this.page + 1))];
    back.disabled = this.page === 0;
    on.disabled = this.page === pages - 1;
    const [first, last] = [this.page * A_PAGE + 1, Math.min(this.rows.length, (this.page + 1) * A_PAGE)];
    const said = make("span", { class: "quiet", role: "status" }, `Rows ${first} to ${last} of ${this.rows.length.toLocaleString("en")}`);
    return [make("div", { class: "row" }, back, said, on)];
  }
}

function compared(one: Term | undefined, other: Term | undefined): number {
  if (!one || !other) return Number(Boolean(one)) - Number(Boolean(other));
  if (isNumber(one) && isNumber(other)) return Number(one.value) - Number(other.value);
  return written(one).localeCompare(written(other), "en", { numeric: true });
}

function written(term: Term): string {
  if (term.type !== "triple") return term.value;
  return [term.value.subject, term.value.predicate, term.value.object].map(written).join(" ");
}
