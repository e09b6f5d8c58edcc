// SPDX-License-Identifier: Apache-2.0
// An answer as a chart. The largest series come first, in the legend and from the ground up in stacked bars.
import { formatCount, kThinSpace, unitForTrace, type Unit } from "../../base/format";
import { kSecond } from "../../base/time";
import { valueAxis } from "../../base/value_axis";
import { type HeatMap, heatLevel, heatMapOf, isHistogram, rowOfValue } from "../../model/heat_map";
import { formatMetric, isAdditive, type MetricUnit, unitOfQuery, unitOfValues } from "../../model/metric_unit";
import { type Exemplar, type MetricsAnswer, type Series, seriesName, stepOf, summaryOf, tellingKeys } from "../../model/metrics";
import type { ChartKind } from "../../model/metrics_query";
import { seriesColors } from "../../model/series_color";
import { boundsOf } from "../../model/time_range";
import { shortTraceId } from "../../model/trace";
import { type ChartData, type ChartPoint, type ChartSeries, largestOf, stackOf } from "../../widgets/chart/chart_model";
import type { Answered } from "./metrics_state";

export interface ChartPlan {
  readonly kind: ChartKind;
  readonly unit: MetricUnit;
  /** Of exemplars, and of the buckets of a map. */
  readonly valueUnit: MetricUnit;
  readonly data: ChartData;
  /** How many series the answer has. */
  readonly seriesCount: number;
  /** The largest of them, in the order of data.series. */
  readonly series: readonly Series[];
  /** In the order of data.points. */
  readonly exemplars: readonly Exemplar[];
  readonly heat: HeatMap | undefined;
}

/** More lines than this are a grey field that is slow to draw. */
const kMaxDrawn = 200;
const kValueTicks = 7;
const kMinRowsBetweenLabels = 2;

/** The chart that suits the answer, unless the reader chose one. A map needs a histogram. */
export function kindOf(asked: ChartKind | undefined, answer: MetricsAnswer): ChartKind {
  const histogram = isHistogram(answer);
  if (asked === "heatmap" && !histogram) return "line";
  return asked ?? (histogram ? "heatmap" : "line");
}

export function chartPlan({ query, answer, asked }: Answered, chosen: ChartKind | undefined): ChartPlan {
  const kind = kindOf(chosen, answer);
  const series = [...answer.series].sort((a, b) => summaryOf(b).max - summaryOf(a).max).slice(0, kMaxDrawn);
  const colors = seriesColors(series);
  const keys = tellingKeys(series);
  const drawn = series.map((each, index): ChartSeries => ({ name: seriesName(each, keys), color: colors[index]!, values: each.values }));
  const exemplars = series.flatMap((each, index) => each.exemplars.map((exemplar) => ({ exemplar, index })));
  const [unit, valueUnit] = [unitOfQuery(query.q), unitOfValues(query.q)];
  const heat = kind === "heatmap" ? heatMapOf(answer) : undefined;
  const stacked = kind === "bar" && isAdditive(query.q);
  const ends = endsOf(answer, boundsOf(query, asked / 1000));
  const common = {
    ...ends,
    times: answer.times,
    series: drawn,
    points: exemplars.map(({ exemplar, index }) => ({ time: exemplar.time, value: exemplar.value, series: index })),
  };
  const data: ChartData = heat
    ? { ...common, kind: "cells", stacked: false, ...cellsOf(heat, valueUnit), heightOf: ({ value }) => rowOfValue(heat, value) }
    : { ...common, kind: kind === "bar" ? "bar" : "line", stacked, cells: undefined, ...heightsOf(common, unit, stacked) };
  return { kind, unit, valueUnit, data, seriesCount: answer.series.length, series, exemplars: exemplars.map(({ exemplar }) => exemplar), heat };
}

/** The axis shows what was asked for, and all there is. */
function endsOf({ times }: MetricsAnswer, bounds: { readonly start: number; readonly end: number } | undefined) {
  const length = bounds ? (bounds.end - bounds.start) * 1000 : 3_600_000;
  const step = stepOf(times, length);
  const first = (times[0] ?? 0) - step;
  const last = times.at(-1) ?? 0;
  if (!bounds) return { step, from: first, to: last };
  return { step, from: Math.max(bounds.start * 1000 - step, Math.min(bounds.start * 1000, first)), to: Math.max(bounds.end * 1000, last) };
}

