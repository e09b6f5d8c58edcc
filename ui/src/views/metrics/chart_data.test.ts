// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import type { MetricsAnswer, Series } from "../../model/metrics";
import { kDefaultMetrics, type MetricsQuery } from "../../model/metrics_query";
import { chartPlan, describe, kindOf } from "./chart_data";
import type { Answered } from "./metrics_state";

const series = (service: string, values: readonly number[]): Series => ({
  labels: [{ key: "resource.service.name", value: service }, { key: "p", value: 0.95 }], values, exemplars: [],
});

function answered(q: string, all: readonly Series[], query: Partial<MetricsQuery> = {}): Answered {
  const answer: MetricsAnswer = { times: [10_000, 20_000], series: all, message: "" };
  return { query: { ...kDefaultMetrics, q, ...query }, answer, asked: 20_000, milliseconds: 1 };
}

test("the largest series come first, and durations have one unit an axis", () => {
  const plan = chartPlan(answered("{ } | quantile_over_time(duration, .95)", [series("cart", [0.1, 0.2]), series("shop", [1.3, NaN])]), undefined);
  deepEqual(plan.data.series.map(({ name }) => name), ["shop", "cart"]);
  deepEqual(plan.data.axis.ticks.map(({ label }) => label), ["0", "200", "400", "600", "800", "1\u202f000", "1\u202f200", "1\u202f400\u202fms"]);
  equal(describe(plan), "Lines of 2 series over 2 steps, the largest shop with up to 1.30\u202fs");
});

test("an axis shows the range that was asked for", () => {
  const { data } = chartPlan(answered("{ } | rate()", [series("a", [1, 2])], { range: "custom", start: "1", end: "60" }), undefined);
  deepEqual([data.from, data.to, data.step], [0, 60_000, 10_000]);
});

test("bars stand on each other where they can be added, and exemplars on theirs", () => {
  const exemplar = { traceId: "ab", time: 15_000, value: 2 };
  const all = [{ ...series("a", [3, 5]), exemplars: [] }, { ...series("b", [1, 2]), exemplars: [exemplar] }];
  const { data } = chartPlan(answered("{ } | rate()", all), "bar");
  equal(data.stacked, true);
  equal(data.heightOf(data.points[0]!), 7);
  equal(chartPlan(answered("{ } | max_over_time(duration)", all), "bar").data.stacked, false);
});

test("a histogram is a map unless the reader wants another chart", () => {
  const buckets = [0.5, 1].map((value): Series => ({ labels: [{ key: "__bucket", value }], values: [1, 4], exemplars: [] }));
  const { answer } = answered("", buckets);
  deepEqual([kindOf(undefined, answer), kindOf("line", answer), kindOf("heatmap", { ...answer, series: [] })], ["heatmap", "line", "line"]);
  const { data } = chartPlan(answered("{ } | histogram_over_time(duration)", buckets), undefined);
  deepEqual(data.cells, { levels: [[4, 7], [4, 7]], edges: ["250\u202fms", "500\u202fms", "1.00\u202fs"] });
});

test("a histogram without spans is an empty map", () => {
  const empty: Series = { labels: [{ key: "__bucket", value: 1 }], values: [0, 0], exemplars: [] };
  deepEqual(chartPlan(answered("{ } | histogram_over_time(duration)", [empty]), undefined).data.cells?.levels, []);
});

test("of very many series the largest are drawn", () => {
  const plan = chartPlan(answered("{ } | rate()", Array.from({ length: 500 }, (_, at) => series(`s${at}`, [at, at]))), undefined);
  deepEqual([plan.seriesCount, plan.series.length, plan.data.series[0]?.name], [500, 200, "s499"]);
});
