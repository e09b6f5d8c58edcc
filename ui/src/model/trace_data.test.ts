// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { kOverviewCells } from "./overview";
import { assignColors, hashedColor, kRestColor } from "./service_color";
import { kDemoSpans, sketchTrace, type SpanSketch } from "./test_trace";

test("the demo's facts are those of its spans", () => {
  const { data } = sketchTrace(kDemoSpans);
  equal(data.length, 1_240_000_000);
  equal(data.depth, 7);
  equal(data.serviceCount, 3);
  equal(data.errorCount, 1);
  equal(data.root, 0);
  equal(data.longest, 6);
  equal(data.selfTime[3], 149_200_000 + 200_000);
});

test("self time is what no child covers, each child clipped to the span", () => {
  const { data } = sketchTrace([
    { id: 1, from: 10, to: 100 },
    { id: 2, parent: 1, from: 20, to: 50 },
    { id: 3, parent: 1, from: 30, to: 40 },
    { id: 4, parent: 1, from: 45, to: 60 },
    { id: 5, parent: 1, from: 90, to: 200 },
  ]);
  equal(data.selfTime[0], 10 + 30);
  const own = (values: Float64Array): number[] => [...values.subarray(data.self.first[0], data.self.first[1])];
  deepEqual([own(data.self.from), own(data.self.to)], [[10, 60], [20, 90]]);
});

test("a row knows which sibling it is", () => {
  const { data } = sketchTrace([{ id: 1, from: 0, to: 9 }, { id: 2, parent: 1, from: 1, to: 2 }, { id: 3, parent: 2, from: 1, to: 2 }, { id: 4, parent: 1, from: 3, to: 4 }]);
  deepEqual([...data.position], [1, 1, 1, 2]);
  deepEqual([...data.siblings], [1, 2, 1, 2]);
});

test("the root is the first span that names no missing parent", () => {
  const { data } = sketchTrace([{ id: 1, from: 0, to: 5, missing: true }, { id: 2, from: 1, to: 9 }]);
  equal(data.root, 1);
});

test("services of one hash are told apart, the one with more self time keeps its colour", () => {
  const names = Array.from({ length: 40 }, (_, index) => `service ${index}`);
  const twin = names.find((name, index) => index > 0 && hashedColor(name) === hashedColor(names[0]!))!;
  const colors = assignColors(new Map([[names[0]!, 5], [twin, 9]]));
  equal(colors.get(twin), hashedColor(twin));
  equal(colors.get(names[0]!), (hashedColor(twin) + 1) % 12);
  const many = assignColors(new Map(names.map((name, index) => [name, 100 - index])));
  equal(new Set(names.slice(0, 12).map((name) => many.get(name))).size, 12);
  equal(many.get(names[12]!) ?? kRestColor, kRestColor);
});

test("a level of many spans costs no more bars than it has cells, and an error stays visible", () => {
  const spans: SpanSketch[] = [{ id: 1, from: 0, to: 1e6 }];
  for (let index = 0; index < 5000; ++index) spans.push({ id: 2 + index, parent: 1, from: index * 200, to: index * 200 + 150, error: index === 777 });
  const { overview } = sketchTrace(spans).data;
  equal(overview.lanes.length, 2);
  equal(overview.lanes[1]!.length <= kOverviewCells, true);
  equal(overview.lanes[1]!.filter(({ error }) => error).length, 1);
});

test("a deep trace shows the levels from the first that branches", () => {
  const spans: SpanSketch[] = Array.from({ length: 9 }, (_, index) => ({ id: index + 1, ...(index ? { parent: index } : {}), from: index, to: 100 }));
  equal(sketchTrace(spans).data.overview.firstLevel, 4);
  equal(sketchTrace([...spans, { id: 20, parent: 1, from: 5, to: 6 }]).data.overview.firstLevel, 2);
});
