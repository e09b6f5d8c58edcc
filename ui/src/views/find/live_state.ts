// SPDX-License-Identifier: Apache-2.0
// The traces that arrive while the page follows them.
import { type Signal, signal } from "@preact/signals";
import { followTail, type Skipped } from "../../api/tail";
import { withArrived } from "../../model/live_traces";
import type { TraceSummary } from "../../model/trace";

export interface Live {
  /** Unix milliseconds. */
  readonly since: number;
  readonly connected: boolean;
  readonly traces: readonly TraceSummary[];
  readonly arrived: number;
  readonly skipped: Skipped;
}

export interface LiveStore {
  /** undefined while nothing is followed. */
  readonly live: Signal<Live | undefined>;
  follow(query: string): void;
  stop(): void;
}

export function createLiveStore(): LiveStore {
  const live = signal<Live | undefined>(undefined);
  let end = (): void => undefined;
  const change = (changes: (before: Live) => Partial<Live>): void => {
    if (live.value) live.value = { ...live.value, ...changes(live.value) };
  };
  const stop = (): void => {
    end();
    live.value = undefined;
  };
  return {
    live,
    stop,
    follow(query) {
      stop();
      live.value = { since: Date.now(), connected: false, traces: [], arrived: 0, skipped: { spans: 0, traces: 0 } };
      end = followTail(query, {
        onTraces: (traces) => change((before) => ({ traces: withArrived(before.traces, traces), arrived: before.arrived + traces.length })),
        onSkipped: ({ spans, traces }) => change(({ skipped }) => ({ skipped: { spans: skipped.spans + spans, traces: skipped.traces + traces } })),
        onConnected: (connected) => change(() => ({ connected })),
      });
    },
  };
}
