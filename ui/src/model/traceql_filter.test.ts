// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { type FilterForm, formOf, kEmptyForm, queryOf } from "./traceql_filter";

const textOf = (form: Partial<FilterForm>): string => {
  const query = queryOf({ ...kEmptyForm, ...form });
  return "text" in query ? query.text : `wrong ${query.wrong}`;
};

test("a plain conjunction is a form", () => {
  deepEqual(formOf('{ resource.service.name = "shop" && name = "GET /" && trace:duration >= 100ms && trace:duration <= 2s }'), {
    service: "shop", name: "GET /", tags: "", minDuration: "100ms", maxDuration: "2s",
  });
  deepEqual(formOf(""), kEmptyForm);
  deepEqual(formOf("{ }"), kEmptyForm);
});

test("other conditions are tags", () => {
  equal(
    formOf('{ .os.type = "linux" && status = error && span.http.status_code >= 500 && .retries = -1 && name =~ "GET.*" }')?.tags,
    'os.type="linux" status=error span.http.status_code>=500 retries=-1 name=~"GET.*"',
  );
});

test("what comes twice, or with another operator, is a tag", () => {
  const form = formOf('{ resource.service.name = "a" && resource.service.name != "b" && trace:duration > 1s }');
  deepEqual([form?.service, form?.tags, form?.minDuration], ["a", 'resource.service.name!="b" trace:duration>1s', ""]);
});

test("a query that says more has no form", () => {
  for (const text of [
    "{ .a = 1 || .b = 2 }", "{ .a }", "{ .a = 1 } | count() > 2", "{ .a = 1 } >> { .b = 2 }", "{ (.a = 1) }", "{ .a + 1 = 2 }",
    "{ .a = .b }", "{ .a = 1", "{ } { }", "{ .a = 1 && }", '{ .a = "open }', "{ 1 = .a }", "{ foo = 1 }",
  ]) equal(formOf(text), undefined, text);
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

test("form to text to form is the same form", () => {
  for (const form of [
    { service: "a&b", name: "", tags: 'os.type="linux" retries>=3', minDuration: "1s", maxDuration: "" },
    { service: "", name: "x\\y", tags: 'span.a="1" event.b=nil', minDuration: "", maxDuration: "5m" },
  ]) deepEqual(formOf(textOf(form)), form);
});
