// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { facetField, facetFields, facetMatcher } from "./facets";

test("a facet is of the first field of its group that has values", () => {
  const titles = (names: readonly string[]) => facetFields(names).map((group) => group.map(({ title }) => title).join(" or "));
  deepEqual(titles([]), ["Service", "Root operation", "Status"]);
  deepEqual(titles(["span.rpc.grpc.status_code", "span.http.status_code", "resource.cloud.region"]),
    ["Service", "Root operation", "Status", "http.status_code or rpc.grpc.status_code", "cloud.region"]);
});

test("a field that the reader added stands once, not in its group as well", () => {
  const fields = (own: readonly string[]) =>
    facetFields(["span.http.route", "span.http.target", "resource.service.version"], own).map((group) => group.map(({ field }) => field).join());
  deepEqual(fields([]).slice(3), ["span.http.route,span.http.target", "resource.service.version"]);
  deepEqual(fields(["span.http.route", "resource.service.version", "status"]), ["resource.service.name", "trace:rootName", "span.http.target"]);
  deepEqual(facetField("span.http.route"), { field: "span.http.route", title: "http.route" });
  deepEqual(facetField("kind").title, "kind");
});

test("a value is asked for as what it is", () => {
  deepEqual(facetMatcher("span.a", "5", "string").value, '"5"');
  deepEqual(facetMatcher("span.a", "5", "int").value, "5");
  deepEqual(facetMatcher("status", "error", "keyword").value, "error");
});
