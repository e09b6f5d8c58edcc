// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { heatLevel, heatMapOf, isHistogram, rowOfValue } from "./heat_map";
import { formatMetric, isAdditive, unitOfQuery, unitOfValues } from "./metric_unit";
import { labelKeys, type Series, seriesName, stepOf, summaryOf } from "./metrics";
import { kDefaultMetrics, metricsFromParams, metricsParams, paramsFromMetrics } from "./metrics_query";
import { seriesColors } from "./series_color";
import { hashedColor, kRestColor } from "./service_color";

const series = (labels: Readonly<Record<string, string | number>>, values: readonly number[]): Series => ({
  labels: Object.entries(labels).map(([key, value]) => ({ key, value })), values, exemplars: [],
});

test("a query of metrics survives the address of the page", () => {
  const query = { ...kDefaultMetrics, q: "{ } | rate()", step: "30s", chart: "bar", range: "6h" } as const;
  deepEqual(metricsFromParams(paramsFromMetrics(query)), query);
  equal(metricsFromParams(new URLSearchParams("chart=pie")).chart, undefined);
  equal(metricsFromParams(new URLSearchParams("range=all")).range, "1h");
  equal(metricsFromParams(new URLSearchParams()).q, kDefaultMetrics.q);
});

test("metrics are asked since a while, or between two seconds", () => {
  equal(metricsParams({ ...kDefaultMetrics, q: "{ } | rate()" }).toString(), "q=%7B+%7D+%7C+rate%28%29&exemplars=60&since=3600s");
  const custom = metricsParams({ ...kDefaultMetrics, step: "1 m", range: "custom", start: "5", end: "9" });
  deepEqual([custom.get("step"), custom.get("start"), custom.get("end"), custom.get("since")], ["1m", "5", "9", null]);
});

test("a series is summed up without what it lacks", () => {
  deepEqual(summaryOf(series({}, [NaN, 3, 1, NaN])), { min: 1, max: 3, last: 1, sum: 4 });
  equal(stepOf([10, 40, 70], 100), 30);
  equal(stepOf([10], 100), 100);
});

test("a series is named by its labels, a quantile as a percentile", () => {
  equal(seriesName(series({ "resource.service.name": "shop", p: 0.95 }, [])), "shop, p95");
  equal(seriesName(series({}, [])), "all");
  deepEqual(labelKeys([series({ a: "1" }, []), series({ a: "2", b: "3" }, [])]), ["a", "b"]);
});

test("the function and its field are the unit", () => {
  const units = [
    "{ } | rate()", "{ } | count_over_time() by (name)", "{ } | quantile_over_time(span:duration, .95)", "{ } | avg_over_time(span.size)",
    "({ .a } | rate()) / ({ } | rate())", "({ } | rate()) * 100", "{ .a + 1 > 2 } | max_over_time(duration)", "{ }",
  ].map(unitOfQuery);
  deepEqual(units, ["rate", "count", "duration", "number", "number", "number", "duration", "number"]);
  deepEqual(["{ } | histogram_over_time(duration)", "{ } | histogram_over_time(span.size)", "{ } | rate()"].map(unitOfValues), ["duration", "number", "rate"]);
  deepEqual([isAdditive("{ } | rate()"), isAdditive("{ } | max_over_time(duration)")], [true, false]);
});

test("numbers have their unit", () => {
  deepEqual([formatMetric("duration", 1.24), formatMetric("rate", 2.5), formatMetric("count", 7), formatMetric("number", 0.0001), formatMetric("rate", NaN)],
    ["1.24\u202fs", "2.50\u202f/s", "7", "0.000100", "–"]);
});

test("a service has its colour, two series never the same while there are enough", () => {
  const many = Array.from({ length: 14 }, (_, at) => series({ "resource.service.name": `service-${at}` }, [14 - at]));
  const colors = seriesColors(many);
  equal(colors[0], hashedColor("service-0"));
  equal(new Set(colors.slice(0, 12)).size, 12);
  deepEqual(colors.slice(12), [kRestColor, kRestColor]);
});

const histogram = {
  times: [1, 2],
  message: "",
  series: [series({ __bucket: 0.25 }, [1, 0]), series({ __bucket: 2, kind: "server" }, [0, 100]), series({ __bucket: 2, kind: "client" }, [3, NaN])],
};

test("a map has a row for each bucket and sums other labels", () => {
  equal(isHistogram(histogram), true);
  const heat = heatMapOf(histogram);
  deepEqual(heat, { buckets: [0.25, 0.5, 1, 2], counts: [[1, 0], [0, 0], [0, 0], [3, 100]], most: 100 });
  deepEqual([0.125, 0.25, 1.5, 3].map((value) => rowOfValue(heat, value)?.toFixed(2)), ["0.00", "1.00", "3.58", undefined]);
});

test("a map of nothing has no rows, and other series are no map", () => {
  deepEqual(heatMapOf({ ...histogram, series: [series({ __bucket: 1 }, [0, 0])] }), { buckets: [], counts: [], most: 0 });
  equal(isHistogram({ ...histogram, series: [series({ name: "a" }, [1, 2])] }), false);
});

test("shades go from a trace to the most", () => {
  deepEqual([0, 1, 100, 500, 1000].map((count) => heatLevel(count, 1000)), [0, 1, 3, 5, 7]);
});
