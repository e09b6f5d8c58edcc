// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { compareAddress, compareFromParams, pairAddress, setsParams, setsQuery, swapped, whyCommand, withinSet, withTick } from "./compare_query";
import { rangeBefore } from "./time_range";

const read = (text: string) => compareFromParams(new URLSearchParams(text));
const kHour = { range: "1h", start: "", end: "" };
const kBox = { range: "custom", start: "100", end: "700" };

test("two sets have their queries and times in the address", () => {
  const query = setsQuery({ q: "{ a = 1 }", ...kBox }, { q: "", ...kHour });
  const address = compareAddress(query);
  equal(address, "/compare?q=%7B+a+%3D+1+%7D&baseline=&range=custom&start=100&end=700&baselineRange=1h");
  deepEqual(read(address.slice(9)), query);
  deepEqual(read("q=x&range=24h"), setsQuery({ q: "x", range: "24h", start: "", end: "" }, { q: "", range: "24h", start: "", end: "" }));
  equal((read("range=24h") as { asked: boolean }).asked, false);
  deepEqual(["traces=4000", "traces=99999", "traces=x"].map((text) => (read(text) as { traces: number }).traces), [4000, 20_000, 1000]);
  equal(compareAddress({ ...query, traces: 4000 }).includes("&traces=4000&"), true);
  deepEqual(swapped(swapped(query)), query);
});

test("two traces have their ids there, and one may still be chosen", () => {
  deepEqual(read("a=00AB&b=c"), { kind: "pair", a: "00ab", b: "c" });
  deepEqual(read("a=xyz"), { kind: "pair", a: "", b: "" });
  deepEqual(swapped(read("a=1&b=2")), { kind: "pair", a: "2", b: "1" });
  equal(compareAddress({ kind: "pair", a: "1", b: "" }), "/compare?a=1&b=");
});

test("the server is asked for two ranges only where there are two", () => {
  const asked = (set: typeof kHour, rest: typeof kHour): string => setsParams(setsQuery({ q: "", ...set }, { q: "", ...rest }), 10_000).toString();
  equal(asked(kHour, kHour), "q=%7B+%7D&baseline=%7B+%7D&since=3600s");
  equal(asked(kBox, kHour), "q=%7B+%7D&baseline=%7B+%7D&start=100&end=700&baselineStart=6400&baselineEnd=10000");
  equal(asked(kBox, { range: "all", start: "", end: "" }), "q=%7B+%7D&baseline=%7B+%7D&start=100&end=700&baselineStart=0&baselineEnd=0");
  equal(asked(kBox, { ...kBox }), "q=%7B+%7D&baseline=%7B+%7D&start=100&end=700");
});

test("a terminal is asked the same", () => {
  equal(whyCommand(setsQuery({ q: "{ name = 'x' }", ...kBox }, { q: "", ...kHour }), 10_000),
    "clew why --q '{ name = '\\''x'\\'' }' --vs '{ }' --start 100 --end 700 --vs-start 6400 --vs-end 10000");
});

test("what a set has in common is looked for within it", () => {
  equal(withinSet({ q: "", ...kHour }, "{ a = 1 }"), "{ a = 1 }");
  equal(withinSet({ q: "{ b = 2 }", ...kHour }, "{ a = 1 }"), "({ b = 2 }) && ({ a = 1 })");
});

test("two traces are ticked at most", () => {
  deepEqual(["a", "b", "a", "c", "d"].reduce<readonly string[]>(withTick, []), ["c", "d"]);
  equal(pairAddress([`${"0".repeat(16)}00000000000000c0`, "d"]), "/compare?a=00000000000000c0&b=d");
});

test("the time before is as long", () => {
  deepEqual(rangeBefore(kHour, 10_000), { range: "custom", start: "2800", end: "6400" });
  deepEqual(rangeBefore(kBox, 10_000), { range: "custom", start: "0", end: "100" });
  equal(rangeBefore({ range: "all", start: "", end: "" }, 10_000), undefined);
});
