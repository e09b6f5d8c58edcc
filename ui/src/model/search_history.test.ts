// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { historyOf, withQuery } from "./search_history";

test("a query is remembered once, the last one first", () => {
  deepEqual(withQuery(["{ .a }", "{ .b }"], "{ .b }"), ["{ .b }", "{ .a }"]);
  deepEqual(withQuery(["{ .a }"], ""), ["{ .a }"]);
  const many = Array.from({ length: 60 }, (_, at) => `{ .a = ${at} }`).reduce<readonly string[]>(withQuery, []);
  deepEqual([many.length, many[0]], [50, "{ .a = 59 }"]);
});

test("what this page did not write is no history", () => {
  for (const text of [null, "", "{", "{}", "5"]) equal(historyOf(text).length, 0);
  deepEqual(historyOf('["{ .a }", 5, null]'), ["{ .a }"]);
});
