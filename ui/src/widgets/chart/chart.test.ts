// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { type ChartData, largestOf, stackOf } from "./chart_model";
import { plotArea, pointAt, rowAt, seriesAt, stepAt, timeAt, xOf, yOf } from "./plot_area";

const kArea = { left: 50, top: 10, width: 100, height: 200 };
const kSeries = [
  { name: "a", color: 0, values: [1, NaN, 3] },
  { name: "b", color: 1, values: [2, 4, 1] },
];
const kData: ChartData = {
  kind: "line", from: 0, to: 300, times: [100, 200, 300], step: 100, series: kSeries, stacked: false, cells: undefined,
  points: [{ time: 150, value: 2, series: 1 }], heightOf: ({ value }) => (value <= 4 ? value : undefined), axis: { top: 4, ticks: [] },
};

test("a chart keeps room for its labels", () => {
  deepEqual(plotArea(1000, 400), { left: 64, top: 12, width: 928, height: 364 });
});

test("values and pixels go both ways", () => {
  deepEqual([xOf(kData, kArea, 150), yOf(kData, kArea, 1), timeAt(kData, kArea, 100), timeAt(kData, kArea, 900)], [100, 160, 150, 300]);
});

test("the pointer finds step, point and line", () => {
  deepEqual([stepAt(kData, kArea, 84), stepAt(kData, kArea, 140)], [0, 2]);
  deepEqual([pointAt(kData, kArea, 104, 113, 10), pointAt(kData, kArea, 130, 113, 10)], [0, -1]);
  deepEqual([seriesAt(kData, kArea, 1, 20), seriesAt(kData, kArea, 2, 55), seriesAt(kData, kArea, 0, 200)], [1, 0, -1]);
});

test("bars belong to the step before their time, and stand on each other", () => {
  const bars: ChartData = { ...kData, kind: "bar", stacked: true };
  equal(stepAt(bars, kArea, 60), 0);
  deepEqual(stackOf(kSeries, 3), [[0, 0, 0], [1, 0, 3]]);
  deepEqual([largestOf(kSeries, 3, true), largestOf(kSeries, 3, false)], [4, 4]);
  deepEqual([seriesAt(bars, kArea, 0, 190), seriesAt(bars, kArea, 0, 100), seriesAt(bars, kArea, 0, 20)], [0, 1, -1]);
});

test("cells have rows from the ground up", () => {
  const cells: ChartData = { ...kData, kind: "cells", cells: { levels: [[1], [2]], edges: ["1", "2", "4"] } };
  deepEqual([rowAt(cells, kArea, 200), rowAt(cells, kArea, 20), rowAt(cells, kArea, 300)], [0, 1, -1]);
  equal(yOf(cells, kArea, 2), 10);
});
