// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { completionPlace } from "./traceql_context";

/** What is expected at the bar, and the text that would be replaced. */
function at(marked: string): string {
  const cursor = marked.indexOf("¦");
  const text = marked.replace("¦", "");
  const { expected, from, to } = completionPlace(text, cursor);
  return `${expected.kind} '${text.slice(from, to)}'`;
}

test("fields are expected in braces", () => {
  deepEqual(["{¦", "{ res¦", "{ .a = 1 && ¦", "{ .a = 1 && span.ht¦tp }", "{ !(¦", "{ .a + ¦"].map(at),
    ["field ''", "field 'res'", "field ''", "field 'span.http'", "field ''", "field ''"]);
});

test("a name without its scope is completed as a whole", () => {
  deepEqual(["{ service.na¦", "{ .os.ty¦", "{ a = b .c¦"].map(at), ["field 'service.na'", "field '.os.ty'", "join '.c'"]);
});

test("a comparison follows a field, a value the comparison, a join the value", () => {
  deepEqual(["{ .a ¦", "{ duration ¦", "{ .a = ¦", '{ .a = "x¦"', "{ .a = 1 ¦", "{ (.a = 1) ¦", "{ .a = .b ¦"].map(at),
    ["comparison ''", "comparison ''", "value ''", "value '\"x\"'", "join ''", "join ''", "join ''"]);
});

test("a value is narrowed by the rest of its filter", () => {
  const value = (marked: string): unknown => completionPlace(marked.replace("¦", ""), marked.indexOf("¦")).expected;
  deepEqual(value('{ .a = 1 } >> { resource.service.name = "c¦" && status = error } | rate()'), {
    kind: "value", field: "resource.service.name", query: "{ resource.service.name =  && status = error }",
  });
  deepEqual(value("{ .b = 2 && span.x =¦"), { kind: "value", field: "span.x", query: "{ .b = 2 && span.x = }" });
});

test("stages follow a pipe, and fields their parentheses", () => {
  deepEqual(["{ } | ¦", "{ } | ra¦", "{ } | by(¦", "{ } | select(name, ¦", "{ } | rate() by (¦", "{ } | avg_over_time(dur¦"].map(at),
    ["stage ''", "stage 'ra'", "field ''", "field ''", "field ''", "field 'dur'"]);
});

test("functions without a field are offered none", () => {
  deepEqual(["{ } | rate(¦", "{ } | count(¦", "{ } | topk(¦", "{ } | max(¦"].map(at), ["nothing ''", "nothing ''", "nothing ''", "field ''"]);
});

test("a filter may be joined with another, a function grouped", () => {
  deepEqual(["¦", "{ } ¦", "{ } >> ¦", "(¦", "({ } | count() > 1) ¦", "{ } | rate() ¦", "{ } | select(name) ¦"].map(at),
    ["spanset ''", "spansetJoin ''", "spanset ''", "spanset ''", "spansetJoin ''", "grouping ''", "nothing ''"]);
});

test("nothing is offered in a comment or where nothing is known", () => {
  deepEqual(["{ } // a¦", "{ 1 = ¦"].map(at), ["nothing ''", "nothing ''"]);
  equal(at("{ foo = ¦"), "nothing ''");
});
