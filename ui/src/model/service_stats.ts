// SPDX-License-Identifier: Apache-2.0
// How services, or the operations of one, did over a range of time: rate, errors and durations, from answers
// of TraceQL metrics.
import type { InstantSeries, MetricsAnswer } from "./metrics";
import type { SortKey } from "./services_query";
import { type Attribute, attributeText } from "./trace";
import { quoted } from "./traceql_tokens";

export interface ServiceStats {
  readonly name: string;
  /** Requests a second. */
  readonly rate: number;
  /** Of its requests, 0 to 1. */
  readonly errorShare: number;
  /** Seconds; NaN where there is none. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** p95 over time, NaN where there is none. */
  readonly line: readonly number[];
  /** p95 of as long a time before; NaN while it is not known. */
  readonly before: number;
}

/** Requests: spans that another service called, or nobody did. */
export const kRequests = "parent.resource.service.name != resource.service.name || nestedSetParent < 0";

export interface StatsQueries {
  readonly rate: string;
  readonly errors: string;
  readonly lengths: string;
  readonly line: string;
}

/** Queries of all services. */
export const kServiceQueries: StatsQueries = statsQueries(`(${kRequests})`, "resource.service.name");

/** Queries of the operations of one, all its spans. */
export function operationQueries(service: string): StatsQueries {
  return statsQueries(`resource.service.name = ${quoted(service)}`, "name");
}

function statsQueries(filter: string, by: string): StatsQueries {
  return {
    rate: `{ ${filter} } | rate() by (${by})`,
    errors: `{ ${filter} && status = error } | rate() by (${by})`,
    lengths: `{ ${filter} } | quantile_over_time(duration, .5, .95, .99) by (${by})`,
    line: `{ ${filter} } | quantile_over_time(duration, .95) by (${by})`,
  };
}

export interface StatsAnswers {
  readonly rate: readonly InstantSeries[];
  readonly errors: readonly InstantSeries[];
  readonly lengths: readonly InstantSeries[];
}

export function statsOf({ rate, errors, lengths }: StatsAnswers): readonly ServiceStats[] {
  const failed = byName(errors);
  const quantiles = new Map<string, Map<number, number>>();
  for (const { labels, value } of lengths) {
    const of = quantiles.get(nameOf(labels)) ?? new Map<number, number>();
    of.set(Number(labels.find(({ key }) => key === "p")?.value), value);
    quantiles.set(nameOf(labels), of);
  }
  return rate.filter(({ value }) => value > 0).map(({ labels, value }): ServiceStats => {
    const name = nameOf(labels);
    const length = (p: number): number => quantiles.get(name)?.get(p) ?? NaN;
    return {
      name, rate: value, errorShare: (failed.get(name) ?? 0) / value, p50: length(0.5), p95: length(0.95), p99: length(0.99), line: [], before: NaN,
    };
  });
}

/** The largest first, names from A to Z; what has no value comes last. */
export function sortedStats(stats: readonly ServiceStats[], key: SortKey): readonly ServiceStats[] {
  const valueOf = (each: ServiceStats): number => (key === "name" ? 0 : key === "change" ? changeOf(each) : each[key]);
  const number = (each: ServiceStats): number => (Number.isNaN(valueOf(each)) ? -Infinity : valueOf(each));
  return [...stats].sort((a, b) => (number(b) > number(a) ? 1 : number(b) < number(a) ? -1 : a.name < b.name ? -1 : 1));
}

/** Where one begins to look in a graph that is too large to be drawn whole: the slowest that calls or is called. */
export function worstService(stats: readonly ServiceStats[], nodes: readonly { readonly id: string }[]): string | undefined {
  const known = new Set(nodes.map(({ id }) => id));
  return sortedStats(stats, "p95").map(({ name }) => `service ${name}`).find((id) => known.has(id));
}

export function withLines(stats: readonly ServiceStats[], { series }: MetricsAnswer): readonly ServiceStats[] {
  // A step without spans has no quantile.
  const lines = new Map(series.map(({ labels, values }) => [nameOf(labels), values.map((value) => (value > 0 ? value : NaN))]));
  return stats.map((each) => ({ ...each, line: lines.get(each.name) ?? [] }));
}

export function withBefore(stats: readonly ServiceStats[], before: readonly InstantSeries[]): readonly ServiceStats[] {
  const values = byName(before);
  return stats.map((each) => ({ ...each, before: values.get(each.name) ?? NaN }));
}

/** How much p95 grew: 0.5 for half as much again; NaN when there is nothing to compare with. */
export function changeOf({ p95, before }: ServiceStats): number {
  return before > 0 ? p95 / before - 1 : NaN;
}

function byName(series: readonly InstantSeries[]): ReadonlyMap<string, number> {
  return new Map(series.map(({ labels, value }) => [nameOf(labels), value]));
}

function nameOf(labels: readonly Attribute[]): string {
  const label = labels.find(({ key }) => key !== "p");
  return label ? attributeText(label.value) : "";
}
