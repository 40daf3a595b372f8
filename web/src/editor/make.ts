// Elements with text: whatever comes from the graph becomes text and never markup.

type Child = Node | string | null | undefined;

export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined));
  return element;
}

/** A plain button that does something. */
export function button(label: string, done: () => void, attributes: Readonly<Record<string, string>> = {}): HTMLButtonElement {
  const made = make("button", { type: "button", class: "light", ...attributes }, label);
  made.addEventListener("click", done);
  return made;
}
