// SPDX-License-Identifier: Apache-2.0
// The editor proper: CodeMirror with just what a line of a query needs. Loaded when a page asks for it.
import {
  acceptCompletion,
  autocompletion,
  closeCompletion,
  type Completion,
  type CompletionResult,
  completionStatus,
  pickedCompletion,
} from "@codemirror/autocomplete";
import { history, historyKeymap, insertNewline, standardKeymap } from "@codemirror/commands";
import { Annotation, EditorState, type Extension, Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, placeholder } from "@codemirror/view";
import { adoptStyles } from "./adopted_styles";
import type { CodeError, CodeLanguage, Suggestion } from "./code_language";

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly cursor: number | undefined;
  readonly label: string;
  readonly placeholder: string;
  readonly testId: string;
  readonly language: CodeLanguage;
  readonly onText: (text: string) => void;
  readonly onEnter: () => void;
}

export interface Editor {
  setText(text: string): void;
  setError(error: CodeError | undefined): void;
  destroy(): void;
}

adoptStyles();

/** Marks a change that the page made, which it need not be told of. */
const kFromPage = Annotation.define<true>();

export function createEditor(options: EditorOptions): Editor {
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({ doc: options.text, extensions: extensionsOf(options) }),
  });
  if (options.cursor !== undefined) {
    view.dispatch({ selection: { anchor: Math.min(options.cursor, options.text.length) } });
    view.focus();
  }
  return {
    setText(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, annotations: kFromPage.of(true) });
    },
    setError: (error) => view.dispatch({ effects: kShowError.of(error) }),
    destroy: () => view.destroy(),
  };
}

function extensionsOf(options: EditorOptions): Extension {
  return [
    history(),
    Prec.highest(keymap.of(ownKeys(options.onEnter))),
    keymap.of([...standardKeymap, ...historyKeymap]),
    EditorView.lineWrapping,
    EditorView.domEventHandlers({ beforeinput: replaceRange }),
    EditorView.contentAttributes.of({
      "aria-label": options.label,
      "data-testid": options.testId,
      spellcheck: "false",
      autocapitalize: "off",
      autocorrect: "off",
    }),
    placeholder(options.placeholder),
    marksOf(options.language),
    kErrorMark,
    autocompletion({
      override: [(context) => suggestionsAt(options.language, context.state.doc.toString(), context.pos, context.explicit)],
      activateOnCompletion: (completion) => (completion as ChainedCompletion).chains === true,
      icons: false,
      interactionDelay: 0,
      maxRenderedOptions: 100,
    }),
    EditorView.updateListener.of((update) => {
      const typed = update.docChanged && !update.transactions.some((change) => change.annotation(kFromPage));
      if (typed) options.onText(update.state.doc.toString());
    }),
  ];
}

/** Enter takes a suggestion or runs, Tab takes one or moves on, Escape closes them or leaves. */
function ownKeys(onEnter: () => void) {
  return [
    {
      key: "Enter",
      run: (view: EditorView) => {
        if (acceptCompletion(view)) return true;
        closeCompletion(view);
        onEnter();
        return true;
      },
      shift: insertNewline,
    },
    // While the list is being made Tab waits for it and does not leave.
    { key: "Tab", run: (view: EditorView) => acceptCompletion(view) || completionStatus(view.state) !== null },
    {
      key: "Escape",
      run: (view: EditorView) => {
        if (completionStatus(view.state) !== null && closeCompletion(view)) return true;
        view.contentDOM.blur();
        return true;
      },
    },
  ];
}

/**
 * Text typed over a selection, or a stretch that is deleted. A browser would keep the looks of what was there
 * by a style attribute, which the policy forbids.
 */
