// SPDX-License-Identifier: Apache-2.0
// The question: a line of TraceQL and, while that is a plain conjunction, a field for each thing that narrows
// it. Text and fields stay in step. Nothing is asked until it is submitted.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { QueryError } from "../../model/query_error";
import type { SearchQuery } from "../../model/search_query";
import { type FilterForm, formOf, queryOf } from "../../model/traceql_filter";
import { TextField } from "../../widgets/text_field";
import { QueryLine } from "../query/query_line";
import { RangeField } from "../query/range_field";

export interface SearchFormProps {
  readonly query: SearchQuery;
  readonly services: readonly string[];
  readonly error: QueryError | undefined;
  readonly onSearch: (query: SearchQuery) => void;
}

interface Draft {
  readonly query: SearchQuery;
  /** undefined when the text says more than a form can. */
  readonly form: FilterForm | undefined;
  /** The field that cannot be understood; the text then waits for it. */
  readonly wrong: keyof FilterForm | undefined;
}

function draftOf(query: SearchQuery): Draft {
  return { query, form: formOf(query.q), wrong: undefined };
}

function withField({ query, form }: Draft, field: keyof FilterForm, value: string): Draft {
  if (!form) return { query, form, wrong: undefined };
  const edited = { ...form, [field]: value };
  const asked = queryOf(edited);
  if ("wrong" in asked) return { query, form: edited, wrong: asked.wrong };
  return { query: { ...query, q: asked.text }, form: edited, wrong: undefined };
}

const kPlaceholder = "{ status = error && duration > 1s }";

export function SearchForm({ query, services, error, onSearch }: SearchFormProps): VNode {
  const draft = useSignal(draftOf(query));
  useEffect(() => {
    draft.value = draftOf(query);
  }, [query]);
  const { query: asked, form, wrong } = draft.value;
  const change = (changes: Partial<SearchQuery>): SearchQuery => {
    const next = { ...draft.value.query, ...changes };
    draft.value = { ...draft.value, query: next };
    return next;
  };
  const submit = (event?: Event): void => {
    event?.preventDefault();
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
    if (!draft.value.wrong) onSearch(draft.value.query);
  };
  return (
    <form class="ask" data-testid="search-form" aria-label="Search" role="search" onSubmit={submit}>
      <QueryLine text={asked.q} placeholder={kPlaceholder} metrics={false} error={error && error.query === asked.q ? error : undefined}
        onText={(q) => q !== draft.value.query.q && (draft.value = draftOf({ ...draft.value.query, q }))} onRun={submit}>
        <RangeField range={asked} endless onRange={(range) => onSearch(change(range))} />
        <button class="button solid" type="submit" data-testid="search-button">
          Search
        </button>
      </QueryLine>
      <div class="ask-fields">
        {form ? (
          <Fields form={form} wrong={wrong} services={services}
            onField={(field, value) => (draft.value = withField(draft.value, field, value))} />
        ) : (
          <p class="ask-note" data-testid="form-note">
            The form shows one filter with conditions joined by &&. This query says something else.
          </p>
        )}
        <TextField class="narrow" label="Limit" value={asked.limit} onValue={(limit) => void change({ limit })}
          testId="limit-input" placeholder="20" numeric />
      </div>
    </form>
  );
}

interface FieldsProps {
  readonly form: FilterForm;
  readonly wrong: keyof FilterForm | undefined;
  readonly services: readonly string[];
  readonly onField: (field: keyof FilterForm, value: string) => void;
}

function Fields({ form, wrong, services, onField }: FieldsProps): VNode {
  const set = (field: keyof FilterForm) => (value: string) => onField(field, value);
  return (
    <>
      <TextField label="Service" value={form.service} onValue={set("service")} list="known-services"
        testId="service-input" placeholder="any" />
      <datalist id="known-services">
        {services.map((known) => (
          <option key={known} value={known} />
        ))}
      </datalist>
      <TextField label="Span name" value={form.name} onValue={set("name")} testId="name-input" placeholder="any" />
      <TextField label="Tags" value={form.tags} onValue={set("tags")} testId="tags-input"
        placeholder={'os.type="linux" status=error'} wrong={wrong === "tags" && "A tag is written name=value."} mono />
      <TextField label="At least" value={form.minDuration} onValue={set("minDuration")} testId="min-duration-input"
        placeholder="100ms" wrong={wrong === "minDuration" && kDurationHint} />
      <TextField label="At most" value={form.maxDuration} onValue={set("maxDuration")} testId="max-duration-input"
        placeholder="2s" wrong={wrong === "maxDuration" && kDurationHint} />
    </>
  );
}

const kDurationHint = "A duration has a unit: 100ms, 1.5s, 1h30m.";
