// SPDX-License-Identifier: Apache-2.0
// The facets of what matches, read one after the other once the rows are there: first those that the reader added,
// which stand on top, then those that everybody has.
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { readTagNamesOf, readValueTraces } from "../../api/client";
import { type Facet, type FacetField, facetField, facetFields, facetMatcher, type FacetValue, type OwnFacet } from "../../model/facets";
import { keepOwnFacets, readOwnFacets, withOwnFacet } from "../../model/own_facets";
import { spansBy } from "../../model/query_parts";
import type { SearchQuery } from "../../model/search_query";
import { askedParams } from "../../model/time_range";

const kMaxValues = 8;

export interface FacetsStore {
  readonly facets: ReadonlySignal<readonly Facet[]>;
  readonly own: ReadonlySignal<readonly OwnFacet[]>;
  ask(query: SearchQuery): void;
  /** A field becomes a facet, or is none any more. */
  toggle(field: string): void;
  stop(): void;
}

/** What the facets are of, until another question. */
interface Asked {
  readonly params: URLSearchParams;
  readonly cancelled: AbortSignal;
}

export function createFacetsStore(): FacetsStore {
  const usual = signal<readonly Facet[]>([]);
  const ownFields = signal(readOwnFacets());
  const ownValues = signal<ReadonlyMap<string, OwnFacet["values"]>>(new Map());
  let running = new AbortController();
  let asked: Asked | undefined;

  const readOwn = async (field: string, of: Asked): Promise<void> => {
    const values = await readValues(field, of);
    if (!of.cancelled.aborted) ownValues.value = new Map(ownValues.value).set(field, values);
  };
  const run = async (query: SearchQuery, of: Asked): Promise<void> => {
    for (const field of ownFields.value) await readOwn(field, of);
    const names = await readTagNamesOf(query, of.cancelled);
    const read: Facet[] = [];
    for (const group of facetFields(names.ok ? names.value : [], ownFields.value)) {
      const facet = await firstFacet(group, of);
      if (of.cancelled.aborted) return;
      if (!facet) continue;
      read.push(facet);
      // Those of before stay until theirs are there.
      usual.value = [...read, ...usual.value.slice(read.length)];
    }
    usual.value = read;
  };

  return {
    facets: computed(() => usual.value.filter(({ field }) => !ownFields.value.includes(field))),
    own: computed(() => ownFields.value.map((field) => ({ ...facetField(field), values: ownValues.value.get(field) }))),
    ask(query) {
      running.abort();
      running = new AbortController();
      const spans = spansBy(query.q);
      asked = spans ? { params: paramsOf(query, spans), cancelled: running.signal } : undefined;
      if (asked) void run(query, asked);
      else [usual.value, ownValues.value] = [[], new Map()];
    },
    toggle(field) {
      ownFields.value = withOwnFacet(ownFields.value, field);
      keepOwnFacets(ownFields.value);
      if (asked && ownFields.value.includes(field)) void readOwn(field, asked);
    },
    stop() {
      running.abort();
    },
  };
}

function paramsOf(query: SearchQuery, spans: string): URLSearchParams {
  const params = askedParams(query, spans);
  params.set("limit", String(kMaxValues));
  return params;
}

/** Of the first field that has values; undefined when none has. */
async function firstFacet(group: readonly FacetField[], { params, cancelled }: Asked): Promise<Facet | undefined> {
  for (const { field, title } of group) {
    const values = await readValues(field, { params, cancelled });
    if (cancelled.aborted) return undefined;
    if (values && values.length > 0) return { field, title, values };
  }
  return undefined;
}

/** Undefined: nobody knows. */
async function readValues(field: string, { params, cancelled }: Asked): Promise<readonly FacetValue[] | undefined> {
  const answer = await readValueTraces(field, params, cancelled);
  if (!answer.ok) return undefined;
  return answer.value.map(({ type, value, traces, p95Seconds }) => ({ text: value, matcher: facetMatcher(field, value, type), traces, p95: p95Seconds }));
}
