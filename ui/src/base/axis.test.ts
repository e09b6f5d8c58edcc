// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { clockLabel, clockStep, clockTicks } from "./clock_axis";
import { roundStep, valueAxis } from "./value_axis";

test("values have round ticks up to the largest", () => {
  deepEqual(valueAxis(1312, 7), { top: 1400, ticks: [0, 200, 400, 600, 800, 1000, 1200, 1400] });
  deepEqual(valueAxis(0.7, 4).ticks, [0, 0.2, 0.4, 0.6, 0.8]);
  deepEqual([valueAxis(0, 5), valueAxis(NaN, 5)], [{ top: 1, ticks: [0, 1] }, { top: 1, ticks: [0, 1] }]);
  deepEqual([roundStep(1e-9, 5), roundStep(Infinity, 5)].map((step) => +step.toPrecision(6)), [2e-10, 1]);
});

test("clock ticks are round in the reader's zone", () => {
  const start = Date.UTC(2026, 0, 5, 13, 3);
  const labels = clockTicks(start, start + 3_600_000, 8, 0).map(({ label }) => label);
  deepEqual(labels, ["13:10", "13:20", "13:30", "13:40", "13:50", "14:00"]);
  deepEqual(clockTicks(start, start + 7_200_000, 3, 330).map(({ label }) => label), ["19:00", "20:00"]);
  deepEqual(clockTicks(start, start, 8, 0), []);
});

test("short ranges show seconds, and midnight its day", () => {
  equal(clockLabel(Date.UTC(2026, 0, 5, 13, 3, 20), 10_000, 0), "13:03:20");
  equal(clockLabel(Date.UTC(2026, 0, 5), 3_600_000, 0), "01-05");
  deepEqual([clockStep(60_000, 8), clockStep(3_600_000, 8), clockStep(7 * 86_400_000, 8), clockStep(4000 * 86_400_000, 8)],
    [10_000, 600_000, 86_400_000, 500 * 86_400_000]);
});
