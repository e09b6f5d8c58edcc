// SPDX-License-Identifier: Apache-2.0
// What is looked for in the trace, as the address has it: words are found here, TraceQL is asked of the server.
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { matchSpans } from "../../api/trace_api";
import { type FoundSpans, findSpans, foundOf, isTraceql } from "../../model/find_spans";
import type { ShownTrace } from "../../model/shown_trace";
import { address, setParams } from "../router";

export interface Finder {
  readonly text: ReadonlySignal<string>;
  /** Undefined while nothing is looked for, or it is not known yet. */
  readonly found: ReadonlySignal<FoundSpans | undefined>;
  /** Why the search is none. */
  readonly wrong: ReadonlySignal<string>;
  /** Whether all other spans are hidden. */
  readonly only: ReadonlySignal<boolean>;
  look(text: string): void;
  setOnly(only: boolean): void;
  /** Asks the server where that is needed. Returns how to stop. */
  start(): () => void;
}

export function createFinder(trace: ShownTrace): Finder {
  const text = computed(() => address.value.params.get("find") ?? "");
  const answer = signal<{ readonly text: string; readonly found?: FoundSpans; readonly wrong?: string }>({ text: "" });
  const found = computed(() => {
    if (text.value.trim() === "") return undefined;
    if (!isTraceql(text.value)) return findSpans(trace, text.value);
    return answer.value.text === text.value ? answer.value.found : undefined;
  });
  const ask = (query: string): (() => void) | undefined => {
    if (!isTraceql(query)) return undefined;
    const stop = new AbortController();
    void matchSpans(trace.traceId, query, trace.count, stop.signal).then((matches) => {
      if (stop.signal.aborted) return;
      answer.value = matches.ok ? { text: query, found: foundOf(matches.value) } : { text: query, wrong: matches.error.message };
    });
    return () => stop.abort();
  };
  return {
    text,
    found,
    wrong: computed(() => (answer.value.text === text.value ? (answer.value.wrong ?? "") : "")),
    only: computed(() => address.value.params.get("only") === "1"),
    look: (next) => setParams({ find: next || undefined, ...(next ? {} : { only: undefined }) }),
    setOnly: (only) => setParams({ only: only ? "1" : undefined }),
    start: () => effect(() => ask(text.value)),
  };
}
