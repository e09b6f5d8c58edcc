// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { type Segment, selfSegments, totalLength } from "./self_time";

const segment = (start: number, end: number): Segment => ({ start, end });

test("a span without children is all self time", () => {
  deepEqual(selfSegments(10, 30, []), [segment(10, 30)]);
});

test("children side by side are counted once", () => {
  deepEqual(selfSegments(0, 100, [segment(10, 50), segment(20, 40), segment(45, 70)]), [segment(0, 10), segment(70, 100)]);
});

test("a child that outlives its parent counts as far as the parent", () => {
  deepEqual(selfSegments(0, 100, [segment(90, 150)]), [segment(0, 90)]);
});

test("a child before or after its parent takes nothing", () => {
  deepEqual(selfSegments(50, 100, [segment(0, 40), segment(120, 130)]), [segment(50, 100)]);
});

test("a span of no length has no self time", () => {
  equal(totalLength(selfSegments(5, 5, [])), 0);
});

test("self time agrees with counting instants on random children", () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 200; ++round) {
    const children = Array.from({ length: random(6) }, () => {
      const start = random(80) - 20;
      return segment(start, start + random(40));
    }).sort((a, b) => a.start - b.start);
    const free = Array.from({ length: 50 }, (_, at) => at).filter(
      (at) => !children.some(({ start, end }) => start <= at && at < end),
    );
    equal(totalLength(selfSegments(0, 50, children)), free.length, JSON.stringify(children));
  }
});
