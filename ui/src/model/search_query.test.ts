// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { addressOfExploreLink } from "./explore_link";
import {
  isTraceql, isUnfiltered, kEmptyQuery, matchKey, orderOf, paramsFromQuery, queryFromParams, searchParams, takesColumns,
} from "./search_query";
import { attributeText, parseTraceId, shortTraceId } from "./trace";

test("a query survives the address of the page", () => {
  const query = { ...kEmptyQuery, q: '{ name = "a&b" } | count() > 2', limit: "50", order: "newest" as const, rows: "spans" as const, columns: ['span."a, b"', "status"], range: "6h" };
  deepEqual(queryFromParams(paramsFromQuery(query)), query);
  equal(paramsFromQuery(kEmptyQuery).toString(), "");
});

test("an unknown range reads as the default", () => {
  equal(queryFromParams(new URLSearchParams("range=soon")).range, "1h");
  equal(queryFromParams(new URLSearchParams("range=custom&start=x")).range, "1h");
});

test("links of before ask the same in TraceQL", () => {
  const asked = (params: string): string => queryFromParams(new URLSearchParams(params)).q;
  equal(asked("service=shop&name=GET&tags=error%3Dtrue&minDuration=1s"), '{ resource.service.name = "shop" && name = "GET" && status = error && trace:duration >= 1s }');
  equal(asked("tags=%7B+.a+%7D+%7C+count()+%3E+2&service=other"), "{ .a } | count() > 2");
  equal(asked("tags=broken"), "broken");
  equal(asked(""), "");
});

test("TraceQL is told from tags", () => {
  for (const text of ["{ }", " ({ .a }) && ({ .b })", "none({ .a })", "by(.a) | { }", "count() > 1"]) equal(isTraceql(text), true);
  for (const text of ["", "error=true", 'name="{ }"', "count=1", "summer=1", "by=me"]) equal(isTraceql(text), false);
});

test("a search asks by q, since a while, between two seconds, or of all time", () => {
  const newest = { ...kEmptyQuery, order: "newest" as const };
  equal(searchParams(newest).toString(), "q=%7B+%7D+%7C+select%28resource.service.name%29&spss=10&limit=20&since=3600s");
  equal(searchParams({ ...newest, q: "{.a}", range: "all" }).toString(), "q=%7B.a%7D+%7C+select%28resource.service.name%29&spss=10&limit=20");
  equal(searchParams({ ...newest, range: "custom", start: "5", end: "9" }).toString(), "q=%7B+%7D+%7C+select%28resource.service.name%29&spss=10&limit=20&start=5&end=9");
});

test("the slowest come first by a stage, unless the query sorts or cannot be sorted", () => {
  const asked = (q: string) => [searchParams({ ...kEmptyQuery, q }).get("q"), orderOf({ ...kEmptyQuery, q })];
  deepEqual(asked(""), ["{ } | select(resource.service.name) | sort(trace:duration desc)", "slowest"]);
  deepEqual(asked("{ .a } | select(name) with (most_recent=true)"), ["{ .a } | select(name) | sort(trace:duration desc) with (most_recent=true)", "slowest"]);
  deepEqual(asked("{ .a } | sort(duration)"), ["{ .a } | sort(duration) | select(resource.service.name)", undefined]);
  deepEqual(asked("({ .a } | count() > 1) && ({ .b })"), ["({ .a } | count() > 1) && ({ .b })", "newest"]);
});

test("columns are selected beside what the query selects, and only what is a field", () => {
  const asked = (q: string, columns: readonly string[]) => searchParams({ ...kEmptyQuery, q, columns, order: "newest" }).get("q");
  equal(asked("{ .a }", ["span.http.route", "status"]), "{ .a } | select(resource.service.name, span.http.route, status)");
  equal(asked("{ .a } | select(name, span.b) | limit(3)", ["span.b", "resource.c"]), "{ .a } | select(name, span.b, resource.c) | limit(3)");
  equal(asked("({ .a } | count() > 1) && ({ .b })", ["span.c"]), "({ .a } | count() > 1) && ({ .b })");
  deepEqual([takesColumns("{ .a } | count() > 1"), takesColumns("({ .a } | count() > 1) && ({ .b })")], [true, false]);
  deepEqual(queryFromParams(new URLSearchParams("column=span.a&column=x)&column=span.&column=.b&column=kind&column=a+b")).columns, ["span.a", ".b", "kind"]);
});

test("what is told of all that matches does not depend on the rows", () => {
  const query = { ...kEmptyQuery, q: "{ .a }", range: "6h" };
  equal(matchKey({ ...query, order: "newest", limit: "50", rows: "spans", columns: ["kind"] }), matchKey(query));
  equal(matchKey({ ...query, range: "24h" }) === matchKey(query), false);
});

test("a limit or a range alone does not narrow a search", () => {
  equal(isUnfiltered({ ...kEmptyQuery, q: "{ }", limit: "5", range: "7d" }), true);
  equal(isUnfiltered({ ...kEmptyQuery, q: "{ .a }" }), false);
});

const explore = (left: unknown): string => addressOfExploreLink(new URLSearchParams({ left: JSON.stringify(left) }));

test("the demo's Explore link leads to the last hour", () => {
  const queries = [{ refId: "A", queryType: "nativeSearch", limit: 20 }];
  equal(explore({ datasource: "tempo", queries, range: { from: "now-1h", to: "now" } }), "/find");
});

test("an Explore link brings its search along", () => {
  const queries = [{ serviceName: "uservice3", search: 'os.type="linux"', minDuration: "1s", limit: 50 }];
  equal(
    explore({ queries, range: { from: "now-6h", to: "now" } }),
    "/find?q=%7B+resource.service.name+%3D+%22uservice3%22+%26%26+.os.type+%3D+%22linux%22+%26%26+trace%3Aduration+%3E%3D+1s+%7D&limit=50&range=6h",
  );
  equal(explore({ queries: [{}], range: { from: "1763905361155", to: "1763905371155" } }), "/find?range=custom&start=1763905361&end=1763905372");
});

test("an Explore link brings its TraceQL along", () => {
  const queries = [{ refId: "A", queryType: "traceql", query: "{ status = error }" }];
  equal(explore({ queries, range: { from: "now-1h", to: "now" } }), "/find?q=%7B+status+%3D+error+%7D");
});

test("an Explore link to a trace opens it, and a broken one leads to Find", () => {
  equal(explore({ queries: [{ query: "745400f204181422" }] }), "/trace/745400f204181422");
  equal(addressOfExploreLink(new URLSearchParams("left=%7Bbroken")), "/find");
});

test("trace ids are read and shown as people write them", () => {
  equal(parseTraceId(" 745400F204181422 "), "745400f204181422");
  deepEqual([parseTraceId("xyz"), parseTraceId("000"), parseTraceId("")], [undefined, undefined, undefined]);
  equal(shortTraceId("0000000000000000745400f204181422"), "745400f204181422");
  equal(shortTraceId("5b8efff798038103d269b633813fc60c"), "5b8efff798038103d269b633813fc60c");
});

test("attribute values of every type have a text", () => {
  equal(attributeText("linux"), "linux");
  equal(attributeText({ list: ["./uservice", 1n, true] }), '["./uservice", 1, true]');
  equal(attributeText({ map: [{ key: "a", value: { bytes: "AQ==" } }] }), '{"a": bytes AQ==}');
});
