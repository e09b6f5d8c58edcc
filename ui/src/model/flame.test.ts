// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { mergedFlame, timeFlame } from "./flame";
import { kDemoSpans, sketchTrace } from "./test_trace";

test("by time each span is a box where it ran", () => {
  const flame = timeFlame(sketchTrace(kDemoSpans), 4, 7);
  equal(flame.levels, 3);
  deepEqual(flame.boxes.map(({ level, from }) => [level, from]), [[0, 150_400_000], [1, 151_900_000], [2, 152_100_000]]);
});

test("equal paths are merged, the widest first", () => {
  const trace = sketchTrace([
    { id: 1, from: 0, to: 100, name: "root" },
    { id: 2, parent: 1, from: 0, to: 10, name: "a" },
    { id: 3, parent: 1, from: 10, to: 40, name: "b" },
    { id: 4, parent: 1, from: 40, to: 80, name: "a", error: true },
    { id: 5, parent: 4, from: 40, to: 60, name: "c" },
  ]);
  const flame = mergedFlame(trace, 0, trace.count);
  deepEqual(flame.boxes.map(({ row, level, from, to, count, self, failed }) => [trace.name(row), level, from, to, count, self, failed]), [
    ["root", 0, 0, 100, 1, 20, false],
    ["a", 1, 0, 50, 2, 30, true],
    ["b", 1, 50, 80, 1, 30, false],
    ["c", 2, 0, 20, 1, 20, false],
  ]);
  equal(flame.to, 100);
});
