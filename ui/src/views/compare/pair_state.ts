// SPDX-License-Identifier: Apache-2.0
// The two traces and their ledgers. What was read stays, so that swapping asks nothing.
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { readLedger } from "../../api/trace_api";
import type { PairQuery } from "../../model/compare_query";
import type { Ledger } from "../../model/ledger";
import type { ShownTrace } from "../../model/shown_trace";
import { TracePair } from "../../model/trace_pair";
import { loadTrace } from "../trace/load_trace";

export type Side =
  | { readonly kind: "none" }
  | { readonly kind: "loading" }
  | { readonly kind: "absent" }
  | { readonly kind: "failed"; readonly message: string }
  /** The ledger comes later, or never. */
  | { readonly kind: "loaded"; readonly trace: ShownTrace; readonly ledger: Ledger | undefined };

export interface PairState {
  readonly a: Side;
  readonly b: Side;
}

export interface PairStore {
  readonly state: ReadonlySignal<PairState>;
  /** Once both are there. */
  readonly pair: ReadonlySignal<TracePair | undefined>;
  show(query: PairQuery): void;
  /** Asks again for what could not be read. */
  retry(): void;
  stop(): void;
}

const kNone: Side = { kind: "none" };

export function createPairStore(): PairStore {
  const sides = signal<ReadonlyMap<string, Side>>(new Map());
  const shown = signal<PairQuery>({ kind: "pair", a: "", b: "" });
  const ending = new AbortController();

  const put = (id: string, side: Side): void => {
    if (!ending.signal.aborted) sides.value = new Map(sides.value).set(id, side);
  };
  const load = async (id: string): Promise<void> => {
    put(id, { kind: "loading" });
    const ledger = readLedger(id, "", ending.signal);
    const answer = await loadTrace(id, ending.signal);
    if (!answer.ok) {
      const { status, message } = answer.error;
      return put(id, status === 404 ? { kind: "absent" } : { kind: "failed", message });
    }
    put(id, { kind: "loaded", trace: answer.value, ledger: undefined });
    const made = await ledger;
    if (made.ok) put(id, { kind: "loaded", trace: answer.value, ledger: made.value });
  };
  const want = (id: string): void => {
    if (id !== "" && !sides.value.has(id)) void load(id);
  };
  const sideOf = (id: string): Side => (id === "" ? kNone : sides.value.get(id) ?? { kind: "loading" });

  const state = computed<PairState>(() => ({ a: sideOf(shown.value.a), b: sideOf(shown.value.b) }));
  const traceA = computed(() => traceOf(state.value.a));
  const traceB = computed(() => traceOf(state.value.b));
  return {
    state,
    // Not made anew when a ledger comes.
    pair: computed(() => (traceA.value && traceB.value ? new TracePair(traceA.value, traceB.value) : undefined)),
    show(query) {
      // Of many traces that were looked at only the present ones are kept.
      sides.value = new Map([...sides.value].filter(([id]) => [query.a, query.b, shown.value.a, shown.value.b].includes(id)));
      shown.value = query;
      want(query.a);
      want(query.b);
    },
    retry() {
      const { a, b } = shown.value;
      sides.value = new Map([...sides.value].filter(([, side]) => side.kind === "loaded" || side.kind === "loading"));
      want(a);
      want(b);
    },
    stop() {
      ending.abort();
    },
  };
}

function traceOf(side: Side): ShownTrace | undefined {
  return side.kind === "loaded" ? side.trace : undefined;
}
