// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { findSpans } from "./find_spans";
import { foldsFromText, foldsToText } from "./folds";
import type { ShownTrace } from "./shown_trace";
import { groupFacts } from "./sibling_groups";
import { kDemoSpans, sketchTrace, type SpanSketch } from "./test_trace";
import { groupOfRow, isGroup, type RowRules, traceRows, withAncestors } from "./trace_rows";

/** A root with six reads and a write between them; the third read has a child. */
const kReads: readonly SpanSketch[] = [
  { id: 1, from: 0, to: 100, name: "root" },
  ...Array.from({ length: 6 }, (_, index) => ({ id: 10 + index, parent: 1, name: "read", from: 10 * index, to: 10 * index + index + 1, error: index === 5 })),
  { id: 20, parent: 1, name: "write", from: 15, to: 18 },
  { id: 30, parent: 12, name: "inner", from: 20, to: 21 },
];

function rowsOf(trace: ShownTrace, rules: Partial<RowRules> = {}): readonly string[] {
  const { data } = trace;
  const { rows, levels } = traceRows(data.columns, {
    from: 0, to: trace.count, folded: new Uint8Array(trace.count), groups: data.groups,
    opened: new Uint8Array(data.groups.total.length), kept: undefined, ...rules,
  });
  return Array.from(rows, (row, at) => `${levels[at]} ${isGroup(row) ? `group ${groupOfRow(row)}` : trace.name(row)}`);
}

test("five or more like siblings are one row, where the first of them stands", () => {
  const trace = sketchTrace(kReads);
  deepEqual(rowsOf(trace), ["0 root", "1 group 0", "1 write"]);
  deepEqual(rowsOf(trace, { groups: undefined }).length, 9);
  const { groups, columns } = trace.data;
  deepEqual({ ...groupFacts(groups, columns, 0) }, { count: 6, p95: 6, longest: 8, from: 0, to: 56 });
  equal(groups.total[0], 21);
  equal(groups.errors[0], 1);
});

test("an open group has its members below it, and theirs below them", () => {
  const trace = sketchTrace(kReads);
  deepEqual(rowsOf(trace, { opened: new Uint8Array([1]) }),
    ["0 root", "1 group 0", "2 read", "2 read", "2 read", "3 inner", "2 read", "2 read", "2 read", "1 write"]);
});

test("a span without a row knows the row that stands for it", () => {
  const trace = sketchTrace(kReads);
  const { data } = trace;
  const rules = { from: 0, to: trace.count, groups: data.groups, opened: new Uint8Array(1), kept: undefined };
  const grouped = traceRows(data.columns, { ...rules, folded: new Uint8Array(trace.count) });
  deepEqual([...grouped.rowOf], [0, 1, 1, 2, 1, 1, 1, 1, 1]);
  const folded = new Uint8Array(trace.count);
  folded[0] = 1;
  deepEqual([...traceRows(data.columns, { ...rules, folded }).rowOf], new Array(9).fill(0));
});

test("a subtree alone begins at level 0", () => {
  const trace = sketchTrace(kDemoSpans);
  deepEqual(rowsOf(trace, { from: 4 }), ["0 other_uservice_call", "1 handle_incoming_call", "2 database_call"]);
});

test("matches are shown with what is above them and nothing else", () => {
  const trace = sketchTrace(kReads);
  const found = findSpans(trace, "inner");
  equal(found.count, 1);
  deepEqual(rowsOf(trace, { groups: undefined, kept: withAncestors(trace.data.columns, found.matches) }), ["0 root", "1 read", "2 inner"]);
});

test("folds go into the address and come back", () => {
  const trace = sketchTrace(kDemoSpans);
  const folds = foldsFromText("0000000000000003.00000000000000ff", trace);
  deepEqual([...folds], [0, 0, 1, 0, 0, 0, 0]);
  equal(foldsToText(folds, trace), "0000000000000003");
  equal(foldsToText(new Uint8Array(7), trace), undefined);
  equal(foldsToText(foldsFromText("all", trace), trace), "all");
  deepEqual([...foldsFromText("all-0000000000000001", trace)], [0, 1, 1, 1, 1, 1, 0]);
  equal(foldsToText(foldsFromText("all-0000000000000001", trace), trace), "all-0000000000000001");
});
