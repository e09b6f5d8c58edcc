// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { buildSpanTree, unfoldTo, visibleRows } from "./span_tree";
import { kDemoSpans, sketchSpan, type SpanSketch } from "./test_spans";

const outline = (sketches: readonly SpanSketch[]): readonly string[] =>
  buildSpanTree(sketches.map(sketchSpan)).nodes.map(
    ({ key, level, orphan }) => `${".".repeat(level - 1)}${key}${orphan ? " orphan" : ""}`,
  );

test("a span tree of the demo is seven levels deep and loses no span", () => {
  const tree = buildSpanTree(kDemoSpans);
  deepEqual(tree.nodes.map(({ key }) => key), ["1", "2", "3", "4", "5", "6", "7"]);
  equal(tree.depth, 7);
  equal(tree.length, 1_240_000_000);
  deepEqual(tree.nodes.map(({ descendants }) => descendants), [6, 5, 4, 3, 2, 1, 0]);
});

test("self time of the demo is the total without what the child covers", () => {
  const selves = buildSpanTree(kDemoSpans).nodes.map(({ selfTime }) => selfTime);
  deepEqual(selves, [410_000, 1_090_000, 500_000, 149_400_000, 2_300_000, 400_000, 1_085_900_000]);
  equal(selves.reduce((sum, self) => sum + self, 0), 1_240_000_000);
});

test("siblings are in the order of their start, the longer first", () => {
  const shown = outline([
    { id: "root", from: 0, to: 100 },
    { id: "late", parent: "root", from: 50, to: 60 },
    { id: "short", parent: "root", from: 10, to: 20 },
    { id: "long", parent: "root", from: 10, to: 90 },
  ]);
  deepEqual(shown, ["root", ".long", ".short", ".late"]);
});

test("a span without its parent becomes a root, after the true root", () => {
  const shown = outline([
    { id: "lost", parent: "gone", from: 0, to: 10 },
    { id: "child", parent: "lost", from: 2, to: 4 },
    { id: "root", from: 5, to: 9 },
  ]);
  deepEqual(shown, ["root", "lost orphan", ".child"]);
});

test("a circle is cut above its earliest span", () => {
  const shown = outline([
    { id: "a", parent: "c", from: 3, to: 9 },
    { id: "b", parent: "a", from: 1, to: 9 },
    { id: "c", parent: "b", from: 2, to: 9 },
    { id: "self", parent: "self", from: 7, to: 8 },
  ]);
  deepEqual(shown, ["b orphan", ".c", "..a", "self orphan"]);
});

test("spans that share an id are all kept", () => {
  const shown = outline([
    { id: "x", from: 0, to: 10 },
    { id: "x", from: 2, to: 8 },
    { id: "y", parent: "x", from: 3, to: 4 },
  ]);
  deepEqual(shown, ["x", ".x~1", ".y"]);
});

test("no spans make an empty tree", () => {
  equal(buildSpanTree([]).nodes.length, 0);
});

test("a chain of 100 000 spans does not overflow the stack", () => {
  const count = 100_000;
  const chain = Array.from({ length: count }, (_, i) =>
    sketchSpan({ id: `${i}`, ...(i > 0 ? { parent: `${i - 1}` } : {}), from: i, to: 2 * count - i }),
  );
  const tree = buildSpanTree(chain);
  equal(tree.depth, count);
  equal(tree.nodes[0]?.descendants, count - 1);
});

test("folded rows hide their descendants and nothing else", () => {
  const { nodes } = buildSpanTree(kDemoSpans);
  deepEqual(visibleRows(nodes, new Set(["4"])), [0, 1, 2, 3]);
  deepEqual(visibleRows(nodes, new Set(["7"])), [0, 1, 2, 3, 4, 5, 6]);
});

test("unfolding to a span opens its ancestors alone", () => {
  const { nodes } = buildSpanTree(kDemoSpans);
  deepEqual([...unfoldTo(nodes, new Set(["2", "4", "6"]), 4)], ["6"]);
});
