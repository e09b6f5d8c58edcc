// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { histogramOf, percentileText, slowerText, slowerThan, slowText, type UsualSpans } from "./usual";

/** 1000 spans: 900 of about a microsecond, 90 of two, 10 without length. */
const kUsual: UsualSpans = {
  service: "pay", operation: "charge", kind: 2, count: 1000, medianNanos: 1000, p95Nanos: 2000, zeroCount: 10,
  buckets: [[318, 900], [350, 90]],
};

test("a span is slower than those in lower buckets", () => {
  deepEqual([0, 1, 900, 1000, 1100, 2000, 2100, 1e9].map((nanos) => slowerThan(kUsual, nanos)), [0, 10, 10, 10, 910, 910, 1000, 1000]);
});

test("a chip is shown from the 95th percentile on, no finer than it is known", () => {
  deepEqual([2000, 1e9].map((nanos) => slowText(kUsual, nanos)), ["", "p99.9"]);
  equal(slowText(undefined, 1e9), "");
  deepEqual([percentileText(1000, 200), percentileText(955, 200), percentileText(998, 5000)], ["p99", "p95", "p99"]);
});

test("what a chip says is said in words", () => {
  equal(slowerText(kUsual, 1100), "slower than 91\u202f% of 1\u202f000 like it");
  equal(slowerText(kUsual, 1e9), "slower than all of 1\u202f000 like it");
});

test("a histogram has all times and the span's own", () => {
  const histogram = histogramOf(kUsual, 1e6, 32);
  if (!histogram) throw new Error("there is none");
  equal(histogram.columns.length, 32);
  equal(Math.max(...histogram.columns.map(({ height }) => height)), 1);
  ok(histogram.at(1000) < histogram.at(2000) && histogram.at(2000) < histogram.at(1e6) && histogram.at(1e6) < 100);
  equal(histogramOf({ ...kUsual, buckets: [] }, 1, 32), undefined);
});
