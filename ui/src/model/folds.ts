// SPDX-License-Identifier: Apache-2.0
// The folded spans as the text of a link: their keys, or, when most are folded, "all" and the keys of those
// that are open, so that the link of a large trace stays short. And how far a trace is folded by a key.
import type { ShownTrace } from "./shown_trace";
import { isGroup, type TraceRows } from "./trace_rows";

const kAll = "all";
const kBut = "-";
const kBetween = ".";
/** Longer addresses are cut by servers and chats; more folds than this are not kept in the link. */
const kMostKeys = 400;

const isFoldable = (trace: ShownTrace, row: number): boolean => trace.descendants(row) > 0;

/** 1 for each folded span. Keys that the trace does not have are left out. */
export function foldsFromText(text: string, trace: ShownTrace): Uint8Array {
  const isComplement = text === kAll || text.startsWith(kAll + kBut);
  const folds = new Uint8Array(trace.count);
  if (isComplement) for (let row = 0; row < trace.count; ++row) folds[row] = Number(isFoldable(trace, row));
  for (const key of text.slice(isComplement ? (kAll + kBut).length : 0).split(kBetween)) {
    const row = trace.find(key);
    if (row >= 0) folds[row] = Number(!isComplement && isFoldable(trace, row));
  }
  return folds;
}

/** Undefined when nothing is folded. */
export function foldsToText(folds: Uint8Array, trace: ShownTrace): string | undefined {
  const closed: number[] = [];
  const open: number[] = [];
  for (let row = 0; row < trace.count; ++row) if (isFoldable(trace, row)) (folds[row] === 1 ? closed : open).push(row);
  if (closed.length === 0) return undefined;
  const keys = (rows: readonly number[]): string => rows.slice(0, kMostKeys).map((row) => trace.keyOf(row)).join(kBetween);
  if (closed.length <= open.length) return keys(closed);
  return open.length === 0 ? kAll : kAll + kBut + keys(open);
}

/** Spans that have children and a row of their own, from the top. */
function foldableRows(trace: ShownTrace, { rows }: TraceRows): readonly number[] {
  return [...rows].filter((row) => !isGroup(row) && isFoldable(trace, row));
}

/** One level less: the innermost open spans are folded. The first row stays open: a trace of one row says nothing. */
export function foldedLevel(trace: ShownTrace, shown: TraceRows, folds: Uint8Array): Uint8Array {
  const next = folds.slice();
  const open = foldableRows(trace, shown).filter((row) => folds[row] === 0);
  open.forEach((row, at) => {
    const below = open[at + 1];
    const isInnermost = below === undefined || below > row + trace.descendants(row);
    if (isInnermost && shown.levels[shown.rowOf[row]!]! > 0) next[row] = 1;
  });
  return next;
}

/** One level more: the folded spans that are in sight are opened. */
export function unfoldedLevel(trace: ShownTrace, shown: TraceRows, folds: Uint8Array): Uint8Array {
  const next = folds.slice();
  for (const row of foldableRows(trace, shown)) next[row] = 0;
  return next;
}
