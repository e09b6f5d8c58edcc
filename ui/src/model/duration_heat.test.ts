// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import {
  boxBetween, boxOfRange, countIn, durationHeatOf, lengthInWords, lengthsInTraceql, lengthTicks, rangeOfBox, rangeOfText, textOfRange,
} from "./duration_heat";
import type { Series } from "./metrics";

const kBucket = 2 ** 28 / 1e9; // 268 ms
const series = (bucket: number, status: string, values: readonly number[]): Series => ({
  labels: [{ key: "status", value: status }, { key: "__bucket", value: bucket }], values, exemplars: [],
});
const kHeat = durationHeatOf({
  times: [60_000, 120_000, 180_000],
  series: [series(kBucket, "unset", [3, 0, 1]), series(kBucket, "error", [1, NaN, 0]), series(4 * kBucket, "unset", [0, 2, 0])],
  message: "",
});

test("rows are whole powers of two, without holes, and know what failed", () => {
  deepEqual(kHeat.edges, [kBucket / 2, kBucket, 2 * kBucket, 4 * kBucket]);
  deepEqual(kHeat.counts, [[4, 0, 1], [0, 0, 0], [0, 2, 0]]);
  deepEqual(kHeat.errors[0], [1, 0, 0]);
  deepEqual([kHeat.totals, kHeat.total, kHeat.most, kHeat.from, kHeat.step], [[4, 2, 1], 7, 4, 0, 60_000]);
});

test("a box counts its cells and is a range of time and length", () => {
  const box = boxBetween({ column: 2, row: 2 }, { column: 1, row: 1 });
  equal(countIn(kHeat, box), 2);
  const range = rangeOfBox(kHeat, box);
  deepEqual(range, { start: 60, end: 180, least: kBucket, most: undefined });
  deepEqual(boxOfRange(kHeat, range), box);
  deepEqual(rangeOfText(textOfRange(range)), range);
});

test("a range outside of the map is no box, one that reaches over it is cut", () => {
  equal(boxOfRange(kHeat, { start: 900, end: 1000, least: undefined, most: undefined }), undefined);
  equal(boxOfRange(kHeat, { start: 0, end: 60, least: 9, most: undefined }), undefined);
  deepEqual(boxOfRange(kHeat, { start: 0, end: 9000, least: undefined, most: kBucket }), { left: 0, right: 2, low: 0, high: 0 });
  deepEqual(["", "5-4--", "a-b--", "1-2"].map(rangeOfText), [undefined, undefined, undefined, undefined]);
});

test("lengths are told in words and in TraceQL", () => {
  const range = { start: 0, end: 1, least: kBucket, most: 4 * kBucket };
  equal(lengthInWords(range), "268\u202fms to 1.07\u202fs");
  deepEqual(lengthsInTraceql(range), [{ operator: ">", value: "268.435456ms" }, { operator: "<=", value: "1.073741824s" }]);
  deepEqual([lengthInWords({ ...range, most: undefined }), lengthsInTraceql({ start: 0, end: 1, least: undefined, most: undefined })], ["over 268\u202fms", []]);
});

test("ticks of length are round, and as many as there is room for", () => {
  deepEqual(lengthTicks(kHeat, 8), [0.2, 0.5, 1]);
  deepEqual(lengthTicks(kHeat, 2), [0.3, 1]);
});

test("nothing is an empty map", () => {
  deepEqual(durationHeatOf({ times: [], series: [], message: "" }).edges, []);
});
