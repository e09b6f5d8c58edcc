// SPDX-License-Identifier: Apache-2.0
// The facets of what matches, read one after the other once the rows are there.
import { type Signal, signal } from "@preact/signals";
import { readTagNamesOf, readValueTraces } from "../../api/client";
import { type Facet, type FacetField, facetFields, facetMatcher } from "../../model/facets";
import { spansBy } from "../../model/query_parts";
import type { SearchQuery } from "../../model/search_query";
import { askedParams } from "../../model/time_range";

const kMaxValues = 8;

export interface FacetsStore {
  readonly facets: Signal<readonly Facet[]>;
  ask(query: SearchQuery): void;
  stop(): void;
}

export function createFacetsStore(): FacetsStore {
  const facets = signal<readonly Facet[]>([]);
  let running = new AbortController();

  const run = async (query: SearchQuery, spans: string, cancelled: AbortSignal): Promise<void> => {
    const asked = askedParams(query, spans);
    asked.set("limit", String(kMaxValues));
    const names = await readTagNamesOf(query, cancelled);
    const read: Facet[] = [];
    for (const group of facetFields(names.ok ? names.value : [])) {
      const facet = await firstFacet(group, asked, cancelled);
      if (cancelled.aborted) return;
      if (!facet) continue;
      read.push(facet);
      // Those of before stay until theirs are there.
      facets.value = [...read, ...facets.value.slice(read.length)];
    }
    facets.value = read;
  };

  return {
    facets,
    ask(query) {
      running.abort();
      running = new AbortController();
      const spans = spansBy(query.q);
      if (spans) void run(query, spans, running.signal);
      else facets.value = [];
    },
    stop() {
      running.abort();
    },
  };
}

/** Of the first field that has values; undefined when none has. */
async function firstFacet(group: readonly FacetField[], asked: URLSearchParams, cancelled: AbortSignal): Promise<Facet | undefined> {
  for (const { field, title } of group) {
    const answer = await readValueTraces(field, asked, cancelled);
    if (cancelled.aborted) return undefined;
    if (!answer.ok || answer.value.length === 0) continue;
    const values = answer.value.map(({ type, value, traces, p95Seconds }) => ({ text: value, matcher: facetMatcher(field, value, type), traces, p95: p95Seconds }));
    return { field, title, values };
  }
  return undefined;
}
