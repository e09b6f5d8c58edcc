// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { addressOfExploreLink } from "./explore_link";
import { isTraceql, isUnfiltered, kEmptyQuery, paramsFromQuery, queryFromParams, searchParams } from "./search_query";
import { attributeText, parseTraceId, shortTraceId } from "./trace";

test("a query survives the address of the page", () => {
  const query = { ...kEmptyQuery, service: "a&b", tags: 'os.type="linux"', minDuration: "100ms", limit: "50", range: "6h" };
  deepEqual(queryFromParams(paramsFromQuery(query)), query);
  equal(paramsFromQuery(kEmptyQuery).toString(), "");
});

test("an unknown range reads as the default", () => {
  equal(queryFromParams(new URLSearchParams("range=soon")).range, "1h");
  equal(queryFromParams(new URLSearchParams("range=custom&start=x")).range, "1h");
});

test("service and span name are tags of the search", () => {
  const params = searchParams({ ...kEmptyQuery, service: "shop", name: 'GET "/"', tags: "error=true" }, 10_000);
  equal(params.get("tags"), 'service.name="shop" name="GET \\"/\\"" error=true');
  deepEqual([params.get("start"), params.get("end"), params.get("limit")], ["6400", "10001", "20"]);
});

test("what begins as TraceQL does is asked as it is", () => {
  const q = '{ resource.service.name = "shop" } | count() > 2';
  const params = searchParams({ ...kEmptyQuery, service: "other", tags: q, minDuration: "1s" }, 10_000);
  deepEqual([params.get("q"), params.get("tags"), params.get("minDuration")], [q, null, "1s"]);
  for (const text of ["{ }", " ({ .a }) && ({ .b })", "none({ .a })", "by(.a) | { }", "count() > 1"]) equal(isTraceql(text), true);
  for (const text of ["", "error=true", 'name="{ }"', "count=1", "summer=1", "by=me"]) equal(isTraceql(text), false);
});

test("all time asks without bounds, a custom range with its own", () => {
  equal(searchParams({ ...kEmptyQuery, range: "all" }, 10_000).toString(), "limit=20");
  const custom = { ...kEmptyQuery, range: "custom", start: "5", end: "9" };
  equal(searchParams(custom, 10_000).toString(), "limit=20&start=5&end=9");
});

test("durations may be written with a space", () => {
  equal(searchParams({ ...kEmptyQuery, minDuration: "100 ms" }, 0).get("minDuration"), "100ms");
});

test("a limit or a range alone does not narrow a search", () => {
  equal(isUnfiltered({ ...kEmptyQuery, limit: "5", range: "7d" }), true);
  equal(isUnfiltered({ ...kEmptyQuery, tags: "a=b" }), false);
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
    "/find?service=uservice3&tags=os.type%3D%22linux%22&minDuration=1s&limit=50&range=6h",
  );
  equal(explore({ queries: [{}], range: { from: "1763905361155", to: "1763905371155" } }), "/find?range=custom&start=1763905361&end=1763905372");
});

test("an Explore link brings its TraceQL along", () => {
  const queries = [{ refId: "A", queryType: "traceql", query: "{ status = error }" }];
  equal(explore({ queries, range: { from: "now-1h", to: "now" } }), "/find?tags=%7B+status+%3D+error+%7D");
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
