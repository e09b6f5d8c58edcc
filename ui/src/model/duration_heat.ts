// SPDX-License-Identifier: Apache-2.0
// How long traces took over time: the answer of `histogram_over_time(trace:duration) by (status)` as columns of
// time and rows of duration, each row twice as long as the one below, and boxes of such cells.
import { logTicks } from "../base/log_axis";
import { formatDuration } from "../base/format";
import { kSecond } from "../base/time";
import { heatMapOf } from "./heat_map";
import { type MetricsAnswer, stepOf, textOfLabel } from "./metrics";

export interface DurationHeat {
  /** Unix milliseconds: where the first column begins. */
  readonly from: number;
  readonly step: number;
  readonly columns: number;
  /** Seconds, ascending: a row lies between two of them. */
  readonly edges: readonly number[];
  /** counts[row][column], and those of them that failed. */
  readonly counts: readonly (readonly number[])[];
  readonly errors: readonly (readonly number[])[];
  /** Of all rows. */
  readonly totals: readonly number[];
  readonly total: number;
  /** The largest of all counts. */
  readonly most: number;
}

export function durationHeatOf(answer: MetricsAnswer): DurationHeat {
  const { times } = answer;
  const { buckets, counts, most } = heatMapOf(answer);
  const failed = heatMapOf({ ...answer, series: answer.series.filter(({ labels }) => textOfLabel(labels, "status") === "error") });
  const errorsOf = (bucket: number): readonly number[] =>
    failed.counts[failed.buckets.findIndex((each) => Math.abs(each / bucket - 1) < 0.01)] ?? times.map(() => 0);
  const totals = times.map((_, at) => counts.reduce((sum, row) => sum + row[at]!, 0));
  const step = stepOf(times, 60_000);
  // Buckets end at whole powers of two nanoseconds.
  const edges = buckets.map((bucket) => 2 ** Math.round(Math.log2(bucket * kSecond)) / kSecond);
  return {
    from: (times[0] ?? 0) - step,
    step,
    columns: times.length,
    edges: edges.length > 0 ? [edges[0]! / 2, ...edges] : [],
    counts,
    errors: buckets.map(errorsOf),
    totals,
    total: totals.reduce((sum, count) => sum + count, 0),
    most,
  };
}

/** Cells from one to another, both within. */
export interface HeatBox {
  readonly left: number;
  readonly right: number;
  readonly low: number;
  readonly high: number;
}

export function boxBetween(one: HeatCell, other: HeatCell): HeatBox {
  return {
    left: Math.min(one.column, other.column),
    right: Math.max(one.column, other.column),
    low: Math.min(one.row, other.row),
    high: Math.max(one.row, other.row),
  };
}

export interface HeatCell {
  readonly column: number;
  readonly row: number;
}

export function countIn({ counts }: DurationHeat, { left, right, low, high }: HeatBox): number {
  return counts.slice(low, high + 1).reduce((sum, row) => row.slice(left, right + 1).reduce((part, count) => part + count, sum), 0);
}

/** A box as it is asked for: a time and a length, whatever the map is cut into. Open where the map ends. */
export interface HeatRange {
  /** Unix seconds. */
  readonly start: number;
  readonly end: number;
  /** Seconds. */
  readonly least: number | undefined;
  readonly most: number | undefined;
}

export function rangeOfBox({ from, step, edges }: DurationHeat, { left, right, low, high }: HeatBox): HeatRange {
  return {
    start: Math.floor((from + left * step) / 1000),
    end: Math.ceil((from + (right + 1) * step) / 1000),
    least: low > 0 ? edges[low] : undefined,
    most: high < edges.length - 2 ? edges[high + 1] : undefined,
  };
}

/** The cells that a range covers; undefined when none is on the map. */
export function boxOfRange(heat: DurationHeat, { start, end, least, most }: HeatRange): HeatBox | undefined {
  const rows = heat.edges.length - 1;
  const column = (seconds: number): number => Math.round((seconds * 1000 - heat.from) / heat.step);
  const edge = (length: number): number => heat.edges.findIndex((each) => each >= length * 0.999);
  const low = least === undefined ? 0 : edge(least);
  const high = most === undefined || edge(most) < 0 ? rows - 1 : edge(most) - 1;
  const [left, right] = [Math.max(0, column(start)), Math.min(heat.columns, column(end)) - 1];
  return left > right || low < 0 || low > high ? undefined : { left, right, low, high };
}

/** 1795914600-1795914900-1.048576-, as the address of the page says it. */
export function textOfRange({ start, end, least, most }: HeatRange): string {
  return [start, end, least ?? "", most ?? ""].join("-");
}

export function rangeOfText(text: string): HeatRange | undefined {
  const [, start, end, least, most] = /^(\d{1,10})-(\d{1,10})-(\d*\.?\d*)-(\d*\.?\d*)$/.exec(text) ?? [];
  if (!start || !end || Number(start) >= Number(end)) return undefined;
  return { start: Number(start), end: Number(end), least: least ? Number(least) : undefined, most: most ? Number(most) : undefined };
}

/** "over 1.05 s", "0.52 s to 1.05 s"; "" for any length. */
export function lengthInWords({ least, most }: HeatRange): string {
  const [from, to] = [least, most].map((seconds) => seconds !== undefined && formatDuration(seconds * kSecond));
  if (from && to) return `${from} to ${to}`;
  return from ? `over ${from}` : to ? `up to ${to}` : "";
}

/** The lengths as TraceQL has them, to the nanosecond. */
export function lengthsInTraceql({ least, most }: HeatRange): readonly { readonly operator: string; readonly value: string }[] {
  const written = (seconds: number): string => (seconds < 1 ? `${+(seconds * 1000).toPrecision(12)}ms` : `${+seconds.toPrecision(12)}s`);
  const bounds = [{ operator: ">", seconds: least }, { operator: "<=", seconds: most }];
  return bounds.flatMap(({ operator, seconds }) => (seconds === undefined ? [] : [{ operator, value: written(seconds) }]));
}

/** Where a length lies on the map, in rows from its lower end: the rows are logarithmic. */
export function rowOfLength({ edges }: DurationHeat, seconds: number): number {
  return edges.length > 0 ? Math.log2(seconds / edges[0]!) : 0;
}

/** Round lengths for the axis, as many as there is room for. */
export function lengthTicks({ edges }: DurationHeat, room: number): readonly number[] {
  return logTicks(edges[0] ?? 1, edges.at(-1) ?? 1, room);
}
