// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { formatCount, formatDuration, formatNumber, formatOffset, formatShare, formatWholeMillis, formatWithUnit, middleEllipsis, unitForTrace } from "./format";
import { hashName } from "./hash";
import { nextRows, printedRows, rowsInSight, rowWindow, scrollToShow } from "./row_window";
import { durationBetween, durationFromMillis, timeFromText } from "./time";
import { percentAt, ticks, tickStep } from "./time_scale";

test("numbers have three significant digits and whole digits are never cut", () => {
  const shown = [0, 0.001, 0.5, 2.3, 9.994, 9.996, 99.94, 99.96, 149.4, 1085.9, 1234567].map(formatNumber);
  deepEqual(shown, ["0", "<\u202f0.01", "0.50", "2.30", "9.99", "10.0", "99.9", "100", "149", "1\u202f086", "1\u202f234\u202f567"]);
});

test("a duration that stands alone has the unit that suits it", () => {
  const shown = [0, 7, 1500, 250_000, 999_600_000, 1_240_000_000, 90e9].map(formatDuration);
  deepEqual(shown, ["0\u202fns", "7\u202fns", "1.50\u202fµs", "250\u202fµs", "1.00\u202fs", "1.24\u202fs", "90.0\u202fs"]);
});

test("what is known in whole milliseconds is never nothing", () => {
  deepEqual([0, 1_000_000, 1_240_000_000].map(formatWholeMillis), ["<\u202f1\u202fms", "1.00\u202fms", "1.24\u202fs"]);
});

test("a trace has one unit", () => {
  deepEqual([900, 5000, 1.24e9, 2e10].map((nanos) => unitForTrace(nanos).name), ["ns", "µs", "ms", "s"]);
  equal(formatWithUnit(unitForTrace(1.24e9), 410_000), "0.41\u202fms");
  equal(formatOffset(unitForTrace(1.24e9), -2e6), "−2.00\u202fms");
});

test("shares are of the whole, and of nothing they are zero", () => {
  equal(formatShare(1086, 1240), "87.6\u202f%");
  equal(formatShare(1, 0), "0\u202f%");
  equal(formatCount(20000), "20\u202f000");
});

test("a long name keeps both ends", () => {
  equal(middleEllipsis("forward uservice3-clew@docker/uservice3@docker", 41), "forward uservice3-clew@d…uservice3@docker");
  equal(middleEllipsis("redis_call", 41), "redis_call");
});

test("ticks step by 1, 2 or 5", () => {
  deepEqual([1240, 700, 390, 80].map((length) => tickStep(length, 8)), [200, 100, 50, 10]);
  deepEqual(ticks({ start: 0, end: 1240 }, 8), [0, 200, 400, 600, 800, 1000, 1200]);
  deepEqual(ticks({ start: 0, end: 0 }, 8), [0]);
});

test("a place on the scale is in per cent", () => {
  equal(percentAt({ start: 0, end: 1240 }, 152.1), 12.2661);
  equal(percentAt({ start: 0, end: 0 }, 5), 0);
});

test("rows in sight are drawn with a few on either side", () => {
  deepEqual(rowWindow(100_000, 24, 24_000, 480), { first: 976, end: 1040 });
  deepEqual(rowWindow(7, 24, 0, 480), { first: 0, end: 7 });
  deepEqual(rowWindow(3, 24, 24_000, 480), { first: 3, end: 3 });
});

test("rows in sight are there at once, those beyond them a few at a time", () => {
  const [sight, wanted] = [{ first: 1000, end: 1020 }, { first: 976, end: 1040 }];
  deepEqual(rowsInSight(100_000, 24, 24_000, 480), sight);
  deepEqual(rowsInSight(3, 24, 24_000, 480), { first: 3, end: 3 });
  deepEqual(nextRows({ first: 0, end: 64 }, sight, wanted, 0), sight);
  deepEqual(nextRows(sight, sight, wanted, 4), { first: 1000, end: 1024 });
  deepEqual(nextRows({ first: 1000, end: 1038 }, sight, wanted, 4), { first: 998, end: 1040 });
  deepEqual(nextRows({ first: 978, end: 1040 }, sight, wanted, 4), wanted);
  // The list was scrolled on: what is far is gone, what came in sight is there.
  deepEqual(nextRows({ first: 960, end: 1010 }, sight, wanted, 0), { first: 976, end: 1020 });
});

test("on paper are the rows in sight, as many as a page takes", () => {
  deepEqual(printedRows(100, 24, 250, 240, 25), { first: 10, end: 20 });
  deepEqual(printedRows(100, 24, 0, 2400, 25), { first: 0, end: 25 });
  deepEqual(printedRows(12, 24, 240, 240, 25), { first: 10, end: 12 });
});

test("a row is brought into sight by the least movement", () => {
  equal(scrollToShow(2, 24, 0, 240), 0);
  equal(scrollToShow(10, 24, 0, 240), 24);
  equal(scrollToShow(1, 24, 100, 240), 24);
});

test("times are read from text without losing a nanosecond", () => {
  equal(timeFromText("1763905361155123456"), 1763905361155123456n);
  equal(timeFromText("soon"), 0n);
  equal(durationBetween(timeFromText("5"), timeFromText("3")), 0n);
  equal(durationFromMillis(1240), 1_240_000_000n);
});

test("the hash of a name never changes", () => {
  deepEqual(["traefik", "uservice3", "uservice4"].map((name) => hashName(name) % 12), [8, 3, 0]);
});
