// SPDX-License-Identifier: Apache-2.0
// The question: one field for each thing that narrows it. Nothing is asked until it is submitted.
import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";
import { isTraceql, kRanges, type SearchQuery } from "../../model/search_query";

export interface SearchFormProps {
  readonly query: SearchQuery;
  readonly services: readonly string[];
  readonly onSearch: (query: SearchQuery) => void;
}

export function SearchForm({ query, services, onSearch }: SearchFormProps): VNode {
  const draft = useSignal(query);
  useEffect(() => {
    draft.value = query;
  }, [query]);
  const set = (field: keyof SearchQuery) => (value: string) => (draft.value = { ...draft.value, [field]: value });
  const submit = (event: Event): void => {
    event.preventDefault();
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
    onSearch(draft.value);
  };
  const { service, name, tags, minDuration, maxDuration, limit, range } = draft.value;
  const traceql = isTraceql(tags);
  return (
    <form class="ask" data-testid="search-form" aria-label="Search" role="search" onSubmit={submit}>
      <div class="ask-line">
        <TextField class="editor" label={traceql ? "TraceQL" : "Tags or TraceQL"} value={tags} onValue={set("tags")} testId="tags-input"
          placeholder={'os.type="linux" error=true   or   { status = error && duration > 1s }'} mono>
          <kbd>/</kbd>
        </TextField>
        <label class="field select">
          <span class="sr">Time range</span>
          <select value={range} onChange={(event) => set("range")(event.currentTarget.value)} data-testid="range-input">
            {query.range === "custom" && <option value="custom">The range of the link</option>}
            {kRanges.map(({ key, label }) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <button class="button solid" type="submit" data-testid="search-button">
          Search
        </button>
      </div>
      <div class="ask-fields">
        <TextField class="wide" label="Service" value={service} onValue={set("service")} list="known-services"
          testId="service-input" placeholder={placeholderOf(traceql)} disabled={traceql} />
        <datalist id="known-services">
          {services.map((known) => (
            <option key={known} value={known} />
          ))}
        </datalist>
        <TextField class="wide" label="Span name" value={name} onValue={set("name")} testId="name-input"
          placeholder={placeholderOf(traceql)} disabled={traceql} />
        <TextField label="At least" value={minDuration} onValue={set("minDuration")} testId="min-duration-input" placeholder="100ms" />
        <TextField label="At most" value={maxDuration} onValue={set("maxDuration")} testId="max-duration-input" placeholder="2s" />
        <TextField class="narrow" label="Limit" value={limit} onValue={set("limit")} testId="limit-input" placeholder="20" numeric />
      </div>
    </form>
  );
}

/** A query in TraceQL names services and spans itself. */
function placeholderOf(traceql: boolean): string {
  return traceql ? "as the query says" : "any";
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly testId: string;
  readonly placeholder: string;
  readonly class?: string;
  readonly list?: string;
  readonly mono?: boolean;
  readonly numeric?: boolean;
  readonly disabled?: boolean | undefined;
  readonly children?: ComponentChildren;
}

function TextField(props: TextFieldProps): VNode {
  return (
    <label class={`field ${props.class ?? ""}`}>
      <span class="field-label">{props.label}</span>
      <input
        class={props.mono ? "mono" : undefined}
        type="text"
        inputMode={props.numeric ? "numeric" : undefined}
        value={props.disabled ? "" : props.value}
        disabled={props.disabled}
        list={props.list}
        placeholder={props.placeholder}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        data-testid={props.testId}
        onInput={(event) => props.onValue(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
      {props.children}
    </label>
  );
}