function replaceRange(event: InputEvent, view: EditorView): boolean {
  const { data, inputType } = event;
  const typed = inputType === "insertText" && data ? data : undefined;
  if (view.composing || (typed === undefined && !/^deleteContent(Backward|Forward)$/.test(inputType))) return false;
  // The selection of the page, which may be newer than the one the editor knows.
  const selected = document.getSelection();
  const range = event.getTargetRanges()[0] ?? (selected?.rangeCount ? selected.getRangeAt(0) : undefined);
  if (!range || range.collapsed || !view.contentDOM.contains(range.startContainer)) return false;
  const from = view.posAtDOM(range.startContainer, range.startOffset);
  const to = view.posAtDOM(range.endContainer, range.endOffset);
  event.preventDefault();
  view.dispatch({
    changes: { from, to, insert: typed ?? "" },
    selection: { anchor: from + (typed?.length ?? 0) },
    userEvent: typed === undefined ? "delete.selection" : "input.type",
    scrollIntoView: true,
  });
  return true;
}

// --- looks ---

function marksOf(language: CodeLanguage): Extension {
  const decorate = (text: string): DecorationSet =>
    Decoration.set(language.marks(text).map((mark) => Decoration.mark({ class: mark.class }).range(mark.from, mark.to)));
  const field = StateField.define<DecorationSet>({
    create: (state) => decorate(state.doc.toString()),
    update: (marks, change) => (change.docChanged ? decorate(change.state.doc.toString()) : marks),
    provide: (marks) => EditorView.decorations.from(marks),
  });
  return field;
}

const kShowError = StateEffect.define<CodeError | undefined>();

/** The mark of a mistake stands until the text changes. */
const kErrorMark = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, change) {
    for (const effect of change.effects) if (effect.is(kShowError)) return errorMark(effect.value, change.state.doc.length);
    return change.docChanged ? Decoration.none : marks;
  },
  provide: (marks) => EditorView.decorations.from(marks),
});

function errorMark(error: CodeError | undefined, length: number): DecorationSet {
  const to = Math.min(error?.to ?? 0, length);
  if (!error || error.from >= to) return Decoration.none;
  const attributes = { title: error.message, "data-testid": "query-error-mark" };
  return Decoration.set(Decoration.mark({ class: "code-error", attributes }).range(error.from, to));
}

// --- suggestions ---

interface ChainedCompletion extends Completion {
  readonly chains: boolean;
}

async function suggestionsAt(language: CodeLanguage, text: string, cursor: number, explicit: boolean): Promise<CompletionResult | null> {
  const found = await language.suggest(text, cursor, explicit);
  if (!found || found.options.length === 0) return null;
  const typed = text.slice(found.from, cursor);
  // What is typed in full needs no list that Enter would go to.
  const whole = found.options.some(({ label }) => label === typed);
  if (whole && !explicit && !found.options.some(({ label }) => label !== typed && label.startsWith(typed))) return null;
  const labels = new Set(found.options.map(({ label }) => label));
  // The list is narrowed at once while a name, a value or a sign grows; what is whole, and the dot that begins a
  // name of any scope, are asked about anew.
  const validFor = (grown: string): boolean => grown !== "." && !labels.has(grown) && kGrowing.test(grown);
  return { from: found.from, to: found.to, options: found.options.map(completionOf), validFor };
}

const kGrowing = /^("[^"]*|[\w.:@/-]*|[!=<>~&|]{0,2})$/;

function completionOf(suggestion: Suggestion, index: number): ChainedCompletion {
  const { label, detail, insert = label, chains = false } = suggestion;
  return {
    label,
    chains,
    // The order of the list is meant.
    boost: -index / 1000,
    ...(detail === undefined ? {} : { detail }),
    apply: (view, completion, from, to) => {
      const at = insert.indexOf("¦");
      const text = insert.replace("¦", "");
      view.dispatch({
        changes: { from, to, insert: text },
        selection: { anchor: from + (at < 0 ? text.length : at) },
        annotations: pickedCompletion.of(completion),
        userEvent: "input.complete",
      });
    },
  };
}
