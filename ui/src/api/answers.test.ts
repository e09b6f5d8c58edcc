// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { columnsOf, matchedOf, serviceOfSpan, traceValue } from "../model/result_columns";
import { decodeSearch, decodeTagNames, decodeTagValues } from "./search_json";

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
  const [trace] = decodeSearch({ traces: [{ traceID: "ab", spanSet: kSpanset, spanSets: [kSpanset] }] });
  const [first, second] = trace!.spansets[0]!.spans;
  deepEqual([first!.spanId, first!.name, first!.duration, second!.name, second!.duration], ["01", "GET", 250n, "", 0n]);
  equal(matchedOf(trace!), 12);
  equal(serviceOfSpan(first!), "shop");
  deepEqual(columnsOf([trace!]), ["avg(duration)", "zone", "size"]);
  deepEqual([traceValue(trace!, "zone"), traceValue(trace!, "size"), traceValue(trace!, "none")], [{ text: "a", others: 1 }, { text: "7", others: 0 }, undefined]);
});

test("a search without spans has none", () => {
  deepEqual(decodeSearch({ traces: [{ traceID: "ab" }] })[0]!.spansets, []);
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
