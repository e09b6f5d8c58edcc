// SPDX-License-Identifier: Apache-2.0
// The conditions of a plain conjunction, one chip each: taken away with ×, edited with a click. One more is typed
// as it is said, os.type=linux.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { readTagNames, readTagValues } from "../../api/client";
import {
  type Matcher, matchersOf, matchersOfTags, matcherText, textOfMatchers, withMatcher, withoutMatcher, writtenValue,
} from "../../model/traceql_filter";
import { unquoted } from "../../model/traceql_tokens";
import { isDurationField, keywordsOf } from "../../model/traceql_words";

export interface ConditionChipsProps {
  readonly text: string;
  /** With the query that has the condition, or has it no more. */
  readonly onText: (text: string) => void;
}

const kOffers = [
  { label: "service", start: "resource.service.name=" },
  { label: "status", start: "status=" },
  { label: "operation", start: "name=" },
  { label: "duration", start: "trace:duration>" },
  { label: "attribute", start: "" },
];

interface Edited {
  readonly start: string;
  /** The condition that is edited; undefined for a new one. */
  readonly old: Matcher | undefined;
}

export function ConditionChips({ text, onText }: ConditionChipsProps): VNode {
  const edited = useSignal<Edited | undefined>(undefined);
  const matchers = matchersOf(text);
  if (!matchers) {
    return (
      <p class="ask-note" data-testid="form-note">
        Chips show one filter with conditions joined by &&. This query says something else.
      </p>
    );
  }
  const put = (added: readonly Matcher[]): void => {
    const old = edited.value?.old;
    edited.value = undefined;
    onText(added.reduce((query, matcher) => withMatcher(query, matcher) ?? query, old ? withoutMatcher(text, old) : text));
  };
  return (
    <>
      {matchers.map((matcher) => (
        <Chip key={matcherText(matcher)} matcher={matcher}
          onEdit={() => (edited.value = { start: `${matcher.field}${matcher.operator}${matcher.value}`, old: matcher })}
          onRemove={() => onText(textOfMatchers(matchers.filter((each) => each !== matcher)))} />
      ))}
      {edited.value ? (
        <ConditionBox key={edited.value.start} start={edited.value.start} onPut={put} onLeave={() => (edited.value = undefined)} />
      ) : (
        kOffers.filter(({ start }) => !matchers.some(({ field }) => start.startsWith(field))).map(({ label, start }) => (
          <button key={label} class="add" type="button" data-testid={`add-${label}`}
            onClick={() => (edited.value = { start, old: undefined })}>
            + {label}
          </button>
        ))
      )}
    </>
  );
}

interface ChipProps {
  readonly matcher: Matcher;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

function Chip({ matcher, onEdit, onRemove }: ChipProps): VNode {
  const { field, operator, value } = matcher;
  return (
    <span class="pred" data-testid="condition">
      <button class="say" type="button" title={matcherText(matcher)} onClick={onEdit}>
        {wordsOf(field)} <span class="is">{operator}</span> <b>{unquoted(value) ?? value}</b>
      </button>
      <button class="x" type="button" aria-label={`Remove ${wordsOf(field)}`} onClick={onRemove}>
        ×
      </button>
    </span>
  );
}

const kWords: Readonly<Record<string, string>> = {
  "resource.service.name": "service", "trace:duration": "trace duration", traceDuration: "trace duration", name: "operation",
  "span:name": "operation", "trace:rootName": "root operation", rootName: "root operation",
};

function wordsOf(field: string): string {
  return kWords[field] ?? field.replace(/^(span|resource)?\./, "");
}

interface ConditionBoxProps {
  readonly start: string;
  readonly onPut: (added: readonly Matcher[]) => void;
  readonly onLeave: () => void;
}

/** Where a condition is typed, with what is stored to choose from. */
function ConditionBox({ start, onPut, onLeave }: ConditionBoxProps): VNode {
  const input = useRef<HTMLInputElement>(null);
  const typed = useSignal(start);
  const wrong = useSignal(false);
  const options = useSignal<readonly string[]>([]);
  const head = /^([^=~!<>]+?)\s*(=~|!~|!=|>=|<=|=|>|<)/.exec(typed.value)?.[0] ?? "";
  // Before the next paint: a letter typed right after the click belongs to the box.
  useLayoutEffect(() => input.current?.focus(), []);
  useEffect(() => {
    const stop = new AbortController();
    void offered(head, stop.signal).then((found) => !stop.signal.aborted && (options.value = found));
    return () => stop.abort();
  }, [head]);
  const put = (): void => {
    const matchers = matchersOfTags(typed.value);
    wrong.value = !matchers || matchers.length === 0;
    if (matchers && matchers.length > 0) onPut(matchers);
  };
  return (
    <label class={`field condition ${wrong.value ? "is-wrong" : ""}`}>
      <span class="sr">Condition</span>
      <input ref={input} class="mono" type="text" value={typed.value} list="known-conditions" spellcheck={false} autocomplete="off"
        autocapitalize="off" placeholder="http.request.method=GET" aria-invalid={wrong.value} data-testid="condition-input"
        onInput={(event) => (typed.value = event.currentTarget.value)} onBlur={() => typed.value === start && onLeave()}
        onKeyDown={(event) => {
          if (event.key === "Escape") onLeave();
          else if (event.key === "Enter") put();
          else return;
          event.preventDefault();
        }} />
      <datalist id="known-conditions">
        {options.value.map((option) => <option key={option} value={option} />)}
      </datalist>
      {wrong.value && <span class="err" role="alert">write name=value</span>}
    </label>
  );
}

const kDurations = ["10ms", "100ms", "500ms", "1s", "5s"];

/** The names, or after a name and a sign the values it has. */
async function offered(head: string, cancelled: AbortSignal): Promise<readonly string[]> {
  if (!head) {
    const names = await readTagNames(cancelled);
    return names.ok ? names.value.map((name) => `${name}=`) : [];
  }
  const field = head.replace(/\s*[=~!<>]+$/, "");
  if (isDurationField(field)) return kDurations.map((value) => head + value);
  if (keywordsOf(field).length > 0) return keywordsOf(field).map((value) => head + value);
  const values = await readTagValues(matchersOfTags(`${field}=x`)?.[0]?.field ?? field, "", cancelled);
  return values.ok ? values.value.map(({ value }) => `${head}${writtenValue(field, value)}`) : [];
}