/** Where a point stands: at its value, in stacked bars on top of its part of the bar. */
function heightsOf({ series, times, points }: Pick<ChartData, "series" | "times" | "points">, unit: MetricUnit, stacked: boolean) {
  const largest = largestOf(series, times.length, stacked);
  // Points of a rate lie where its line does; those of a duration may be far above a quantile's.
  const highest = unit === "duration" ? points.reduce((most, { value }) => Math.max(most, Math.min(value, 4 * largest)), largest) : largest;
  const scale = axisUnit(unit, highest);
  const { top, ticks } = valueAxis(highest / scale.size, kValueTicks);
  const axisTop = top * scale.size;
  const below = stacked ? stackOf(series, times.length) : undefined;
  const partBelow = (point: ChartPoint): number => below?.[point.series]?.[times.findIndex((edge) => edge >= point.time)] ?? 0;
  return {
    axis: {
      top: axisTop,
      ticks: ticks.map((tick, at) => ({ value: tick * scale.size, label: tickLabel(tick, at === ticks.length - 1 ? scale.name : "") })),
    },
    heightOf: (point: ChartPoint) => {
      const height = point.value + partBelow(point);
      return height >= 0 && height <= axisTop ? height : undefined;
    },
  };
}

/** One unit an axis: of durations, which come in seconds, the one a trace of that length has. */
function axisUnit(unit: MetricUnit, most: number): { readonly size: number; readonly name: string } {
  if (unit === "rate") return { size: 1, name: "/s" };
  if (unit !== "duration") return { size: 1, name: "" };
  const { nanos, name }: Unit = unitForTrace(most * kSecond);
  return { size: nanos / kSecond, name };
}

function tickLabel(tick: number, unit: string): string {
  const text = Number.isInteger(tick) ? formatCount(tick) : Math.abs(tick) >= 0.01 ? String(+tick.toPrecision(4)) : tick.toPrecision(1);
  return unit ? `${text}${kThinSpace}${unit}` : text;
}

function cellsOf(heat: HeatMap, unit: MetricUnit): Pick<ChartData, "cells" | "axis"> {
  const rows = heat.buckets.length;
  const edges = [heat.buckets[0]! / 2, ...heat.buckets].map((edge) => formatMetric(unit, edge));
  const apart = Math.max(kMinRowsBetweenLabels, Math.ceil(rows / 10));
  const ticks = edges.map((label, value) => ({ value, label })).filter(({ value }) => value % apart === 0);
  return {
    cells: { levels: heat.counts.map((row) => row.map((count) => heatLevel(count, heat.most))), edges },
    axis: { top: rows, ticks },
  };
}

/** What the chart says of a trace: of the exemplar at the crosshair, else of the largest there is. */
export function shownExemplar({ exemplars, data, heat, valueUnit }: ChartPlan, traceId: string, focus: number): { readonly of: string; readonly value: string } | undefined {
  const isOf = (index: number): boolean => shortTraceId(exemplars[index]?.traceId ?? "") === shortTraceId(traceId);
  const mine = exemplars.map((_, index) => index).filter(isOf).sort((a, b) => exemplars[b]!.value - exemplars[a]!.value);
  const index = isOf(focus) ? focus : mine[0];
  if (index === undefined) return undefined;
  // On a map the series are buckets.
  const of = heat ? "exemplar" : `exemplar of ${data.series[data.points[index]!.series]!.name}`;
  return { of, value: formatMetric(valueUnit, exemplars[index]!.value) };
}

/** What the chart shows, in a sentence for who cannot see it. */
export function describe({ kind, data, series, seriesCount, unit, exemplars }: ChartPlan): string {
  const count = seriesCount === 1 ? "one series" : `${formatCount(seriesCount)} series`;
  const largest = series[0] ? `, the largest ${data.series[0]?.name ?? ""} with up to ${formatMetric(unit, summaryOf(series[0]).max)}` : "";
  const points = exemplars.length > 0 ? `, ${exemplars.length} exemplars` : "";
  return kind === "heatmap"
    ? `Map of ${data.times.length} steps by ${data.cells?.levels.length ?? 0} buckets${points}`
    : `${kind === "bar" ? "Bars" : "Lines"} of ${count} over ${data.times.length} steps${largest}${points}`;
}
