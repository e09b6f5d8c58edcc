// SPDX-License-Identifier: Apache-2.0
// What comes of comparing two sets. A newer question cancels an older one, whose answer stays until then.
import { type Signal, signal } from "@preact/signals";
import { compareSets } from "../../api/compare_api";
import { searchTraces } from "../../api/client";
import { type SetQuery, type SetsQuery, setsParams } from "../../model/compare_query";
import { type QueryError, queryErrorOf } from "../../model/query_error";
import { kEmptyQuery, typedParams } from "../../model/search_query";
import type { SetComparison } from "../../model/set_comparison";

export type SetsState =
  | { readonly kind: "nothing" }
  | { readonly kind: "running"; readonly before: SetComparison | undefined }
  | { readonly kind: "failed"; readonly message: string; readonly wrong: { readonly set?: QueryError; readonly rest?: QueryError } }
  | { readonly kind: "compared"; readonly comparison: SetComparison };

export interface SetsStore {
  readonly state: Signal<SetsState>;
  compare(query: SetsQuery): void;
  stop(): void;
}

const kWrongRequest = 400;

export function createSetsStore(): SetsStore {
  const state = signal<SetsState>({ kind: "nothing" });
  let running = new AbortController();

  const run = async (query: SetsQuery, cancelled: AbortSignal): Promise<void> => {
    const answer = await compareSets(setsParams(query, Date.now() / 1000), cancelled);
    if (cancelled.aborted) return;
    if (answer.ok) {
      state.value = { kind: "compared", comparison: answer.value };
      return;
    }
    const { message, status } = answer.error;
    const wrong = status === kWrongRequest ? await wrongQueries(query, cancelled) : {};
    if (!cancelled.aborted) state.value = { kind: "failed", message, wrong };
  };

  return {
    state,
    compare(query) {
      running.abort();
      running = new AbortController();
      if (!query.asked) {
        state.value = { kind: "nothing" };
        return;
      }
      state.value = { kind: "running", before: shownComparison(state.value) };
      void run(query, running.signal);
    },
    stop() {
      running.abort();
    },
  };
}

export function shownComparison(state: SetsState): SetComparison | undefined {
  if (state.kind === "running") return state.before;
  return state.kind === "compared" ? state.comparison : undefined;
}

/** The answer does not say which of the two it complains of: each is asked for by itself. */
async function wrongQueries({ set, rest }: SetsQuery, cancelled: AbortSignal): Promise<{ set?: QueryError; rest?: QueryError }> {
  const [ofSet, ofRest] = await Promise.all([wrongIn(set, cancelled), wrongIn(rest, cancelled)]);
  return { ...(ofSet ? { set: ofSet } : {}), ...(ofRest ? { rest: ofRest } : {}) };
}

async function wrongIn({ q }: SetQuery, cancelled: AbortSignal): Promise<QueryError | undefined> {
  const answer = await searchTraces(typedParams({ ...kEmptyQuery, q }), cancelled);
  return answer.ok ? undefined : queryErrorOf(answer.error.message, q);
}
