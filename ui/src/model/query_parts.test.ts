// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { countedBy, hasStage, narrowed, partsOf, spansBy, textOfParts, withStage } from "./query_parts";

test("a query is cut where its stages begin", () => {
  const text = '{ .a = "x | y" || .b } >> { } | count() > 2 | select(name) with (most_recent=true)';
  const parts = partsOf(text);
  deepEqual(parts, { filter: '{ .a = "x | y" || .b } >> { }', stages: ["count() > 2", "select(name)"], options: "with (most_recent=true)" });
  equal(textOfParts(parts), text);
  deepEqual(partsOf("  "), { filter: "{ }", stages: [], options: "" });
});

test("a stage is added in front of the options, a condition behind the filter", () => {
  equal(withStage("{ .a } with (most_recent=true)", "limit(3)"), "{ .a } | limit(3) with (most_recent=true)");
  equal(narrowed("{ .a } | count() > 2", "status = error"), "{ .a } | { status = error } | count() > 2");
  equal(withStage("({ .a } | count() > 1) && ({ .b })", "limit(3)"), undefined);
});

test("an order of its own is seen", () => {
  deepEqual(["{ } | sort(duration)", "{ .sort = 1 }", '{ name = "| sort(" }'].map((text) => hasStage(text, "sort")), [true, false, false]);
});

test("traces are counted by their roots, spans where traces cannot be", () => {
  deepEqual(countedBy("{ }"), { query: "{ nestedSetParent < 0 }", unit: "trace" });
  deepEqual(countedBy("{ .a } | select(name) | sort(duration)"), { query: "({ .a }) && { nestedSetParent < 0 } | { nestedSetParent < 0 }", unit: "trace" });
  deepEqual(countedBy("{ .a } | count() > 2 | limit(5)"), { query: "{ .a } | count() > 2", unit: "span" });
  equal(countedBy("({ .a } | count() > 1) && ({ .b })"), undefined);
});

test("the spans that match are asked for without what is said of their traces", () => {
  equal(spansBy("{ .a } | count() > 2 | sort(duration) with (most_recent=true)"), "{ .a } | count() > 2");
});
