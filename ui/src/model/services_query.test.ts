// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { paramsBefore, paramsFromServices, servicesFromParams, withOpen } from "./services_query";
import { kDefaultRange } from "./time_range";

test("the page survives its address", () => {
  const query = { service: "a&b", depth: 2, filter: "x", least: 0.05, sort: "rate" as const, open: ["a,b", "c&d", ""], range: "custom", start: "10", end: "20" };
  deepEqual(servicesFromParams(paramsFromServices(query)), query);
  const plain = servicesFromParams(new URLSearchParams());
  deepEqual([plain.depth, plain.least, plain.sort, plain.open, plain.range], [Infinity, undefined, "p95", [], "1h"]);
  equal(paramsFromServices(plain).toString(), "");
});

test("what makes no sense reads as the default", () => {
  const { depth, least, sort, range } = servicesFromParams(new URLSearchParams("depth=7&least=3&sort=luck&range=all"));
  deepEqual([depth, least, sort, range], [Infinity, undefined, "p95", kDefaultRange.range]);
});

test("operations are opened and closed, each service once", () => {
  deepEqual(servicesFromParams(new URLSearchParams("open=a&open=b&open=a")).open, ["a", "b"]);
  deepEqual(withOpen(["a", "b"], "c", true), ["a", "b", "c"]);
  deepEqual(withOpen(["a", "b"], "b", true), ["a", "b"]);
  deepEqual(withOpen(["a", "b"], "a", false), ["b"]);
  deepEqual(withOpen(["a"], "c", false), ["a"]);
});

test("the time before is as long", () => {
  equal(paramsBefore({ range: "1h", start: "", end: "" }, "q", 7200.5).toString(), "q=q&start=0&end=3600");
  equal(paramsBefore({ range: "custom", start: "100", end: "160" }, "q", 9999).toString(), "q=q&start=40&end=100");
});
