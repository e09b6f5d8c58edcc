// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { type GrownPart, growthTable, wholeShares } from "./set_comparison";

const part = (label: string, now: number, usual: number, standsOut = false): GrownPart => (
  { label, service: label, category: "self", now, usual, low: 0, high: 0, standsOut }
);

const kParts = [part("pay", 600, 20, true), part("tiny", 2, 1, true), part("cart", 55, 53), part("mail", 30, 30), part("tax", 12, 13), part("shop", 3, 80)];

test("what stands out and what is large is shown as it grew, the rest in one row", () => {
  const table = growthTable(kParts, 3);
  deepEqual(table.rows.map(({ label, index, now, usual }) => [label, index, now, usual]),
    [["pay", 0, 600, 20], ["tiny", 1, 2, 1], ["shop", 5, 3, 80], ["rest, 3 parts", -1, 97, 96]]);
  deepEqual([table.now, table.usual, table.hidden], [702, 197, 3]);
  equal(table.rows.reduce((sum, { nowShare }) => sum + nowShare, 0), 100);
});

test("a single row is not folded away", () => {
  equal(growthTable(kParts, 5).rows.length, 6);
  deepEqual(growthTable([], 5), { rows: [], hidden: 0, now: 0, usual: 0 });
});

test("whole shares add up to 100", () => {
  deepEqual(wholeShares([1, 1, 1]), [34, 33, 33]);
  deepEqual(wholeShares([0, 0]), [0, 0]);
  deepEqual(wholeShares([999, 1]), [100, 0]);
});
