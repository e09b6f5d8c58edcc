// SPDX-License-Identifier: Apache-2.0
// Siblings that do the same are one row until they are looked at: five or more of one service, name and kind
// below the same span, wherever they stand among the others. A group stands where its first member does.
import type { TraceColumns } from "./trace_columns";

export const kLeastGroup = 5;
export const kNoGroup = 0xffffffff;

export interface SiblingGroups {
  /** Of each row: the group it is a member of, or kNoGroup. */
  readonly groupOf: Uint32Array;
  /** The members of group g are those from `first[g]` up to `first[g + 1]`, in the order of rows. */
  readonly first: Uint32Array;
  readonly members: Uint32Array;
  /** Of each group: the time of all members, and how many are errors. */
  readonly total: Float64Array;
  readonly errors: Uint32Array;
}

export function siblingGroups(columns: TraceColumns): SiblingGroups {
  const { count, subtree } = columns;
  const groupOf = new Uint32Array(count).fill(kNoGroup);
  const lists: number[][] = [];
  const visit = (begin: number, end: number): void => {
    for (const list of alikeIn(columns, begin, end)) {
      for (const row of list) groupOf[row] = lists.length;
      lists.push(list);
    }
  };
  visit(0, count);
  for (let row = 0; row < count; ++row) if (subtree[row]! > kLeastGroup) visit(row + 1, row + subtree[row]!);
  return { groupOf, ...listed(columns, lists) };
}

/** The lists of like siblings that are long enough, of those that begin at `begin` and end before `end`. */
function alikeIn({ subtree, service, name, kind, parent }: TraceColumns, begin: number, end: number): readonly number[][] {
  if (subtree[begin]! + begin === end) return [];
  const byKey = new Map<string, number[]>();
  for (let row = begin; row < end; row += subtree[row]!) {
    if (parent[row] !== parent[begin]) break;
    const key = `${service[row]} ${name[row]} ${kind[row]}`;
    const list = byKey.get(key);
    if (list) list.push(row);
    else byKey.set(key, [row]);
  }
  return [...byKey.values()].filter(({ length }) => length >= kLeastGroup);
}

function listed({ duration, status }: TraceColumns, lists: readonly number[][]): Omit<SiblingGroups, "groupOf"> {
  const first = new Uint32Array(lists.length + 1);
  const members = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0));
  const total = new Float64Array(lists.length);
  const errors = new Uint32Array(lists.length);
  let used = 0;
  lists.forEach((list, group) => {
    for (const row of list) {
      members[used++] = row;
      total[group]! += duration[row]!;
      if (status[row] === 2) ++errors[group]!;
    }
    first[group + 1] = used;
  });
  return { first, members, total, errors };
}

export interface GroupFacts {
  readonly count: number;
  readonly p95: number;
  readonly longest: number;
  readonly from: number;
  readonly to: number;
}

/** What is said of a group: its p95, its longest member and from when to when. */
export function groupFacts({ first, members }: SiblingGroups, { start, duration }: TraceColumns, group: number): GroupFacts {
  const rows = members.subarray(first[group], first[group + 1]);
  const sorted = Float64Array.from(rows, (row) => duration[row]!).sort();
  let longest = rows[0]!;
  let from = Infinity;
  let to = 0;
  for (const row of rows) {
    if (duration[row]! > duration[longest]!) longest = row;
    from = Math.min(from, start[row]!);
    to = Math.max(to, start[row]! + duration[row]!);
  }
  const p95 = sorted[Math.min(sorted.length - 1, Math.ceil(0.95 * sorted.length) - 1)] ?? 0;
  return { count: rows.length, p95, longest, from, to };
}
