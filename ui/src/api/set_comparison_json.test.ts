// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { decodeSetComparison } from "./set_comparison_json";

test("a comparison is read as the server writes it", () => {
  const comparison = decodeSetComparison({
    verdict: { parts: [{ text: "70 ms", kind: "total" }, { text: "89 % in pay", kind: "row", row: 0 }] },
    difference: {
      nothingStandsOut: false, compared: 20, mixNanos: 5,
      errors: [],
      missing: [{ inService: "shop", operation: "POST", missingService: "mail", missingOperation: "send", share: 0.1, usualShare: 1, visits: 20 }],
      parts: [{ label: "network shop → pay", service: "pay", category: "network", meanNanos: 62, usualNanos: 4, growthLowNanos: 57, growthHighNanos: 59, standsOut: true }],
    },
    set: { traces: 20, newestOnly: true, meanNanos: 70, p50Nanos: 69 },
    baseline: { traces: 40, meanNanos: 12, p50Nanos: 12 },
    attributes: [{ key: "span.tag", value: "v2", query: "{ span.tag = \"v2\" }", explained: 1, riskRatio: 80, riskRatioLow: 5, riskRatioHigh: 1280,
      set: { with: 20, traces: 20 }, baseline: { with: 0, traces: 40 }, copies: [{ key: "span.old", value: null, query: "none({ span.old != nil })" }] }],
    attributesLeftOut: [{ key: "span.id", reason: "identifier" }],
    examples: { set: { typical: [{ traceId: "3c", durationNanos: 70 }], slowest: [] } },
    durations: { fromNanos: 10, toNanos: 70, set: [0, 20], baseline: [40, 0] },
    notes: [{ text: "There are more traces than the newest 20" }],
  });
  deepEqual(comparison.verdict.map(({ text, row }) => [text, row]), [["70\u202fms", undefined], ["89\u202f% in pay", 0]]);
  deepEqual(comparison.parts[0], { label: "network shop → pay", service: "pay", category: "network", now: 62, usual: 4, low: 57, high: 59, standsOut: true });
  deepEqual(comparison.visits, [{ kind: "missing", where: "shop POST", what: "mail send", share: 0.1, usualShare: 1, visits: 20 }]);
  deepEqual(comparison.attributes[0]?.copies, [{ key: "span.old", value: undefined, query: "none({ span.old != nil })" }]);
  deepEqual([comparison.set, comparison.rest.traces, comparison.examples.set.typical[0]?.traceId], [{ traces: 20, newestOnly: true, mean: 70, median: 69 }, 40, "3c"]);
  deepEqual([comparison.durations.rest, comparison.attributesLeftOut[0]?.reason, comparison.notes.length], [[40, 0], "identifier", 1]);
});

test("an answer of something else is empty", () => {
  const comparison = decodeSetComparison("no object");
  equal(comparison.parts.length + comparison.attributes.length + comparison.examples.rest.typical.length, 0);
});
