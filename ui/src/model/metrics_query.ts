// SPDX-License-Identifier: Apache-2.0
// What the Metrics page asks for, as its address says it, and the parameters of /api/metrics/query_range.
import { addAskedRange, addRange, kDefaultRange, rangeFromParams, type TimeRange } from "./time_range";

export type ChartKind = "line" | "bar" | "heatmap" | "table";
export const kChartKinds: readonly ChartKind[] = ["line", "bar", "heatmap", "table"];

export interface MetricsQuery extends TimeRange {
  readonly q: string;
  /** A duration, as 30s; empty for what suits the range. */
  readonly step: string;
  /** undefined for what suits the answer. */
  readonly chart: ChartKind | undefined;
}

export const kDefaultMetrics: MetricsQuery = {
  q: "{ } | rate() by (resource.service.name)",
  step: "",
  chart: undefined,
  ...kDefaultRange,
};

export const kSteps: readonly string[] = ["1s", "5s", "15s", "30s", "1m", "5m", "15m", "1h"];
const kExemplars = "60";

export function metricsFromParams(params: URLSearchParams): MetricsQuery {
  const chart = kChartKinds.find((kind) => kind === params.get("chart"));
  const range = rangeFromParams(params);
  return {
    q: params.get("q")?.trim() || kDefaultMetrics.q,
    step: params.get("step")?.trim() ?? "",
    chart,
    // Numbers over all time would begin in 1970.
    ...(range.range === "all" ? kDefaultRange : range),
  };
}

export function paramsFromMetrics(query: MetricsQuery): URLSearchParams {
  const params = new URLSearchParams({ q: query.q });
  if (query.step) params.set("step", query.step);
  if (query.chart) params.set("chart", query.chart);
  addRange(params, query);
  return params;
}

export function metricsParams(query: MetricsQuery): URLSearchParams {
  const params = new URLSearchParams({ q: query.q, exemplars: kExemplars });
  if (query.step) params.set("step", query.step.replace(/\s+/g, ""));
  addAskedRange(params, query);
  return params;
}
