// SPDX-License-Identifier: Apache-2.0
// What is usual for a trace: how long others take that begin with the same operation, and how long spans take
// that are like those of the trace. Times are in logarithmic buckets, 32 to a doubling.
import { formatCount } from "../base/format";
import type { ShownTrace } from "./shown_trace";

const kPerDoubling = 32;
/** From so many in 1000 on a span is slow for its kind. */
const kSlow = 950;
/** With fewer, a last tenth of a per cent says nothing. */
const kFinelyKnown = 1000;

export interface UsualSpans {
  readonly service: string;
  readonly operation: string;
  /** As OTLP numbers it. */
  readonly kind: number;
  readonly count: number;
  readonly medianNanos: number;
  readonly p95Nanos: number;
  /** Those without length. */
  readonly zeroCount: number;
  /** Times of bucket i are in (2^(i/32), 2^((i+1)/32)] ns; ascending. */
  readonly buckets: readonly (readonly [index: number, count: number])[];
}

export interface UsualTrace {
  readonly nanos: number;
  readonly traces: number;
  /** In per cent, with a digit behind the point. */
  readonly slowerThan: number;
  readonly reference: string;
  readonly spans: ReadonlyMap<string, UsualSpans>;
}

export function usualKey(kind: number, service: string, operation: string): string {
  return JSON.stringify([kind, service, operation]);
}

/** What is usual for a span of the trace. */
export function usualOfRow(trace: ShownTrace, usual: UsualTrace | undefined, row: number): UsualSpans | undefined {
  if (!usual) return undefined;
  const { kind, service } = trace.data.columns;
  return usual.spans.get(usualKey(kind[row]!, trace.texts.at(service[row]!), trace.name(row)));
}

function bucketOf(nanos: number): number {
  return Math.ceil(Math.log2(nanos) * kPerDoubling) - 1;
}

/** How many in 1000 are faster. */
export function slowerThan(usual: UsualSpans, nanos: number): number {
  if (!(usual.count > 0) || !(nanos > 0)) return 0;
  const own = bucketOf(nanos);
  const below = usual.buckets.reduce((sum, [index, count]) => (index < own ? sum + count : sum), usual.zeroCount);
  return Math.floor((1000 * below) / usual.count);
}

/** "p99": no finer than it is known, and never all of them. */
export function percentileText(perMille: number, count: number): string {
  if (count >= kFinelyKnown && perMille >= 999) return "p99.9";
  return `p${Math.min(99, Math.floor(perMille / 10))}`;
}

/** What stands beside a bar: nothing unless the span is slow for its kind. */
export function slowText(usual: UsualSpans | undefined, nanos: number): string {
  const perMille = usual ? slowerThan(usual, nanos) : 0;
  return usual && perMille >= kSlow ? percentileText(perMille, usual.count) : "";
}

/** "slower than 97 % of 2 907 like it". */
export function slowerText(usual: UsualSpans, nanos: number): string {
  const perMille = slowerThan(usual, nanos);
  const share = perMille >= 1000 ? "all" : `${Math.floor(perMille / 10)}\u202f%`;
  return `slower than ${share} of ${formatCount(usual.count)} like it`;
}

export interface HistogramColumn {
  /** Per cent of the width. */
  readonly x: number;
  readonly width: number;
  /** Of the highest, 0 to 1. */
  readonly height: number;
}

export interface Histogram {
  readonly columns: readonly HistogramColumn[];
  /** Where a time is, in per cent. */
  readonly at: (nanos: number) => number;
  /** What the axis ends with. */
  readonly end: number;
}

/** Columns on a logarithmic axis that has all times and `nanos`. */
export function histogramOf(usual: UsualSpans, nanos: number, count: number): Histogram | undefined {
  const known = usual.buckets;
  if (known.length === 0) return undefined;
  const own = nanos > 0 ? bucketOf(nanos) : known[0]![0];
  const first = Math.min(known[0]![0], own) - 1;
  const last = Math.max(known[known.length - 1]![0], own) + 2;
  const heights = new Array<number>(count).fill(0);
  for (const [index, times] of known) heights[Math.floor(((index - first) / (last - first)) * count)]! += times;
  const highest = Math.max(...heights);
  const columns = heights.map((times, column) => ({ x: (100 * column) / count, width: 100 / count, height: times / highest }));
  const at = (time: number): number => {
    const place = (100 * (Math.log2(Math.max(1, time)) * kPerDoubling - first)) / (last - first);
    return Math.max(0, Math.min(100, place));
  };
  return { columns, at, end: 2 ** (last / kPerDoubling) };
}
