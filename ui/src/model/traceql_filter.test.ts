// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import {
  type FilterForm, hasMatcher, kEmptyForm, matchersOf, queryOf, textOfMatchers, withMatcher, withoutMatcher,
} from "./traceql_filter";

const textOf = (form: Partial<FilterForm>): string => {
  const query = queryOf({ ...kEmptyForm, ...form });
  return "text" in query ? query.text : `wrong ${query.wrong}`;
};

test("a plain conjunction is a list of conditions, and the list is its text again", () => {
  const text = '{ resource.service.name = "shop" && .os.type != nil && status = error && .retries = -1 && name =~ "GET.*" }';
  const matchers = matchersOf(text)!;
  deepEqual(matchers.map(({ field, operator, value }) => [field, operator, value]), [
    ["resource.service.name", "=", '"shop"'], [".os.type", "!=", "nil"], ["status", "=", "error"], [".retries", "=", "-1"], ["name", "=~", '"GET.*"'],
  ]);
  equal(textOfMatchers(matchers), text);
  deepEqual([matchersOf(""), matchersOf("{ }"), textOfMatchers([])], [[], [], ""]);
});

test("a query that says more is no list", () => {
  for (const text of [
    "{ .a = 1 || .b = 2 }", "{ .a }", "{ .a = 1 } | count() > 2", "{ .a = 1 } >> { .b = 2 }", "{ (.a = 1) }", "{ .a + 1 = 2 }",
    "{ .a = .b }", "{ .a = 1", "{ } { }", "{ .a = 1 && }", '{ .a = "open }', "{ 1 = .a }", "{ foo = 1 }",
  ]) equal(matchersOf(text), undefined, text);
});

test("a condition is added, takes the place of its like, and is taken away", () => {
  const shop = { field: "resource.service.name", operator: "=", value: '"shop"' };
  const slow = { field: "trace:duration", operator: ">", value: "1s" };
  equal(withMatcher("", shop), '{ resource.service.name = "shop" }');
  const both = withMatcher('{ resource.service.name = "shop" }', slow)!;
  equal(both, '{ resource.service.name = "shop" && trace:duration > 1s }');
  equal(withMatcher(both, { ...slow, value: "2s" }), '{ resource.service.name = "shop" && trace:duration > 2s }');
  deepEqual([hasMatcher(both, slow), hasMatcher(both, { ...slow, value: "2s" }), hasMatcher("{ .a } || { .b }", slow)], [true, false, false]);
  equal(withoutMatcher(both, shop), "{ trace:duration > 1s }");
});

test("a query that says more gets a stage of its own for it", () => {
  const slow = { field: "trace:duration", operator: ">", value: "1s" };
  equal(withMatcher("{ .a } >> { .b } | count() > 2", slow), "{ .a } >> { .b } | { trace:duration > 1s } | count() > 2");
  equal(withMatcher("({ .a } | count() > 2) && ({ .b })", slow), undefined);
});

test("a form is a query", () => {
  equal(textOf({ service: "shop", name: 'GET "/"', tags: "os.type=linux", minDuration: "100 ms", maxDuration: "1h30m" }),
    '{ resource.service.name = "shop" && name = "GET \\"/\\"" && .os.type = "linux" && trace:duration >= 100ms && trace:duration <= 1h30m }');
  equal(textOf({}), "");
});

test("tags are written as people write them", () => {
  equal(textOf({ tags: 'error=true http.status_code=200 a="x y", b!=c && span.d>1.5s' }),
    '{ status = error && .http.status_code = 200 && .a = "x y" && .b != "c" && span.d > 1.5s }');
  equal(textOf({ tags: "status=error kind=server cached=true" }), "{ status = error && kind = server && .cached = true }");
});

test("what cannot be understood is named", () => {
  deepEqual(["os.type", "a=", 'a="x', "=b", "a=b {"].map((tags) => textOf({ tags })), Array(5).fill("wrong tags"));
  deepEqual([textOf({ minDuration: "100" }), textOf({ maxDuration: "soon" })], ["wrong minDuration", "wrong maxDuration"]);
});
