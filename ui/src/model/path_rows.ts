// SPDX-License-Identifier: Apache-2.0
// The critical path by the rows of the waterfall: which stretches lie in a row, and where the path goes from one row
// to another. A path may have as many stretches as the trace has spans, so this is made once and not in each frame.
import type { CriticalPath } from "./critical_path";
import type { TraceRows } from "./trace_rows";

/** The stretches of row r are `stretches[first[r]]` to before `stretches[first[r + 1]]`, in the order of the path. */
export interface PathRows {
  readonly first: Uint32Array;
  readonly stretches: Uint32Array;
}

const known = new WeakMap<TraceRows, PathRows>();

export function pathRows(path: CriticalPath, shown: TraceRows): PathRows {
  const before = known.get(shown);
  if (before) return before;
  const made = stretchesByRow(path, shown);
  known.set(shown, made);
  return made;
}

function stretchesByRow({ span }: CriticalPath, { rows, rowOf }: TraceRows): PathRows {
  const first = new Uint32Array(rows.length + 1);
  for (const owner of span) {
    const row = rowOf[owner]!;
    if (row >= 0) ++first[row + 1]!;
  }
  for (let row = 0; row < rows.length; ++row) first[row + 1]! += first[row]!;
  const next = first.slice();
  const stretches = new Uint32Array(first[rows.length]!);
  span.forEach((owner, at) => {
    const row = rowOf[owner]!;
    if (row >= 0) stretches[next[row]!++] = at;
  });
  return { first, stretches };
}

/** At `at` the path goes from one row to another. */
export interface Upright {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

interface KnownUprights {
  readonly start: number;
  readonly end: number;
  readonly uprights: readonly Upright[];
}

const knownUprights = new WeakMap<TraceRows, KnownUprights>();

/** Where the path is handed on in [start, end], by owners of a stretch of at least the 190th part of it. */
export function pathUprights(path: CriticalPath, shown: TraceRows, start: number, end: number): readonly Upright[] {
  const before = knownUprights.get(shown);
  if (before?.start === start && before.end === end) return before.uprights;
  const uprights = findUprights(path, shown, start, end);
  knownUprights.set(shown, { start, end, uprights });
  return uprights;
}

function findUprights({ span, from, to }: CriticalPath, { rowOf }: TraceRows, start: number, end: number): Upright[] {
  const least = (end - start) / 190;
  const uprights: Upright[] = [];
  let last = -1;
  for (let at = 0; at < span.length; ++at) {
    if (to[at]! - from[at]! < least || to[at]! < start) continue;
    if (from[at]! > end) break;
    const row = rowOf[span[at]!]!;
    if (row < 0) continue;
    if (last >= 0 && last !== row && from[at]! >= start) uprights.push({ at: from[at]!, from: last, to: row });
    last = row;
  }
  return uprights;
}
