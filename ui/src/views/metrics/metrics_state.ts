// SPDX-License-Identifier: Apache-2.0
// What the Metrics page shows: the answer to the query in the address. A newer question cancels an older one.
import { type Signal, signal } from "@preact/signals";
import { readMetrics } from "../../api/client";
import type { MetricsAnswer } from "../../model/metrics";
import { type MetricsQuery, metricsParams } from "../../model/metrics_query";
import { type QueryError, queryErrorOf } from "../../model/query_error";

export interface Answered {
  readonly query: MetricsQuery;
  readonly answer: MetricsAnswer;
  /** When it was asked, Unix milliseconds. */
  readonly asked: number;
  readonly milliseconds: number;
}

export type MetricsState =
  /** `before` is the answer that is still shown. */
  | { readonly kind: "running"; readonly before: Answered | undefined }
  /** `wrong` when it is the query that is not understood. */
  | { readonly kind: "failed"; readonly message: string; readonly wrong: QueryError | undefined }
  | { readonly kind: "answered"; readonly answered: Answered };

export interface MetricsStore {
  readonly state: Signal<MetricsState>;
  run(query: MetricsQuery): void;
  stop(): void;
}

export function createMetricsStore(): MetricsStore {
  const state = signal<MetricsState>({ kind: "running", before: undefined });
  let running = new AbortController();

  const ask = async (query: MetricsQuery, cancelled: AbortSignal): Promise<void> => {
    const asked = Date.now();
    const began = performance.now();
    const answer = await readMetrics(metricsParams(query), cancelled);
    if (cancelled.aborted) return;
    if (answer.ok) {
      const milliseconds = performance.now() - began;
      state.value = { kind: "answered", answered: { query, answer: answer.value, asked, milliseconds } };
    } else {
      const { message } = answer.error;
      state.value = { kind: "failed", message, wrong: queryErrorOf(message, query.q) };
    }
  };

  return {
    state,
    run(query) {
      running.abort();
      running = new AbortController();
      state.value = { kind: "running", before: shownAnswer(state.value) };
      void ask(query, running.signal);
    },
    stop() {
      running.abort();
    },
  };
}

export function shownAnswer(state: MetricsState): Answered | undefined {
  if (state.kind === "answered") return state.answered;
  return state.kind === "running" ? state.before : undefined;
}
