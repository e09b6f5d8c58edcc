// SPDX-License-Identifier: Apache-2.0
// A histogram over time as a map: a row for each bucket from the lowest to the highest there is, without
// holes, a column for each time. Other labels are summed.
import type { Attribute } from "./trace";
import type { MetricsAnswer } from "./metrics";

export const kBucketLabel = "__bucket";

export interface HeatMap {
  /** Upper bounds, each twice the one before. */
  readonly buckets: readonly number[];
  /** counts[bucket][time] */
  readonly counts: readonly (readonly number[])[];
  readonly most: number;
}

/** More rows than there are powers of two in a double's useful range would be an endless loop on odd input. */
const kMaxBuckets = 128;

export function isHistogram({ series }: MetricsAnswer): boolean {
  return series.length > 0 && series.every(({ labels }) => bucketOf(labels) !== undefined);
}

function bucketOf(labels: readonly Attribute[]): number | undefined {
  const value = labels.find(({ key }) => key === kBucketLabel)?.value;
  return typeof value === "number" && value > 0 ? value : typeof value === "bigint" && value > 0n ? Number(value) : undefined;
}

export function heatMapOf({ series, times }: MetricsAnswer): HeatMap {
  const rows = new Map<number, number[]>();
  for (const { labels, values } of series) {
    const bucket = Math.round(Math.log2(bucketOf(labels) ?? 1) * 1000) / 1000;
    const row = rows.get(bucket) ?? times.map(() => 0);
    values.forEach((value, at) => (row[at]! += Number.isNaN(value) ? 0 : value));
    rows.set(bucket, row);
  }
  const filled = [...rows].filter(([, row]) => row.some((count) => count > 0)).map(([bucket]) => bucket);
  if (filled.length === 0) return { buckets: [], counts: [], most: 0 };
  const least = Math.min(...filled);
  const length = Math.min(kMaxBuckets, Math.round(Math.max(...filled) - least) + 1);
  const powers = Array.from({ length }, (_, at) => Math.round((least + at) * 1000) / 1000);
  const counts = powers.map((power) => rows.get(power) ?? times.map(() => 0));
  const most = counts.reduce((top, row) => row.reduce((high, count) => Math.max(high, count), top), 0);
  return { buckets: powers.map((power) => 2 ** power), counts, most };
}

/** 0 for nothing, 1 to 7 for a share of the largest count: small ones stay visible beside it. */
export function heatLevel(count: number, most: number): number {
  if (!(count > 0) || most <= 0) return 0;
  return Math.min(7, 1 + Math.floor(Math.sqrt(count / most) * 6.999));
}

/** Where a value stands on the map, in rows from its lower end; undefined when it is outside. */
export function rowOfValue({ buckets }: HeatMap, value: number): number | undefined {
  const first = buckets[0];
  if (first === undefined || !(value > 0)) return undefined;
  const row = Math.log2(value / first) + 1;
  return row >= 0 && row <= buckets.length ? row : undefined;
}
