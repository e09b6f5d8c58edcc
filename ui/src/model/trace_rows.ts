// SPDX-License-Identifier: Apache-2.0
// Which rows the waterfall has when some subtrees are folded, like siblings are one row, and perhaps only matches
// are shown. A row is a span, or a group of siblings, written as its number with the highest bit set. Every span
// that has no row knows the row that stands for it: what it is folded into.
import { kNoGroup, type SiblingGroups } from "./sibling_groups";
import type { TraceColumns } from "./trace_columns";

export const kGroupBit = 0x80000000;
export const isGroup = (row: number): boolean => row >= kGroupBit;
export const groupOfRow = (row: number): number => row - kGroupBit;

export interface RowRules {
  /** The subtree that is shown; 0 up to the count for all. */
  readonly from: number;
  readonly to: number;
  /** 1 for each span whose subtree is folded. */
  readonly folded: Uint8Array;
  /** Undefined: siblings are not folded. */
  readonly groups: SiblingGroups | undefined;
  /** 1 for each group that is looked into. */
  readonly opened: Uint8Array;
  /** 1 for each span that may be shown; undefined: all. */
  readonly kept: Uint8Array | undefined;
}

export interface TraceRows {
  readonly rows: Uint32Array;
  /** By row: how deep it stands, 0 at the top. */
  readonly levels: Uint32Array;
  /** By span: the row it is on or folded into; -1: it is not shown. */
  readonly rowOf: Int32Array;
}

/** Spans [at, end) that are still to be shown, so much deeper than they are. */
interface Range {
  at: number;
  readonly end: number;
  readonly shift: number;
  /** The group that its first span is a member of and that is open. */
  readonly within: number;
}

export function traceRows({ count, subtree, depth }: TraceColumns, rules: RowRules): TraceRows {
  const rows = new Uint32Array(count + (rules.groups?.total.length ?? 0));
  const levels = new Uint32Array(rows.length);
  const rowOf = new Int32Array(count).fill(-1);
  const { groups, kept } = rules;
  const top = depth[rules.from] ?? 0;
  let used = 0;
  const add = (row: number, level: number): number => {
    rows[used] = row;
    levels[used] = level - top;
    return used++;
  };
  const pending: Range[] = [{ at: rules.from, end: rules.to, shift: 0, within: kNoGroup }];
  for (let range = pending.at(-1); range; range = pending.at(-1)) {
    if (range.at >= range.end) {
      pending.pop();
      continue;
    }
    const span = range.at;
    const after = span + subtree[span]!;
    const group = groups ? groups.groupOf[span]! : kNoGroup;
    if (groups && group !== kNoGroup && group !== range.within) {
      range.at = after;
      if (span === groups.members[groups.first[group]!]) showGroup(group, range);
      continue;
    }
    if (kept && kept[span] === 0) {
      range.at = after;
      continue;
    }
    const row = add(span, depth[span]! + range.shift);
    const folded = rules.folded[span] === 1 && after > span + 1;
    if (folded) rowOf.fill(row, span, after);
    else rowOf[span] = row;
    range.at = folded ? after : span + 1;
  }
  return { rows: rows.slice(0, used), levels: levels.slice(0, used), rowOf };

  function showGroup(group: number, range: Range): void {
    const members = groups!.members.subarray(groups!.first[group], groups!.first[group + 1]);
    if (kept && !members.some((member) => kept[member] === 1)) return;
    const row = add(group + kGroupBit, depth[members[0]!]! + range.shift);
    if (rules.opened[group] === 0) {
      for (const member of members) rowOf.fill(row, member, member + subtree[member]!);
      return;
    }
    for (let at = members.length - 1; at >= 0; --at) {
      const member = members[at]!;
      pending.push({ at: member, end: member + subtree[member]!, shift: range.shift + 1, within: group });
    }
  }
}

/** The spans of a set and all above them, within which a search shows them. */
export function withAncestors({ count, parent }: TraceColumns, wanted: Uint8Array): Uint8Array {
  const kept = wanted.slice();
  for (let row = count - 1; row >= 0; --row) {
    const above = parent[row]!;
    if (kept[row] === 1 && above < count) kept[above] = 1;
  }
  return kept;
}
