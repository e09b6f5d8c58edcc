// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { type SpanSketch, sketchTrace } from "./test_trace";
import { TracePair } from "./trace_pair";

const kA: readonly SpanSketch[] = [
  { id: 1, service: "shop", name: "POST", from: 0, to: 100 },
  { id: 2, parent: 1, service: "cart", name: "GET", from: 5, to: 10 },
  { id: 3, parent: 1, service: "pay", name: "charge", from: 20, to: 90, error: true },
  { id: 4, parent: 3, service: "pay", name: "SELECT", from: 30, to: 80 },
  { id: 5, parent: 1, service: "cart", name: "GET", from: 92, to: 94 },
  { id: 6, parent: 1, service: "mail", name: "send", from: 95, to: 99 },
];
const kB: readonly SpanSketch[] = [
  { id: 11, service: "shop", name: "POST", from: 0, to: 40 },
  { id: 12, parent: 11, service: "cart", name: "GET", from: 5, to: 11 },
  { id: 13, parent: 11, service: "tax", name: "rate", from: 12, to: 14 },
  { id: 14, parent: 11, service: "pay", name: "charge", from: 20, to: 35 },
  { id: 15, parent: 14, service: "pay", name: "SELECT", from: 22, to: 24 },
  { id: 16, parent: 14, service: "pay", name: "SELECT", from: 25, to: 30 },
];

function lines(pair: TracePair, rows: Iterable<number>): readonly string[] {
  return Array.from(rows, (row) => {
    const [a, b] = [pair.durationInA(row), pair.durationInB(row)];
    return `${"  ".repeat(pair.rows.depth[row]!)}${pair.label(row)} ${a ?? "none"} ${b ?? "none"}`;
  });
}

const kMerged: readonly string[] = [
  "shop POST 100 40",
  "  cart GET 5 6",
  "  tax rate none 2",
  "  pay charge 70 15",
  "    pay SELECT 50 2",
  "    pay SELECT none 5",
  "  cart GET 2 none",
  "  mail send 4 none",
];

test("spans match by parents, service, name and order; the others stand where they were", () => {
  const pair = new TracePair(sketchTrace(kA), sketchTrace(kB));
  deepEqual(lines(pair, pair.visible(new Set(), 0)), kMerged);
  deepEqual(Array.from(pair.rows.subtree), [8, 1, 1, 3, 1, 1, 1, 1]);
  deepEqual([0, 3, 5, 7].map((row) => pair.difference(row)), [60, 55, -5, 4]);
  deepEqual([pair.failedInA(3), pair.failedInB(3), pair.length], [true, false, 100]);
});

test("the other way round only the sides change", () => {
  const pair = new TracePair(sketchTrace(kB), sketchTrace(kA));
  deepEqual([...lines(pair, pair.visible(new Set(), 0))].sort(), kMerged.map((line) => line.replace(/(\S+) (\S+)$/, "$2 $1")).sort());
});

test("a trace differs from itself by nothing", () => {
  const pair = new TracePair(sketchTrace(kA), sketchTrace(kA));
  equal(pair.rows.count, kA.length);
  deepEqual(Array.from(pair.changes), [0, 0, 0, 0, 0, 0]);
});

test("of what differs enough all that is above it is seen, and nothing below what is folded", () => {
  const pair = new TracePair(sketchTrace(kA), sketchTrace(kB));
  deepEqual(lines(pair, pair.visible(new Set(), 40)), [0, 3, 4].map((row) => kMerged[row]!));
  deepEqual(lines(pair, pair.visible(new Set([3]), 0)), kMerged.filter((line) => !line.startsWith("    ")));
  deepEqual([0, 2, 4].map((row) => pair.parent(row)), [-1, 0, 3]);
});

test("a row is found by the span of either trace", () => {
  const pair = new TracePair(sketchTrace(kA), sketchTrace(kB));
  const id = (number: number): string => number.toString(16).padStart(16, "0");
  deepEqual([pair.find(id(4), ""), pair.find("", id(13)), pair.find(id(99), id(15)), pair.find(id(99), "")], [4, 2, 4, -1]);
});

test("roots that nothing joins, and chains deeper than calls can be, are merged too", () => {
  const chain = (length: number): SpanSketch[] =>
    Array.from({ length }, (_, at) => ({ id: at + 1, ...(at > 0 ? { parent: at } : {}), service: "deep", name: "call", from: at, to: 2 * length - at }));
  const pair = new TracePair(sketchTrace([...chain(300), { id: 900, service: "alone", from: 1, to: 2 }]), sketchTrace(chain(299)));
  equal(pair.rows.count, 301);
  deepEqual([pair.rows.depth[299], pair.rows.b[299], pair.rows.depth[300], pair.label(300)], [299, -1, 0, "alone span 900"]);
});
