// SPDX-License-Identifier: Apache-2.0
// What the Find page says of everything that matches: how long it took over time, and how many there are. It
// is asked beside the search, whose rows need not wait for it.
import { type Signal, signal } from "@preact/signals";
import { readInstant, readMetrics } from "../../api/client";
import { type DurationHeat, durationHeatOf } from "../../model/duration_heat";
import { countedBy } from "../../model/query_parts";
import type { SearchQuery } from "../../model/search_query";
import { askedParams, boundsOf } from "../../model/time_range";

const kColumns = 60;

export interface Overview {
  readonly heat: DurationHeat | undefined;
  /** Why there is no map. */
  readonly problem: string;
  /** How many match; undefined while that is not known. */
  readonly matched: number | undefined;
  readonly unit: "trace" | "span";
}

const kNothingYet: Overview = { heat: undefined, problem: "", matched: undefined, unit: "trace" };

export interface OverviewStore {
  readonly overview: Signal<Overview>;
  /** `again`: what is known of the same query stays until it is known anew. */
  ask(query: SearchQuery, again: boolean): void;
  stop(): void;
}

export function createOverviewStore(): OverviewStore {
  const overview = signal(kNothingYet);
  let running = new AbortController();
  const change = (cancelled: AbortSignal, changes: Partial<Overview>): void => {
    if (!cancelled.aborted) overview.value = { ...overview.value, ...changes };
  };

  const run = async (query: SearchQuery, cancelled: AbortSignal): Promise<void> => {
    const counted = countedBy(query.q);
    if (!counted) return change(cancelled, { ...kNothingYet, problem: "No map of a query whose pipelines are joined." });
    const { unit } = counted;
    const number = readInstant(askedParams(query, `${counted.query} | count_over_time()`), cancelled);
    const bounds = boundsOf(query, Date.now() / 1000);
    if (bounds) {
      const params = askedParams(query, `${counted.query} | histogram_over_time(trace:duration) by (status)`);
      params.set("step", `${Math.max(1, Math.ceil((bounds.end - bounds.start) / kColumns))}s`);
      params.set("exemplars", "0");
      const answer = await readMetrics(params, cancelled);
      if (answer.ok) change(cancelled, { unit, heat: durationHeatOf(answer.value), problem: "" });
      else change(cancelled, { unit, heat: undefined, problem: `No map: ${answer.error.message}` });
    } else {
      change(cancelled, { unit, heat: undefined, problem: "A map needs a range of time: choose one to see how long traces took." });
    }
    const answer = await number;
    change(cancelled, { matched: answer.ok ? answer.value.reduce((sum, { value }) => sum + (value || 0), 0) : undefined });
  };

  return {
    overview,
    ask(query, again) {
      running.abort();
      running = new AbortController();
      if (!again) overview.value = { ...overview.value, matched: undefined };
      void run(query, running.signal);
    },
    stop() {
      running.abort();
    },
  };
}
