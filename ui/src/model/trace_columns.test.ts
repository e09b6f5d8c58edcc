// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal, match } from "node:assert/strict";
import { test } from "node:test";
import { columnBytes, kDemoSpans, sketchColumns } from "./test_trace";
import { TextTable } from "./text_table";
import { kNoRow, readTraceColumns } from "./trace_columns";

function wrongAfter(change: (view: DataView) => void): string {
  const buffer = columnBytes(kDemoSpans);
  change(new DataView(buffer));
  const read = readTraceColumns(buffer);
  return read.ok ? "" : read.error.message;
}

/** Where the values of a column are. */
function columnAt(view: DataView, id: number): number {
  for (let at = 32; ; at += 8 + Math.ceil(view.getUint32(at + 4, true) / 8) * 8) if (view.getUint32(at, true) === id) return at + 8;
}

test("columns are read where they lie", () => {
  const columns = sketchColumns(kDemoSpans);
  equal(columns.count, 7);
  equal(columns.origin, 1000n);
  deepEqual([...columns.parent], [kNoRow, 0, 1, 2, 3, 4, 5]);
  deepEqual([...columns.subtree], [7, 6, 5, 4, 3, 2, 1]);
  equal(columns.start[6], 152_100_000);
  const texts = new TextTable(columns.texts);
  equal(texts.at(columns.name[6]!), "database_call");
  equal(texts.at(0), "");
  equal(columns.remark, "a remark");
});

test("what is no trace is refused, whatever is wrong with it", () => {
  match(wrongAfter((view) => view.setUint8(0, 0)), /does not begin as columns/);
  match(wrongAfter((view) => view.setUint16(10, 9, true)), /newer format/);
  match(wrongAfter((view) => view.setUint32(12, 8, true)), /another length/);
  match(wrongAfter((view) => view.setUint32(24, 99, true)), /columns are missing/);
  match(wrongAfter((view) => view.setUint32(36, 1 << 30, true)), /ends within a column/);
  match(wrongAfter((view) => view.setUint32(columnAt(view, 8), 4000, true)), /out of range/);
  match(wrongAfter((view) => view.setUint32(columnAt(view, 20), 4000, true)), /ends fall/);
  equal(readTraceColumns(new ArrayBuffer(3)).ok, false);
});

test("spans that make no tree are refused", () => {
  match(wrongAfter((view) => view.setUint32(columnAt(view, 2) + 8, 5, true)), /no tree/);
  match(wrongAfter((view) => view.setUint32(columnAt(view, 3) + 24, 4, true)), /no tree/);
  match(wrongAfter((view) => view.setUint32(columnAt(view, 3) + 24, 0, true)), /no tree/);
  match(wrongAfter((view) => view.setUint32(columnAt(view, 4), 1, true)), /no tree/);
});
