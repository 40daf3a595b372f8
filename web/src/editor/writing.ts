// The field in which a query is written: CodeMirror. It stands in a shadow root, where its styles are constructed sheets,
// which a strict content policy allows; a style element in the page would be refused.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState, type Extension, Prec, StateEffect, StateField, type Transaction } from "@codemirror/state";
import { Decoration, type DecorationSet, drawSelection, EditorView, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { completion } from "./completion";
import type { Vocabulary } from "./vocabulary";

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-word)", fontWeight: "600" },
  { tag: tags.standard(tags.variableName), color: "var(--code-word)" },
  { tag: tags.local(tags.variableName), color: "var(--code-variable)" },
  { tag: tags.atom, color: "var(--code-iri)" },
  { tag: tags.string, color: "var(--code-text)" },
  { tag: tags.meta, color: "var(--code-text)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
]);

const MONO = '"JetBrains Mono", ui-monospace, monospace';

const LOOK = EditorView.theme({
  "&": { color: "var(--ink)", background: "var(--panel)", fontSize: "0.9rem", maxHeight: "30rem", borderRadius: ".4rem" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: MONO, lineHeight: "1.55", minHeight: "8rem" },
  ".cm-content": { caretColor: "var(--ink)", padding: ".6rem 0" },
  ".cm-gutters": { background: "transparent", color: "var(--quiet)", border: "none" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    background: "var(--chosen)",
  },
  "&.cm-focused .cm-matchingBracket": { background: "var(--chosen)" },
  ".cm-placeholder": { color: "var(--quiet)" },
  ".cm-fault": { background: "var(--fault)", boxShadow: "inset 0 -2px var(--warn)" },
  ".cm-faulty": { background: "var(--fault)" },
  ".cm-tooltip": {
    background: "var(--paper)",
    color: "var(--ink)",
    border: "1px solid var(--line)",
    borderRadius: ".4rem",
    boxShadow: "0 4px 16px rgb(0 0 0 / .16)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: MONO, fontSize: ".85rem", maxWidth: "min(40rem, 92vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".15rem .6rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--accent)", color: "var(--paper)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionDetail": { fontStyle: "normal", color: "var(--quiet)", fontFamily: "var(--plain)", fontSize: ".85em" },
  ".cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-tooltip.cm-completionInfo": { padding: ".4rem .6rem", maxWidth: "22rem", font: ".85rem/1.4 var(--plain)" },
});

/** Typing over a selection: Chromium's own editing would keep the look of what was there in a style attribute, which the
 * policy refuses (and which nobody wants). So the text is put in here. */
const overSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    const typed = event.data;
    if (event.inputType !== "insertText" || event.isComposing || !typed || empty) return false;
    const insert = (): Transaction =>
      view.state.update(view.state.replaceSelection(typed), { userEvent: "input.type", scrollIntoView: true });
    const handled = view.state.facet(EditorView.inputHandler).some((handler) => handler(view, from, to, typed, insert));
    if (!handled) view.dispatch(insert());
    return true;
  },
});

const fault = StateEffect.define<{ from: number; to: number } | null>();
const faults = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(held, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(fault)) continue;
      if (!effect.value) return Decoration.none;
      const { from, to } = effect.value;
      const line = Decoration.line({ class: "cm-faulty" }).range(transaction.state.doc.lineAt(from).from);
      return from < to ? Decoration.set([line, Decoration.mark({ class: "cm-fault" }).range(from, to)], true) : Decoration.set(line);
    }
    return transaction.docChanged ? Decoration.none : held; // what is being mended is not marked any more
  },
  provide: (field) => EditorView.decorations.from(field),
});

export class Writing {
  private readonly view: EditorView;
  private readonly extensions: Extension;

  constructor(host: HTMLElement, vocabulary: Vocabulary, prefixes: ReadonlyMap<string, string>, asked: () => void) {
    const root = host.attachShadow({ mode: "open" });
    this.extensions = [
      Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (asked(), true) }])),
      lineNumbers(),
      history(),
      drawSelection(),
      bracketMatching(),
      closeBrackets(),
      autocompletion({ override: [completion(vocabulary, prefixes)], icons: false, maxRenderedOptions: 60 }),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      StreamLanguage.define(sparql),
      syntaxHighlighting(COLOURS),
      LOOK,
      faults,
      overSelection,
      EditorView.lineWrapping,
      placeholder("SELECT …"),
      EditorView.contentAttributes.of({ "aria-label": "SPARQL query", tabindex: "0", autocapitalize: "off", translate: "no" }),
    ];
    this.view = new EditorView({ state: this.fresh(""), parent: root, root });
  }

  /** What a tab keeps while another is shown: text, caret, and what can be undone. */
  get state(): EditorState {
    return this.view.state;
  }

  fresh(query: string): EditorState {
    return EditorState.create({ doc: query, extensions: this.extensions });
  }

  show(state: EditorState): void {
    this.view.setState(state);
  }

  get query(): string {
    return this.view.state.doc.toString();
  }

  set query(query: string) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: query } });
  }

  focus(): void {
    this.view.focus();
  }

  /** Marks a place, as the service counts: lines and characters from 1. Null takes the mark away. */
  mark(place: { line: number; column: number } | null): void {
    this.view.dispatch({ effects: fault.of(place && this.range(place)) });
  }

  /** Puts the caret there. */
  go(place: { line: number; column: number }): void {
    this.view.dispatch({ selection: { anchor: this.range(place).from }, scrollIntoView: true });
    this.focus();
  }

  private range({ line, column }: { line: number; column: number }): { from: number; to: number } {
    const { doc } = this.view.state;
    const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
    const characters = [...found.text]; // the service counts code points, the editor UTF-16
    const before = characters.slice(0, column - 1).join("").length;
    const word = /^(?:[\w:.?$-]+|.)/u.exec(found.text.slice(before))?.[0].length ?? 0;
    return { from: found.from + before, to: found.from + before + word };
  }
}
