// SPDX-License-Identifier: Apache-2.0
// A line for a query. It is a plain text area until the editor is loaded, and stays one when it cannot be.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { CodeError, CodeLanguage } from "./code_language";
import type { Editor } from "./editor_view";

export interface CodeEditorProps {
  readonly label: string;
  readonly placeholder: string;
  readonly testId: string;
  readonly text: string;
  readonly error: CodeError | undefined;
  readonly language: CodeLanguage;
  readonly onText: (text: string) => void;
  readonly onEnter: () => void;
}

export function CodeEditor(props: CodeEditorProps): VNode {
  const latest = useRef(props);
  latest.current = props;
  const parent = useRef<HTMLDivElement>(null);
  const plain = useRef<HTMLTextAreaElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  /** What the editor has told and the page has not shown yet; it comes back as text, late. */
  const told = useRef<string[]>([]);
  const loaded = useSignal(false);

  useEffect(() => {
    let gone = false;
    void import("./editor_view").then(({ createEditor }) => {
      if (gone || !parent.current) return;
      const focused = document.activeElement === plain.current;
      editor.current = createEditor({
        ...latest.current,
        parent: parent.current,
        cursor: focused ? plain.current?.selectionEnd : undefined,
        onText: (text) => {
          told.current.push(text);
          latest.current.onText(text);
        },
        onEnter: () => latest.current.onEnter(),
      });
      editor.current.setError(latest.current.error);
      loaded.value = true;
    }, () => undefined);
    return () => {
      gone = true;
      editor.current?.destroy();
    };
  }, []);
  useEffect(() => {
    const echo = told.current.lastIndexOf(props.text);
    told.current = told.current.slice(echo + 1);
    // Text that is typed meanwhile must not be undone by what was typed before.
    if (echo < 0 || told.current.length === 0) editor.current?.setText(props.text);
  }, [props.text]);
  useEffect(() => editor.current?.setError(props.error), [props.error]);

  return (
    <div class="code">
      <div ref={parent} class="code-view" />
      {!loaded.value && (
        <textarea
          ref={plain}
          class="mono"
          rows={1}
          value={props.text}
          aria-label={props.label}
          placeholder={props.placeholder}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          data-testid={props.testId}
          onInput={(event) => props.onText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
            if (event.key !== "Enter" || event.shiftKey) return;
            event.preventDefault();
            props.onEnter();
          }}
        />
      )}
    </div>
  );
}
