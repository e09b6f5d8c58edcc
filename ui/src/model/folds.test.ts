// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { foldsFromText, foldsToText } from "./folds";
import { buildSpanTree } from "./span_tree";
import { kDemoSpans } from "./test_spans";

const { nodes } = buildSpanTree(kDemoSpans);

test("few folds are named", () => {
  equal(foldsToText(new Set(["3", "5"]), nodes), "3.5");
  deepEqual([...foldsFromText("3.5", nodes)], ["3", "5"]);
});

test("many folds are all but those that are open", () => {
  equal(foldsToText(new Set(["2", "3", "4", "5", "6"]), nodes), "all-1");
  deepEqual([...foldsFromText("all-1", nodes)], ["2", "3", "4", "5", "6"]);
  equal(foldsToText(new Set(["1", "2", "3", "4", "5", "6"]), nodes), "all");
  equal(foldsFromText("all", nodes).size, 6);
});

test("spans that the trace does not have, or without children, are no folds", () => {
  deepEqual([...foldsFromText("7.gone", nodes)], []);
  equal(foldsToText(new Set(), nodes), undefined);
});
