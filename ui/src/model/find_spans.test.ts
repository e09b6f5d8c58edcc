// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { findSpans, isTraceql, matchNumber, nextMatch } from "./find_spans";
import { sketchTrace } from "./test_trace";

const trace = sketchTrace([
  { id: 1, from: 0, to: 9, service: "shop", name: "GET /cart" },
  { id: 2, parent: 1, from: 1, to: 2, service: "shop", name: "SELECT item", peer: "cart-db", kind: 3 },
  { id: 3, parent: 1, from: 3, to: 4, service: "pay", name: "charge card", events: [[3, "retry"]] },
  { id: 4, parent: 1, from: 5, to: 6, service: "pay", name: "card" },
]);
const rowsOf = (text: string): readonly number[] => [...findSpans(trace, text).matches].flatMap((match, row) => (match ? [row] : []));

test("words are found in names, services, peers and events, whatever their case", () => {
  deepEqual(rowsOf("CART"), [0, 1]);
  deepEqual(rowsOf("pay"), [2, 3]);
  deepEqual(rowsOf("retry"), [2]);
});

test("all words are wanted, quoted ones as one, those with a minus not at all", () => {
  deepEqual(rowsOf("shop item"), [1]);
  deepEqual(rowsOf('"charge card"'), [2]);
  deepEqual(rowsOf("pay -charge"), [3]);
});

test("an id finds its span", () => {
  deepEqual(rowsOf("0000000000000003"), [2]);
  equal(trace.find("3"), 2);
  equal(trace.find("zz"), -1);
  equal(trace.find("ffff"), -1);
});

test("what begins with a brace is TraceQL", () => {
  equal(isTraceql(" { status = error }"), true);
  equal(isTraceql("status {"), false);
});

test("matches are walked both ways, round the ends", () => {
  const found = findSpans(trace, "pay");
  const matches = (row: number): boolean => found.matches[row] === 1;
  deepEqual([nextMatch(4, 0, 1, matches), nextMatch(4, 3, 1, matches), nextMatch(4, 2, -1, matches)], [2, 3 - 1, 3]);
  deepEqual([matchNumber(found, 3), matchNumber(found, 0)], [2, 0]);
  equal(nextMatch(4, 0, 1, () => false), -1);
});

test("spans that share an id have keys of their own", () => {
  const twins = sketchTrace([{ id: 5, from: 0, to: 9 }, { id: 6, parent: 5, from: 1, to: 3 }, { id: 6, parent: 5, from: 2, to: 3 }]);
  deepEqual([1, 2].map((row) => twins.keyOf(row)), ["0000000000000006", "0000000000000006~1"]);
  deepEqual(["0000000000000006", "0000000000000006~1", "0000000000000006~2"].map((key) => twins.find(key)), [1, 2, -1]);
});
