// SPDX-License-Identifier: Apache-2.0
// The ledgers of the traces that were found, a few at a time, in the order of the rows. The rows do not wait.
import { type Signal, signal } from "@preact/signals";
import { readLargestParts } from "../../api/ledger_strips";
import type { Ledger } from "../../model/ledger";
import type { TraceSummary } from "../../model/trace";

/** As many as a strip can tell apart. */
const kParts = 6;
const kAtATime = 3;
/** Of very many rows those that are looked at first. */
const kMaxRead = 100;

export interface LedgersStore {
  /** By trace id. */
  readonly ledgers: Signal<ReadonlyMap<string, Ledger>>;
  ask(traces: readonly TraceSummary[]): void;
  stop(): void;
}

export function createLedgersStore(): LedgersStore {
  const ledgers = signal<ReadonlyMap<string, Ledger>>(new Map());
  let running = new AbortController();

  const read = async (waiting: TraceSummary[], cancelled: AbortSignal): Promise<void> => {
    for (let trace = waiting.shift(); trace && !cancelled.aborted; trace = waiting.shift()) {
      const answer = await readLargestParts(trace.traceId, kParts, cancelled);
      if (cancelled.aborted) return;
      if (answer.ok) ledgers.value = new Map(ledgers.value).set(trace.traceId, answer.value);
    }
  };

  return {
    ledgers,
    ask(traces) {
      running.abort();
      running = new AbortController();
      // What is known of a trace stays until it is read anew.
      const known = ledgers.value;
      ledgers.value = new Map(traces.flatMap(({ traceId }) => (known.has(traceId) ? [[traceId, known.get(traceId)!] as const] : [])));
      const waiting = traces.slice(0, kMaxRead);
      for (let reader = 0; reader < kAtATime; ++reader) void read(waiting, running.signal);
    },
    stop() {
      running.abort();
    },
  };
}
