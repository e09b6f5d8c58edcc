// SPDX-License-Identifier: Apache-2.0
// The stretch of time in view. In the address it is in nanoseconds since the start of the trace.
import { computed, type ReadonlySignal } from "@preact/signals";
import type { TimeScale } from "../../base/time_scale";
import type { ShownTrace } from "../../model/shown_trace";
import { address, type HistoryStep, setParams } from "../router";

export interface TimeWindow {
  readonly scale: ReadonlySignal<TimeScale>;
  /** All that can be seen. */
  readonly whole: ReadonlySignal<TimeScale>;
  readonly zoomed: ReadonlySignal<boolean>;
  show(from: number, to: number, step?: HistoryStep): void;
  reset(): void;
  /** By a share of what is in view, to the right when positive. */
  pan(share: number): void;
  /** Around an instant, else the middle. Below 1 shows less time. */
  zoom(factor: number, at?: number): void;
}

const kLeastNanos = 10;

export function createTimeWindow(trace: ShownTrace, rootRow: ReadonlySignal<number>): TimeWindow {
  const whole = computed((): TimeScale => {
    const root = rootRow.value;
    if (root < 0) return { start: 0, end: trace.data.length };
    return { start: trace.start(root), end: Math.max(trace.end(root), trace.start(root) + 1) };
  });
  const asked = computed(() => `${address.value.params.get("from") ?? ""} ${address.value.params.get("to") ?? ""}`);
  const scale = computed((): TimeScale => {
    const [from, to] = asked.value.split(" ").map((text) => (/^\d{1,18}$/.test(text) ? Number(text) : undefined));
    const { start, end } = whole.value;
    if (from === undefined || to === undefined || to <= from || from >= end) return whole.value;
    return { start: Math.max(start, from), end: Math.min(end, to) };
  });
  const zoomed = computed(() => scale.value !== whole.value);
  const show = (from: number, to: number, step: HistoryStep = "push"): void => {
    const { start, end } = whole.value;
    const length = Math.min(end - start, Math.max(kLeastNanos, to - from));
    const first = Math.round(Math.max(start, Math.min(end - length, from)));
    const all = length >= (end - start) * 0.999;
    setParams({ from: all ? undefined : String(first), to: all ? undefined : String(Math.round(first + length)) }, step);
  };
  return {
    scale,
    whole,
    zoomed,
    show,
    reset: () => setParams({ from: undefined, to: undefined }, "push"),
    pan(share) {
      const { start, end } = scale.value;
      const step = (end - start) * share;
      show(start + step, end + step, "replace");
    },
    zoom(factor, at) {
      const { start, end } = scale.value;
      const middle = at ?? (start + end) / 2;
      show(middle - (middle - start) * factor, middle + (end - middle) * factor, "replace");
    },
  };
}
