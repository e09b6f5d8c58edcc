// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { pathRows, pathUprights } from "./path_rows";
import { sketchTrace, type SpanSketch } from "./test_trace";
import { type TraceRows, traceRows } from "./trace_rows";

/** A root that calls twice; the second call is made of two parts that are folded away in some tests. */
const kSpans: readonly SpanSketch[] = [
  { id: 1, from: 0, to: 1000 },
  { id: 2, parent: 1, from: 100, to: 400 },
  { id: 3, parent: 1, from: 500, to: 900 },
  { id: 4, parent: 3, from: 500, to: 600 },
  { id: 5, parent: 3, from: 600, to: 602 },
];
const trace = sketchTrace(kSpans);
const { path, columns } = trace.data;

function shownRows(foldedSpan = -1, kept?: Uint8Array): TraceRows {
  const folded = new Uint8Array(trace.count);
  if (foldedSpan >= 0) folded[foldedSpan] = 1;
  return traceRows(columns, { from: 0, to: trace.count, folded, groups: undefined, opened: new Uint8Array(0), kept });
}

/** "100-400" for each stretch, by row. */
function stretchesOf(shown: TraceRows): readonly string[] {
  const { first, stretches } = pathRows(path, shown);
  return Array.from(shown.rows, (_, row) =>
    Array.from(stretches.subarray(first[row], first[row + 1]), (at) => `${path.from[at]}-${path.to[at]}`).join(" "));
}

test("each row has its stretches in their order", () => {
  deepEqual(stretchesOf(shownRows()), ["0-100 400-500 900-1000", "100-400", "602-900", "500-600", "600-602"]);
});

test("a folded row has those of all below it", () => {
  deepEqual(stretchesOf(shownRows(2)), ["0-100 400-500 900-1000", "100-400", "500-600 600-602 602-900"]);
});

test("a span that is not shown has none", () => {
  deepEqual(stretchesOf(shownRows(-1, new Uint8Array([1, 1, 0, 0, 0]))), ["0-100 400-500 900-1000", "100-400"]);
});

test("the path is handed on between rows, by stretches that can be seen", () => {
  const uprights = (shown: TraceRows, start = 0, end = 1000): readonly string[] =>
    pathUprights(path, shown, start, end).map(({ at, from, to }) => `${at}: ${from} ${to}`);
  // The two nanoseconds of the last span are no 190th part of the whole; of a closer look they are.
  deepEqual(uprights(shownRows()), ["100: 0 1", "400: 1 0", "500: 0 3", "602: 3 2", "900: 2 0"]);
  deepEqual(uprights(shownRows(), 590, 610), ["600: 3 4", "602: 4 2"]);
  deepEqual(uprights(shownRows(2)), ["100: 0 1", "400: 1 0", "500: 0 2", "900: 2 0"]);
});

test("what was found is found again, and anew when the view is another", () => {
  const shown = shownRows();
  equal(pathRows(path, shown), pathRows(path, shown));
  const whole = pathUprights(path, shown, 0, 1000);
  equal(pathUprights(path, shown, 0, 1000), whole);
  equal(pathUprights(path, shown, 0, 450).length, 2);
  deepEqual(pathUprights(path, shown, 0, 1000), whole);
});
