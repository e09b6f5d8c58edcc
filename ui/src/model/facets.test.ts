// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { facetFields, facetMatcher } from "./facets";

test("of each group of fields the first that is stored is a facet", () => {
  const titles = (names: readonly string[]) => facetFields(names).map(({ title }) => title);
  deepEqual(titles([]), ["Service", "Root operation", "Status"]);
  deepEqual(titles(["span.http.status_code", "resource.host.name", "resource.cloud.region"]),
    ["Service", "Root operation", "Status", "http.status_code", "cloud.region"]);
});

test("a value is asked for as what it is", () => {
  deepEqual(facetMatcher("span.a", "5", "string").value, '"5"');
  deepEqual(facetMatcher("span.a", "5", "int").value, "5");
  deepEqual(facetMatcher("status", "error", "keyword").value, "error");
});
