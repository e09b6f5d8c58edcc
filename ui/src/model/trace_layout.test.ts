// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { kOverviewCells } from "./overview";
import { assignColors, hashedColor, kRestColor } from "./service_color";
import { selfParts } from "./self_parts";
import { spanBar } from "./span_bar";
import { buildSpanTree } from "./span_tree";
import { kDemoSpans, sketchSpan } from "./test_spans";
import { layoutTrace } from "./trace_layout";
import { factsSentence, mostSelfTime, nextError } from "./trace_facts";

const demo = layoutTrace(kDemoSpans)!;

test("the demo's sentence names its largest self time", () => {
  deepEqual(factsSentence(demo.tree, demo.facts), ["1.24\u202fs.", "uservice4 database_call", "1\u202f086\u202fms"]);
  equal(demo.facts.serviceCount, 3);
  equal(demo.facts.errorCount, 1);
  deepEqual(mostSelfTime(demo.tree.nodes, 2), [6, 3]);
});

test("self time is summed by service and name, the rest told as one", () => {
  const { parts, rest, restCount, total } = selfParts(demo.tree, demo.colors, 2);
  deepEqual(parts.map(({ service, name, selfTime }) => [service, name, selfTime]), [
    ["uservice4", "database_call", 1_085_900_000], ["uservice3", "redis_call", 149_400_000],
  ]);
  deepEqual([rest, restCount, total], [4_700_000, 5, 1_240_000_000]);
});

test("a trace without spans has no layout", () => {
  equal(layoutTrace([]), undefined);
});

test("the next error goes round the end", () => {
  equal(nextError(demo.tree.nodes, 2), 2);
  equal(nextError(demo.tree.nodes, 6), 2);
  equal(nextError(buildSpanTree([sketchSpan({ id: "a", from: 0, to: 1 })]).nodes, 0), -1);
});

test("the demo's services keep their colours", () => {
  deepEqual([...demo.colors].sort(), [["traefik", 8], ["uservice3", 3], ["uservice4", 0]]);
});

test("colours that collide are told apart, and the larger self time keeps its own", () => {
  const names = Array.from({ length: 200 }, (_, i) => `svc-${i}`).filter((name) => hashedColor(name) === 5);
  const [small, large] = [names[0]!, names[1]!];
  const { nodes } = buildSpanTree([
    sketchSpan({ id: "a", service: small, from: 0, to: 10 }),
    sketchSpan({ id: "b", service: large, from: 20, to: 90 }),
  ]);
  const colors = assignColors(nodes);
  equal(colors.get(large), 5);
  equal(colors.get(small), 6);
});

test("services past the twelfth share grey", () => {
  const spans = Array.from({ length: 14 }, (_, i) => sketchSpan({ id: `${i}`, service: `svc-${i}`, from: 0, to: 100 - i }));
  const layout = layoutTrace(spans)!;
  equal(new Set(layout.colors.values()).size, 12);
  equal(layout.colors.has("svc-13"), false);
  equal(layout.lanes[0]?.bars.every(({ color }) => color <= kRestColor), true);
});

test("the overview has a lane for each level, the error at its start", () => {
  equal(demo.lanes.length, 7);
  deepEqual(demo.lanes[0]?.bars, [{ color: 8, error: false, from: 0, to: 1000 }]);
  deepEqual(demo.lanes[2]?.bars[0], { color: 3, error: true, from: 0, to: 6 });
});

test("a deep overview begins at the first level that branches", () => {
  const chain = Array.from({ length: 20 }, (_, i) =>
    sketchSpan({ id: `${i}`, ...(i > 0 ? { parent: `${i - 1}` } : {}), from: i, to: 100 - i }),
  );
  const branch = sketchSpan({ id: "branch", parent: "3", from: 50, to: 60 });
  const lanes = layoutTrace([...chain, branch])!.lanes;
  deepEqual(lanes.map(({ level }) => level), [5, 6, 7, 8, 9, 10, 11, 12]);
});

test("a level of 100 000 spans has no more bars than cells", () => {
  const spans = [sketchSpan({ id: "root", from: 0, to: 1_000_000 })];
  for (let i = 0; i < 100_000; ++i) {
    spans.push(sketchSpan({ id: `${i}`, parent: "root", service: `svc-${i % 9}`, from: i * 10, to: i * 10 + 7 }));
  }
  const bars = layoutTrace(spans)!.lanes[1]!.bars;
  ok(bars.length <= kOverviewCells);
  equal(bars.at(-1)?.to, kOverviewCells);
});

test("a bar says where it lies, where it is solid and where its label stands", () => {
  const bars = demo.tree.nodes.map((node) => spanBar(node, demo.tree.origin, demo.scale, 10));
  deepEqual([bars[6]?.x, bars[6]?.width, bars[6]?.label], [12.2661, 87.5726, "before"]);
  deepEqual(bars[3]?.self[0], { x: 0.0968, width: 12.0323 });
  deepEqual([bars[0]?.x, bars[0]?.width, bars[0]?.label], [0, 100, "after"]);
});

test("a label stands before its bar only where it has the room", () => {
  const label = (share: number): string => spanBar(demo.tree.nodes[6]!, demo.tree.origin, demo.scale, share).label;
  deepEqual([label(12), label(13)], ["before", "after"]);
});

test("a trace of one instant is drawn", () => {
  const layout = layoutTrace([sketchSpan({ id: "a", from: 5, to: 5 })])!;
  const bar = spanBar(layout.tree.nodes[0]!, layout.tree.origin, layout.scale, 10);
  deepEqual([bar.x, bar.width], [0, 100]);
});
