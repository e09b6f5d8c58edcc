// SPDX-License-Identifier: Apache-2.0
// What of two traces the Compare page shows, as its address says it: the chosen span, whether what changed is
// shown alone, and what is folded. A row is called by the key of its span in A, "00f067aa0ba902b7", or, where only
// B has it, "b-00f067aa0ba902b7".
import { kChangesOnly } from "./compare_shown";
import type { TracePair } from "./trace_pair";

export interface PairShown {
  /** -1: none. */
  readonly row: number;
  readonly changesOnly: boolean;
  /** In the order they were folded in. */
  readonly folded: ReadonlySet<number>;
}

const kOfB = "b-";
const kBetween = ".";
/** Longer addresses are cut by servers and chats: of more folds the first ones open again. */
const kMostFolded = 400;
/** What differs by less than this share of the longer trace is no change. */
const kLeastChange = 0.01;

/** Rows are shown from this difference on, nanoseconds. */
export function leastShown(pair: TracePair, changesOnly: boolean): number {
  return changesOnly ? kLeastChange * pair.length : 0;
}

/** -1 for what neither trace has. */
export function rowFromText(text: string, pair: TracePair): number {
  return text.startsWith(kOfB) ? pair.find("", text.slice(kOfB.length)) : pair.find(text, "");
}

function textOfRow(row: number, { a, b, rows }: TracePair): string {
  const inA = rows.a[row]!;
  return inA >= 0 ? a.keyOf(inA) : kOfB + b.keyOf(rows.b[row]!);
}

/** Keys that neither trace has, or that have nothing below them, are left out. */
export function foldedFromText(text: string, pair: TracePair): ReadonlySet<number> {
  const keys = text.split(kBetween).slice(0, kMostFolded);
  return new Set(keys.map((key) => rowFromText(key, pair)).filter((row) => row >= 0 && pair.rows.subtree[row]! > 1));
}

/** The parameters; what is as by default is undefined. */
export function paramsFromShown({ row, changesOnly, folded }: PairShown, pair: TracePair): Readonly<Record<"span" | "changes" | "fold", string | undefined>> {
  return {
    span: row >= 0 ? textOfRow(row, pair) : undefined,
    changes: changesOnly ? kChangesOnly : undefined,
    fold: [...folded].map((each) => textOfRow(each, pair)).join(kBetween) || undefined,
  };
}

export function withFold(folded: ReadonlySet<number>, row: number, closed: boolean): ReadonlySet<number> {
  const others = [...folded].filter((each) => each !== row);
  return new Set(closed ? [...others, row].slice(-kMostFolded) : others);
}

/** With that row chosen, and in sight: it may be below what is folded, or too small a change. */
export function withRow({ changesOnly, folded }: PairShown, row: number, pair: TracePair): PairShown {
  const opened = new Set(folded);
  for (let above = pair.parent(row); above >= 0; above = pair.parent(above)) opened.delete(above);
  return { row, changesOnly: changesOnly && pair.changes[row]! >= leastShown(pair, true), folded: opened };
}
