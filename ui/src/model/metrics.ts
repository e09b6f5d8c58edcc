// SPDX-License-Identifier: Apache-2.0
// Numbers over time, as the Metrics page shows them: every series on the same times.
import { type Attribute, attributeText } from "./trace";

export interface Exemplar {
  readonly traceId: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly value: number;
}

export interface Series {
  readonly labels: readonly Attribute[];
  /** One for each time of the answer; NaN where there is none. */
  readonly values: readonly number[];
  readonly exemplars: readonly Exemplar[];
}

export interface MetricsAnswer {
  /** Milliseconds since 1970, ascending: the right edges of the steps. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  /** What the server says of an answer that is not whole. */
  readonly message: string;
}

/** A series that is one value. */
export interface InstantSeries {
  readonly labels: readonly Attribute[];
  readonly value: number;
}

export interface SeriesSummary {
  readonly min: number;
  readonly max: number;
  readonly last: number;
  readonly sum: number;
}

export function summaryOf({ values }: Series): SeriesSummary {
  const present = values.filter((value) => !Number.isNaN(value));
  return {
    min: present.reduce((least, value) => Math.min(least, value), Infinity),
    max: present.reduce((most, value) => Math.max(most, value), -Infinity),
    last: present.at(-1) ?? NaN,
    sum: present.reduce((total, value) => total + value, 0),
  };
}

/** The keys whose labels tell the series apart; all of them where none does. */
export function tellingKeys(series: readonly Series[]): readonly string[] {
  const keys = labelKeys(series);
  const telling = keys.filter((key) => new Set(series.map(({ labels }) => textOfLabel(labels, key))).size > 1);
  return telling.length > 0 ? telling : keys;
}

export function textOfLabel(labels: readonly Attribute[], key: string): string | undefined {
  const label = labels.find((candidate) => candidate.key === key);
  return label && attributeText(label.value);
}

/** A series in words: the values of its labels, or of some of them. */
export function seriesName({ labels }: Series, keys?: readonly string[]): string {
  const told = keys ? labels.filter(({ key }) => keys.includes(key)) : labels;
  return told.map(({ key, value }) => labelText(key, attributeText(value))).join(", ") || "all";
}

/** What a label says; a quantile as p95, the name of a function without its dress. */
export function labelText(key: string, text: string): string {
  if (key !== "p") return text;
  const percent = Number(text) * 100;
  return Number.isFinite(percent) ? `p${+percent.toPrecision(6)}` : text;
}

/** The keys of all labels, in the order in which they come. */
export function labelKeys(series: readonly Series[]): readonly string[] {
  return [...new Set(series.flatMap(({ labels }) => labels.map(({ key }) => key)))];
}

/** The time from one value to the next; the whole range where there is one only. */
export function stepOf(times: readonly number[], length: number): number {
  let step = Infinity;
  for (let at = 1; at < times.length; ++at) step = Math.min(step, times[at]! - times[at - 1]!);
  return Number.isFinite(step) ? step : length;
}

/** The index of the time that is nearest; -1 when there is none. */
export function nearestIndex(times: readonly number[], time: number): number {
  let best = -1;
  for (const [index, candidate] of times.entries()) {
    if (best < 0 || Math.abs(candidate - time) < Math.abs(times[best]! - time)) best = index;
  }
  return best;
}
