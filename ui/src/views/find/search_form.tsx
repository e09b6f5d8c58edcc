// SPDX-License-Identifier: Apache-2.0
// The question: a line of TraceQL and, while that is a plain conjunction, a chip for each condition. Text and
// chips stay in step. Typing asks nothing until it is submitted; a chip that changes asks at once.
import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { QueryError } from "../../model/query_error";
import type { SearchQuery } from "../../model/search_query";
import { QueryLine } from "../query/query_line";
import { RangeField } from "../query/range_field";
import { ConditionChips } from "./condition_chips";

export interface SearchFormProps {
  readonly query: SearchQuery;
  readonly error: QueryError | undefined;
  readonly onSearch: (query: SearchQuery) => void;
  /** Whether what arrives is followed. */
  readonly live: boolean;
  readonly onLive: () => void;
  /** What stands to the right of the chips. */
  readonly children?: ComponentChildren;
}

const kPlaceholder = "{ status = error && duration > 1s }";

export function SearchForm({ query, error, onSearch, live, onLive, children }: SearchFormProps): VNode {
  const text = useSignal(query.q);
  useEffect(() => {
    text.value = query.q;
  }, [query]);
  const ask = (changes: Partial<SearchQuery>): void => onSearch({ ...query, q: text.value, ...changes });
  const submit = (event?: Event): void => {
    event?.preventDefault();
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
    ask({});
  };
  return (
    <form class="ask" data-testid="search-form" aria-label="Search" role="search" onSubmit={submit}>
      <QueryLine text={text.value} placeholder={kPlaceholder} metrics={false} error={error && error.query === text.value ? error : undefined}
        onText={(q) => (text.value = q)} onRun={submit}>
        <RangeField range={query} endless onRange={(range) => ask(range)} />
        <button class="button line hide-phone" type="button" aria-pressed={live} data-testid="live-toggle" onClick={onLive}>
          Live <kbd>L</kbd>
        </button>
        <button class="button solid" type="submit" data-testid="search-button">
          Search
        </button>
      </QueryLine>
      <div class="preds">
        <ConditionChips text={text.value} onText={(q) => ask({ q })} />
        <span class="status hide-phone">{children}</span>
      </div>
    </form>
  );
}
