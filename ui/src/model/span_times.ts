// SPDX-License-Identifier: Apache-2.0
// The self time of every span: its time minus the union of its children, each clipped to it. Children that run
// side by side are counted once, one that outlives its parent counts only as far as the parent. Siblings come
// by start, so each span is looked at once, by its parent: all of it is linear.
import type { TraceColumns } from "./trace_columns";

/** Stretches of time, those of a row from `first[row]` up to `first[row + 1]`. */
export interface Stretches {
  readonly first: Uint32Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
}

export interface SelfTimes {
  readonly selfTime: Float64Array;
  /** When a span works itself. */
  readonly self: Stretches;
}

export function selfTimes({ count, start, duration, subtree }: TraceColumns): SelfTimes {
  const selfTime = new Float64Array(count);
  const first = new Uint32Array(count + 1);
  // Each child may begin one more stretch, and each span has one to begin with.
  const from = new Float64Array(2 * count);
  const to = new Float64Array(2 * count);
  let used = 0;
  for (let row = 0; row < count; ++row) {
    const end = start[row]! + duration[row]!;
    let free = start[row]!;
    const add = (until: number): void => {
      from[used] = free;
      to[used++] = until;
      selfTime[row]! += until - free;
    };
    for (let child = row + 1; child < row + subtree[row]! && free < end; child += subtree[child]!) {
      const begin = start[child]!;
      if (begin >= end) break;
      if (begin > free) add(begin);
      free = Math.max(free, begin + duration[child]!);
    }
    if (free < end) add(end);
    first[row + 1] = used;
  }
  return { selfTime, self: { first, from: from.slice(0, used), to: to.slice(0, used) } };
}
