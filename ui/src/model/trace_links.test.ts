// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { sketchTrace } from "./test_trace";

const kFar = 999;
const { links } = sketchTrace([
  { id: 1, from: 0, to: 100 },
  { id: 2, parent: 1, from: 1, to: 10 },
  { id: 3, parent: 1, from: 2, to: 10, links: [2, 5, 2, kFar] },
  { id: 4, parent: 1, from: 3, to: 10, links: [2] },
  { id: 5, parent: 1, from: 4, to: 10 },
  { id: 5, parent: 1, from: 5, to: 10, links: [kFar] },
]);
const kRows = [0, 1, 2, 3, 4, 5];

test("the links of a span are counted, those to other traces too", () => {
  deepEqual(kRows.map((row) => links.countOf(row)), [0, 0, 4, 1, 0, 1]);
});

test("the rows that links join are known from both ends, each once", () => {
  deepEqual(kRows.map((row) => links.from(row)), [[], [], [1, 4], [1], [], []]);
  deepEqual(kRows.map((row) => links.to(row)), [[], [2, 3], [], [], [2], [2]]);
  deepEqual(kRows.map((row) => links.countTo(row)), [0, 3, 0, 0, 1, 1]);
});

test("links that all lead elsewhere join nothing", () => {
  const far = sketchTrace([{ id: 1, from: 0, to: 9, links: [kFar] }]).links;
  deepEqual([far.countOf(0), far.countTo(0), far.from(0), far.to(0)], [1, 0, [], []]);
});
