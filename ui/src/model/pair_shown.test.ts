// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { foldedFromText, type PairShown, paramsFromShown, rowFromText, withFold, withRow } from "./pair_shown";
import { sketchTrace, type SpanSketch } from "./test_trace";
import { TracePair } from "./trace_pair";

const kA: readonly SpanSketch[] = [
  { id: 1, service: "shop", name: "POST", from: 0, to: 1000 },
  { id: 2, parent: 1, service: "pay", name: "charge", from: 100, to: 800 },
  { id: 3, parent: 2, service: "pay", name: "SELECT", from: 200, to: 700 },
];
const kB: readonly SpanSketch[] = [
  { id: 11, service: "shop", name: "POST", from: 0, to: 999 },
  { id: 12, parent: 11, service: "pay", name: "charge", from: 100, to: 799 },
  { id: 13, parent: 12, service: "pay", name: "SELECT", from: 200, to: 699 },
  { id: 14, parent: 11, service: "tax", name: "rate", from: 800, to: 900 },
  { id: 15, parent: 14, service: "tax", name: "GET", from: 810, to: 820 },
];
// Rows: 0 POST, 1 charge, 2 SELECT, 3 rate, 4 GET; the last two are only in B.
const kPair = new TracePair(sketchTrace(kA), sketchTrace(kB));
const kNothing: PairShown = { row: -1, changesOnly: false, folded: new Set() };

function readBack({ span = "", changes, fold = "" }: ReturnType<typeof paramsFromShown>): PairShown {
  return { row: rowFromText(span, kPair), changesOnly: changes === "only", folded: foldedFromText(fold, kPair) };
}

test("what is shown of two traces survives the address, of spans of B alone too", () => {
  const shown: PairShown = { row: 4, changesOnly: true, folded: new Set([3, 1]) };
  const params = paramsFromShown(shown, kPair);
  deepEqual(params, { span: "b-000000000000000f", changes: "only", fold: "b-000000000000000e.0000000000000002" });
  deepEqual(readBack(params), shown);
  deepEqual(paramsFromShown(kNothing, kPair), { span: undefined, changes: undefined, fold: undefined });
  deepEqual(readBack(paramsFromShown(kNothing, kPair)), kNothing);
});

test("what neither trace has, and what has nothing to fold, is left out", () => {
  deepEqual(["", "b-", "x", "ff", "b-ff", "b-3"].map((text) => rowFromText(text, kPair)), [-1, -1, -1, -1, -1, -1]);
  deepEqual([...foldedFromText("3.ff.x..b-f.2", kPair)], [1]);
});

test("folds are kept in their order, and of too many the first opens again", () => {
  deepEqual([...withFold(new Set([5, 3]), 1, true)], [5, 3, 1]);
  deepEqual([...withFold(new Set([5, 3]), 5, false)], [3]);
  const many = withFold(new Set(Array.from({ length: 400 }, (_, row) => row)), 400, true);
  deepEqual([many.size, many.has(0), many.has(400)], [400, false, true]);
});

test("a row that is chosen comes in sight, and what need not change for that stays", () => {
  const shown: PairShown = { row: -1, changesOnly: true, folded: new Set([0, 1, 3]) };
  deepEqual(withRow(shown, 4, kPair), { row: 4, changesOnly: true, folded: new Set([1]) });
  deepEqual(withRow(shown, 2, kPair), { row: 2, changesOnly: false, folded: new Set([3]) });
  equal(kPair.visible(new Set([3]), 0).includes(2), true);
});
