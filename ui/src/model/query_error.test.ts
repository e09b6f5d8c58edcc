// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { queryErrorOf } from "./query_error";

const kPrefix = "invalid TraceQL query: ";

function errorOf(answer: string, query: string) {
  const error = queryErrorOf(kPrefix + answer, query);
  return error && { said: error.message, hint: error.hint, marked: query.slice(error.from, error.to) };
}

test("an error is split into what is wrong, what to do, and where", () => {
  const query = "{ duration >\n  foo }";
  const error = queryErrorOf(`${kPrefix}parse error at line 2, col 3: unknown identifier: foo (it is .foo, by() or so)`, query);
  deepEqual([error?.line, error?.column, error?.message, error?.hint], [2, 3, "unknown identifier: foo", "it is .foo, by() or so"]);
  equal(query.slice(error!.from, error!.to), "foo");
});

test("parentheses of the message are none of the hint", () => {
  deepEqual(errorOf("parse error at line 1, col 1: syntax error: unexpected ( here, expecting ) (close it)", "( {}"), {
    said: "syntax error: unexpected ( here, expecting )", hint: "close it", marked: "(",
  });
});

test("columns count bytes", () => {
  equal(errorOf('parse error at line 1, col 12: syntax error: unexpected }', '{ .\u00e9 = "\u00e9" }')?.marked, '"\u00e9"');
  equal(errorOf('parse error at line 1, col 14: syntax error: unexpected }', '{ .\u00e9 = "\u00e9" }')?.marked, "}");
});

test("an end that comes too early marks the last letter", () => {
  equal(errorOf("parse error at line 1, col 8: syntax error: unexpected $end", "{ .a =  ")?.marked, "=");
});

test("what parses and yet is wrong is marked where it is printed", () => {
  deepEqual(errorOf("binary operations must operate on the same type: status > 3", "{ .a = 1 && status > 3 }"), {
    said: "binary operations must operate on the same type: status > 3", hint: "", marked: "status > 3",
  });
});

test("other failures are none of the query", () => {
  equal(queryErrorOf("invalid limit: must be a positive number", "{ }"), undefined);
});
