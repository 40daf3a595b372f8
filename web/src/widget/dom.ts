// Elements in one line. Text is only ever text.

type Attributes = Readonly<Record<string, string>>;

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function button(text: string, name: string, pressed: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", title: name, "aria-label": name }, text);
  made.addEventListener("click", pressed);
  return made;
}
