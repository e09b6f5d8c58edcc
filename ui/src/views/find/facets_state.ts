// SPDX-License-Identifier: Apache-2.0
// The facets of what matches, read one after the other: counts first, then how long the spans took.
import { type Signal, signal } from "@preact/signals";
import { readCountedNames, readCountedValues, readInstant } from "../../api/client";
import { type Facet, facetFields, facetMatcher } from "../../model/facets";
import { spansBy } from "../../model/query_parts";
import type { SearchQuery } from "../../model/search_query";
import { askedParams } from "../../model/time_range";
import { type Attribute, attributeText } from "../../model/trace";

const kMaxNames = "200";
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
    const names = await readCountedNames(limited(query, spans, kMaxNames), cancelled);
    const read: Facet[] = [];
    for (const facet of facetFields(names.ok ? names.value.map(({ text }) => text) : [])) {
      const values = await readCountedValues(facet.field, limited(query, spans, String(kMaxValues)), cancelled);
      if (cancelled.aborted) return;
      if (!values.ok || values.value.length === 0) continue;
      read.push({
        ...facet,
        values: values.value.slice(0, kMaxValues).map(({ text, type, spans: count }) => (
          { text, matcher: facetMatcher(facet.field, text, type), spans: count, p95: undefined }
        )),
      });
      // Those of before stay until theirs are there.
      facets.value = [...read, ...facets.value.slice(read.length)];
    }
    facets.value = read;
    for (const { field } of read) {
      const lengths = await readInstant(askedParams(query, `${spans} | quantile_over_time(duration, .95) by (${field})`), cancelled);
      if (cancelled.aborted) return;
      if (!lengths.ok) continue;
      // The server may name the field by another of its names.
      const byValue = new Map(lengths.value.map(({ labels, value }) => [valueOf(labels), value]));
      facets.value = facets.value.map((each) => (each.field === field ? withLengths(each, byValue) : each));
    }
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

function valueOf(labels: readonly Attribute[]): string {
  const label = labels.find(({ key }) => key !== "p");
  return label ? attributeText(label.value) : "";
}

function withLengths(facet: Facet, lengths: ReadonlyMap<string, number>): Facet {
  return { ...facet, values: facet.values.map((value) => ({ ...value, p95: lengths.get(value.text) })) };
}

function limited(query: SearchQuery, q: string, limit: string): URLSearchParams {
  const params = askedParams(query, q);
  params.set("limit", limit);
  return params;
}
