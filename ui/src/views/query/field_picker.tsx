// SPDX-License-Identifier: Apache-2.0
// Fields to choose from: those that are chosen and those of every span first, then what is stored. Letters narrow
// them, and Enter takes the first.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { formatCount } from "../../base/format";

const kMostShown = 40;

export interface StoredField {
  readonly text: string;
  /** That have it; undefined: nobody counted. */
  readonly spans?: number;
}

export interface FieldPickerProps {
  /** Each test id begins with it. */
  readonly name: string;
  readonly chosen: readonly string[];
  /** Those of every span. */
  readonly always: readonly string[];
  readonly stored: readonly StoredField[];
  /** Chosen and back again. */
  readonly onPick: (field: string) => void;
  /** Why nothing more can be chosen. */
  readonly full?: string | undefined;
}

export function FieldPicker({ name, chosen, always, stored, onPick, full }: FieldPickerProps): VNode {
  const typed = useSignal("");
  const words = typed.value.trim().toLowerCase();
  // What is picked stays in its place, where the focus is.
  const first = useMemo(() => chosen, []);
  const known = [...first.filter((text) => !always.includes(text)), ...always].map((text): StoredField => ({ text }));
  const others = stored.filter(({ text }) => !known.some((field) => field.text === text));
  const found = [...known, ...others].filter(({ text }) => text.toLowerCase().includes(words));
  const shown = found.slice(0, kMostShown);
  const closed = (text: string): boolean => full !== undefined && !chosen.includes(text);
  const enter = (event: KeyboardEvent): void => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (shown[0] && words && !closed(shown[0].text)) onPick(shown[0].text);
    typed.value = "";
  };
  return (
    <>
      <div class="save-line">
        <label class="field">
          <span class="sr">Name of an attribute</span>
          <input type="text" value={typed.value} placeholder="Attribute" spellcheck={false} autocomplete="off" data-testid={`${name}-name`}
            onInput={(event) => (typed.value = event.currentTarget.value)} onKeyDown={enter} />
        </label>
      </div>
      {full && <p class="muted" role="status">{full}</p>}
      {shown.length === 0 && <p class="muted">No attribute of that name.</p>}
      <ul class="groups">
        {shown.map(({ text, spans }) => (
          <li key={text}>
            <button class="pick" type="button" aria-pressed={chosen.includes(text)} disabled={closed(text)} data-testid={`${name}-field`} data-field={text} onClick={() => onPick(text)}>
              <span class="mark" aria-hidden="true" /> <span class="mono">{text}</span>
              {spans !== undefined && <span class="num muted">{formatCount(spans)}</span>}
            </button>
          </li>
        ))}
      </ul>
      {found.length > shown.length && <p class="muted">{formatCount(found.length - shown.length)} more: type a part of the name.</p>}
    </>
  );
}
