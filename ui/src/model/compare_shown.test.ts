// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { setsQuery } from "./compare_query";
import { nextAddress, placeOfRow, rowName, sameAddress, wantsAllRows, wantsChangesOnly } from "./compare_shown";
import { type GrownPart, growthTable } from "./set_comparison";

const kHour = { range: "1h", start: "", end: "" };
const kSets = setsQuery({ q: "x", ...kHour }, { q: "", ...kHour });
const kPair = { kind: "pair", a: "1", b: "2" } as const;
const read = (text: string) => new URLSearchParams(text);

test("another question keeps how much is shown, the same one also the row", () => {
  const present = read("q=y&rows=all&row=pay+SELECT");
  equal(nextAddress(kSets, present), "/compare?q=x&baseline=&rows=all");
  equal(sameAddress(kSets, present), "/compare?q=x&baseline=&rows=all&row=pay+SELECT");
  equal(sameAddress(kSets, read("q=y")), "/compare?q=x&baseline=");
  equal(nextAddress(kPair, read("a=3&b=4&changes=only&span=5&fold=6")), "/compare?a=1&b=2&changes=only");
  equal(nextAddress(kPair, present), "/compare?a=1&b=2");
});

test("what makes no sense shows as by default", () => {
  deepEqual([wantsAllRows(read("rows=all")), wantsAllRows(read("rows=7")), wantsAllRows(read(""))], [true, false, false]);
  deepEqual([wantsChangesOnly(read("changes=only")), wantsChangesOnly(read("changes=1")), wantsChangesOnly(read(""))], [true, false, false]);
});

function part(label: string, now: number): GrownPart {
  return { label, service: label, category: "self", now, usual: 0, low: 0, high: 0, standsOut: false };
}

test("a row is found again by its name, wherever it stands, or not at all", () => {
  const parts = [part("pay", 50), part("cart", 40), part("pay", 30), part("mail", 2), part("tax", 1)];
  const table = growthTable(parts, 3);
  const names = table.rows.map((row) => rowName(parts, row));
  deepEqual(names, ["pay", "cart", "pay~1", "~rest"]);
  deepEqual(names.map((name) => placeOfRow(parts, table, name)), [0, 1, 2, 3]);
  deepEqual(["", "mail", "rest", "pay~2"].map((name) => placeOfRow(parts, table, name)), [-1, -1, -1, -1]);
  const later = [part("mail", 60), ...parts.slice(0, 2)];
  equal(placeOfRow(later, growthTable(later, 3), "cart"), 2);
});
