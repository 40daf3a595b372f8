// Elements, built by hand: text goes in as text only, a label stands in <bdi>, and nothing here takes markup or a style
// attribute (the content policy refuses it).

export type Child = Node | string | number | null | undefined | false;

export interface Given {
  readonly [name: string]: string | number | boolean | null | undefined | ((event: never) => void);
}

/** An element. `onclick` and its like are listeners; true is an attribute without a value; null, undefined and false
 * leave it out; all else is an attribute. Children are nodes or text. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  given: Given = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  put(element, children);
  return element;
}

/** A label of the graph: its reading direction is its own. */
export function bdi(label: string): HTMLElement {
  return h("bdi", {}, label);
}

/** Replaces what an element holds. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  put(element, children);
}

function put(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) element.append(typeof child === "number" ? String(child) : child);
  }
}

/** The element of the page with this id; the template has it. */
export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as Kind;
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon of 20 by 20, drawn as strokes. */
export function icon(path: string): SVGSVGElement {
  const drawn = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 20 20", width: "20", height: "20", class: "icon", "aria-hidden": "true" })) {
    drawn.setAttribute(name, value);
  }
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  drawn.append(line);
  return drawn;
}

/** A button of the toolbar: an icon with its name, which is also its tooltip. */
export function tool(name: string, path: string, run: (event: MouseEvent) => void, key = ""): HTMLButtonElement {
  return h(
    "button",
    { type: "button", class: "tool", title: key ? `${name} (${key})` : name, "aria-label": name, "aria-keyshortcuts": key || null, onclick: run },
    icon(path),
  );
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** A code for a person: `article-voice` → `article voice`. */
export function plain(code: string): string {
  return code.replaceAll("-", " ");
}
