// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { columnsOf, matchedOf, serviceOfSpan, traceValue, withColumn } from "../model/result_columns";
import { decodeMetrics } from "./metrics_json";
import { decodeSearch, decodeTagNames, decodeTagValues, decodeValueTraces } from "./search_json";

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const kSpanset = {
  spans: [
    { spanID: "01", name: "GET", startTimeUnixNano: "1000", durationNanos: "250", attributes: [text("service.name", "shop"), text("zone", "a")] },
    { spanID: "02", startTimeUnixNano: "1100", attributes: [text("zone", "b"), { key: "size", value: { intValue: "7" } }] },
  ],
  matched: 12,
  attributes: [{ key: "avg(duration)", value: { doubleValue: 1.5 } }],
};

test("matching spans come with what the query says of them", () => {
  const [trace] = decodeSearch({ traces: [{ traceID: "ab", spanSet: kSpanset, spanSets: [kSpanset] }] }).traces;
  const [first, second] = trace!.spansets[0]!.spans;
  deepEqual([first!.spanId, first!.name, first!.duration, second!.name, second!.duration], ["01", "GET", 250n, "", 0n]);
  equal(matchedOf(trace!), 12);
  equal(serviceOfSpan(first!), "shop");
  deepEqual(columnsOf([trace!]), ["avg(duration)", "zone", "size"]);
  deepEqual(columnsOf([trace!], ['span."a b"', "span.size", "status"]), ["a b", "size", "status", "avg(duration)", "zone"]);
  deepEqual([traceValue(trace!, "zone"), traceValue(trace!, "size"), traceValue(trace!, "none")], [{ text: "a", others: 1 }, { text: "7", others: 0 }, undefined]);
});

test("a column is chosen and let go, and there is an end to them", () => {
  deepEqual(withColumn(["a", "b"], "c"), ["a", "b", "c"]);
  deepEqual(withColumn(["a", "b"], "a"), ["b"]);
  const most = ["1", "2", "3", "4", "5", "6", "7", "8"];
  deepEqual(withColumn(most, "9"), most);
});

test("a search without spans has none", () => {
  deepEqual(decodeSearch({ traces: [{ traceID: "ab" }] }).traces[0]!.spansets, []);
});

test("tag names are written as TraceQL writes them", () => {
  const scopes = [{ name: "resource", tags: ["service.name"] }, { name: "span", tags: ["a b", 'say "hi"'] }, { name: "intrinsic", tags: ["duration"] }];
  deepEqual(decodeTagNames({ scopes }), ["resource.service.name", 'span."a b"', 'span."say \\"hi\\""']);
});

test("tag values keep their type", () => {
  deepEqual(decodeTagValues({ tagValues: [{ type: "string", value: "b" }, { type: "int", value: "200" }, { type: "string" }] }), [
    { type: "int", value: "200" }, { type: "string", value: "b" },
  ]);
});

test("values come with their traces", () => {
  const told = { type: "keyword", value: "error", traces: 57, p95Seconds: 1.28 };
  deepEqual(decodeValueTraces({ values: [told] }), [told]);
  deepEqual(decodeValueTraces({}), []);
});

test("series share their times and say where they have no value", () => {
  const answer = decodeMetrics({
    series: [
      { labels: [text("name", "a")], samples: [{ timestampMs: "2000", value: 5 }, { timestampMs: "1000", value: 1.5 }] },
      {
        labels: [{ key: "p", value: { doubleValue: 0.9 } }], samples: [{ timestampMs: "3000", value: "Infinity" }],
        exemplars: [{ labels: [text("trace:id", "cafe"), text("name", "a")], value: 0.2, timestampMs: "2500" }],
      },
    ],
    message: "partial",
  });
  deepEqual([answer.times, answer.series.map(({ values }) => values), answer.message], [[1000, 2000, 3000], [[1.5, 5, NaN], [NaN, NaN, Infinity]], "partial"]);
  deepEqual(answer.series[1]!.exemplars, [{ traceId: "cafe", time: 2500, value: 0.2 }]);
  deepEqual(decodeMetrics({}), { times: [], series: [], message: "" });
});
