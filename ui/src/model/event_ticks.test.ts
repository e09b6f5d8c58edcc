// SPDX-License-Identifier: Apache-2.0
// A nanosecond is a pixel.
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { eventTicks, tickTitle } from "./event_ticks";
import type { ShownTrace } from "./shown_trace";
import { type SpanSketch, sketchTrace } from "./test_trace";

const asIs = (nanos: number): number => nanos;

function traceWith(...events: NonNullable<SpanSketch["events"]>): ShownTrace {
  return sketchTrace([{ id: 1, from: 0, to: 100, events: [[5, "of another row"]] }, { id: 2, parent: 1, from: 0, to: 100, events }]);
}

const ticksOf = (trace: ShownTrace): readonly (readonly [number, number, boolean])[] =>
  eventTicks(trace, 1, asIs, 100).map(({ x, count, failed }) => [x, count, failed]);

test("events closer than four pixels to the first of a tick are one tick, whatever their order", () => {
  deepEqual(ticksOf(traceWith([23, "c"], [20, "a"], [21, "b"], [24, "d"], [27.5, "e"], [60, "f"])), [[20, 3, false], [24, 2, false], [60, 1, false]]);
});

test("a tick that stands for an exception too is failed", () => {
  deepEqual(ticksOf(traceWith([20, "a"], [21, "exception"], [40, "exception"], [60, "b"])), [[20, 2, true], [40, 1, true], [60, 1, false]]);
});

test("events outside the lane have no tick and are not counted", () => {
  deepEqual(ticksOf(traceWith([-1, "before"], [0, "a"], [100, "b"], [101, "after"])), [[0, 1, false], [100, 1, false]]);
  deepEqual(ticksOf(traceWith()), []);
});

test("a title counts the events of the tick that is pointed at and has their first names", () => {
  const trace = traceWith([20, "lock"], [21, "retry"], [22, "retry"], [30, "done"]);
  equal(tickTitle(trace, 1, asIs, 100, 22), "3 events: lock, retry");
  equal(tickTitle(trace, 1, asIs, 100, 28), "1 event: done");
  equal(tickTitle(trace, 1, asIs, 100, 25), undefined);
  equal(tickTitle(trace, 0, asIs, 100, 20), undefined);
});

test("a title has three names at most, an exception first", () => {
  const trace = traceWith([20, "a"], [21, "b"], [22, "c"], [23, "exception"]);
  equal(tickTitle(trace, 1, asIs, 100, 20), "4 events: exception, a, b, …");
});
