// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { foldedLevel, foldsFromText, foldsToText, unfoldedLevel } from "./folds";
import type { ShownTrace } from "./shown_trace";
import { kDemoSpans, sketchTrace } from "./test_trace";
import { traceRows } from "./trace_rows";

const rowsOf = (trace: ShownTrace, folded: Uint8Array) =>
  traceRows(trace.data.columns, { from: 0, to: trace.count, folded, groups: undefined, opened: new Uint8Array(0), kept: undefined });

const kTwoBranches = sketchTrace([
  { id: 1, from: 0, to: 100 },
  { id: 2, parent: 1, from: 0, to: 50 },
  { id: 3, parent: 2, from: 0, to: 40 },
  { id: 4, parent: 3, from: 0, to: 30 },
  { id: 5, parent: 1, from: 50, to: 100 },
  { id: 6, parent: 5, from: 60, to: 90 },
]);

test("a level is folded from the inside on each branch, and unfolded from the outside", () => {
  const trace = kTwoBranches;
  const none = new Uint8Array(trace.count);
  const once = foldedLevel(trace, rowsOf(trace, none), none);
  assert.deepEqual([...once], [0, 0, 1, 0, 1, 0]);
  const twice = foldedLevel(trace, rowsOf(trace, once), once);
  assert.deepEqual([...twice], [0, 1, 1, 0, 1, 0]);
  const opened = unfoldedLevel(trace, rowsOf(trace, twice), twice);
  assert.deepEqual([...opened], [0, 0, 1, 0, 0, 0]);
  assert.deepEqual([...unfoldedLevel(trace, rowsOf(trace, opened), opened)], [...none]);
});

test("the first row stays open, however often a level is folded", () => {
  let folds: Uint8Array = new Uint8Array(kTwoBranches.count);
  for (let times = 0; times < 9; ++times) folds = foldedLevel(kTwoBranches, rowsOf(kTwoBranches, folds), folds);
  assert.deepEqual([...rowsOf(kTwoBranches, folds).rows], [0, 1, 4]);
});

test("folds survive a link", () => {
  const trace = sketchTrace(kDemoSpans);
  const folds = Uint8Array.of(0, 0, 1, 0, 0, 0, 0);
  assert.deepEqual(foldsFromText(foldsToText(folds, trace)!, trace), folds);
});
