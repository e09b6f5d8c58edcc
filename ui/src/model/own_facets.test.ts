// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { kMostOwnFacets, ownFacetsOf, withOwnFacet } from "./own_facets";

test("a field becomes a facet behind those there are, and is taken away by the same", () => {
  deepEqual(withOwnFacet(["kind"], "span.a"), ["kind", "span.a"]);
  deepEqual(withOwnFacet(["kind", "span.a"], "kind"), ["span.a"]);
});

test("more facets than are asked for are not added, and all can be taken away", () => {
  const full = Array.from({ length: kMostOwnFacets }, (_, at) => `span.${at}`);
  deepEqual(withOwnFacet(full, "kind"), full);
  deepEqual(withOwnFacet(full, "span.0"), full.slice(1));
});

test("what this page did not write is no facet", () => {
  for (const text of [null, "", "{", "{}", "5"]) deepEqual(ownFacetsOf(text), []);
  deepEqual(ownFacetsOf('["span.a", 5, null, "", "span.a", "kind"]'), ["span.a", "kind"]);
  deepEqual(ownFacetsOf(JSON.stringify(Array.from({ length: 50 }, (_, at) => `span.${at}`))).length, kMostOwnFacets);
});
