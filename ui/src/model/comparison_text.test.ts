// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { setsQuery } from "./compare_query";
import { attributeWords, comparisonMarkdown, growthText, pairMarkdown } from "./comparison_text";
import type { SetComparison } from "./set_comparison";
import { sketchTrace } from "./test_trace";
import { TracePair } from "./trace_pair";

const kNothing = { typical: [], slowest: [] };
const kComparison: SetComparison = {
  verdict: [{ text: "70 ms.", kind: "total", row: undefined, spanId: undefined }],
  nothingStandsOut: false, detached: false, compared: 2, leftOut: 0, mix: 0,
  set: { traces: 2, newestOnly: false, mean: 70e6, median: 70e6 }, rest: { traces: 4, newestOnly: false, mean: 12e6, median: 12e6 },
  parts: [
    { label: "pay a|b", service: "pay", category: "self", now: 62e6, usual: 4e6, low: 0, high: 0, standsOut: true },
    { label: "shop", service: "shop", category: "self", now: 1e6, usual: 2e6, low: 0, high: 0, standsOut: false },
  ],
  visits: [],
  attributes: [{
    key: "span.tag", value: undefined, query: "", explained: 1, riskRatio: 1, riskRatioLow: 1, riskRatioHigh: 1,
    set: { with: 1, traces: 2 }, rest: { with: 0, traces: 4 }, copies: [],
  }],
  attributesLeftOut: [], examples: { set: kNothing, rest: kNothing }, durations: { from: 0, to: 0, set: [], rest: [] }, notes: [],
};

test("growth has its sign, an absent attribute its word", () => {
  deepEqual([growthText(58e6), growthText(-1e6)], ["+58.0\u202fms", "−1.00\u202fms"]);
  deepEqual([attributeWords({ key: "span.tag", value: "v2", query: "" }), attributeWords({ key: "span.tag", value: undefined, query: "" })],
    ["span.tag = v2", "no span.tag"]);
});

test("a comparison is a table of parts and one of attributes, and no name breaks it", () => {
  const range = { range: "1h", start: "", end: "" };
  const lines = comparisonMarkdown(kComparison, setsQuery({ q: "{ a }", ...range }, { q: "", ...range }), "http://x").replaceAll("\u202f", " ").split("\n");
  equal(lines[2], "[{ a } with { }](http://x), 2 and 4 traces");
  deepEqual(lines.filter((line) => /pay|shop|tag/.test(line)), [
    "| **pay a\\|b** | 62.0 ms | 4.00 ms | +58.0 ms |",
    "| shop | 1.00 ms | 2.00 ms | −1.00 ms |",
    "| no span.tag | 50.0 % | 0 % |",
  ]);
});

test("of two traces what differs is told, where it hangs", () => {
  const root = { id: 1, service: "shop", name: "POST", from: 0 };
  const pair = new TracePair(
    sketchTrace([{ ...root, to: 100e6 }, { id: 2, parent: 1, service: "pay", name: "charge", from: 1e6, to: 90e6 }, { id: 3, parent: 1, service: "tax", name: "rate", from: 91e6, to: 92e6 }]),
    sketchTrace([{ ...root, to: 20e6 }, { id: 3, parent: 1, service: "tax", name: "rate", from: 2e6, to: 3e6 }]),
  );
  const lines = pairMarkdown(pair, "+80 ms.", "http://x").replaceAll("\u202f", " ").split("\n");
  deepEqual(lines.filter((line) => line.startsWith("| ") && !line.startsWith("| span")), [
    "| shop POST | 100 ms | 20.0 ms | +80.0 ms |",
    "| · pay charge | 89.0 ms | none | only in A |",
  ]);
});
