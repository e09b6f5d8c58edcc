// SPDX-License-Identifier: Apache-2.0
// What the Find page shows: the answer to the query in the address. A newer question cancels an older one.
import { type Signal, signal } from "@preact/signals";
import { searchTraces } from "../../api/client";
import { type Result, success } from "../../base/result";
import { type QueryError, queryErrorOf } from "../../model/query_error";
import { isUnfiltered, kEmptyQuery, type SearchQuery, searchParams, typedParams } from "../../model/search_query";
import type { TraceSummary } from "../../model/trace";

export type FindState =
  | { readonly kind: "searching"; readonly traces: readonly TraceSummary[] }
  /** `wrong` when it is the query that is not understood. */
  | { readonly kind: "failed"; readonly message: string; readonly wrong: QueryError | undefined }
  | { readonly kind: "found"; readonly traces: readonly TraceSummary[]; readonly bytesRead: number; readonly milliseconds: number }
  /** Nothing is stored at all. */
  | { readonly kind: "empty" };

export interface FindStore {
  readonly state: Signal<FindState>;
  /** Whether there is more to say of what matches: not of a query that is wrong, nor of an empty store. */
  search(query: SearchQuery): Promise<boolean>;
  stop(): void;
}

const kWrongRequest = 400;

export function createFindStore(): FindStore {
  const state = signal<FindState>({ kind: "searching", traces: [] });
  let running = new AbortController();

  const run = async (query: SearchQuery, cancelled: AbortSignal): Promise<boolean> => {
    const began = performance.now();
    let answer = await searchTraces(searchParams(query), cancelled);
    if (!answer.ok && answer.error.status === kWrongRequest) answer = await searchTraces(typedParams(query), cancelled);
    const milliseconds = performance.now() - began;
    if (cancelled.aborted) return false;
    if (!answer.ok) {
      const { message } = answer.error;
      state.value = { kind: "failed", message, wrong: queryErrorOf(message, query.q) };
      return false;
    }
    const { traces } = answer.value;
    const nothing = traces.length === 0 && isUnfiltered(query) && (await nothingStored(cancelled));
    if (cancelled.aborted) return false;
    state.value = nothing ? { kind: "empty" } : { kind: "found", milliseconds, ...answer.value };
    return !nothing;
  };

  return {
    state,
    search(query) {
      running.abort();
      running = new AbortController();
      const before = state.value;
      state.value = { kind: "searching", traces: before.kind === "found" ? before.traces : [] };
      return run(query, running.signal);
    },
    stop() {
      running.abort();
    },
  };
}

/** The newest trace of all; the value is undefined when nothing is stored. */
export async function newestTrace(cancelled: AbortSignal): Promise<Result<TraceSummary | undefined>> {
  const query = { ...kEmptyQuery, order: "newest", limit: "1", range: "all" } as const;
  const answer = await searchTraces(searchParams(query), cancelled);
  return answer.ok ? success(answer.value.traces[0]) : answer;
}

async function nothingStored(cancelled: AbortSignal): Promise<boolean> {
  const newest = await newestTrace(cancelled);
  return newest.ok && newest.value === undefined;
}
