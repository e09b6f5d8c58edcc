// SPDX-License-Identifier: Apache-2.0
// The critical path: for each instant of the root's time one span, so that all of it adds up to the root. The
// rule is the ledger's: an instant belongs to that of the running children which finishes last, and if none runs
// to the span itself; children are clipped to their parents from the top down, and those nobody waits for, the
// consumers below a producer, are passed over. Walking backwards finds this without looking at instants:
// children are taken by their ends, the last first. One that ends before the cursor leaves a gap, which is the
// span's own; one that starts at the cursor or later was never the last. Nothing recurses, because a trace may
// be deeper than the stack.
import { kNoRow, type TraceColumns } from "./trace_columns";

const kProducer = 4;
const kConsumer = 5;

/** In order of time, without gaps. */
export interface CriticalPath {
  readonly span: Uint32Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/** The row that the path is of: the first that names no missing parent, else the first. */
export function rootRow({ count, parent, marks }: TraceColumns): number {
  for (let row = 0; row < count; ++row) if (parent[row] === kNoRow && marks[row] === 0) return row;
  return 0;
}

interface Frame {
  readonly span: number;
  readonly from: number;
  readonly to: number;
  /** Its children, those that finish last first. */
  readonly children: readonly number[];
  next: number;
  /** What lies behind it is told. */
  cursor: number;
}

function rankedChildren({ start, duration, subtree, kind }: TraceColumns, row: number, from: number, to: number): number[] {
  const children: number[] = [];
  for (let child = row + 1; child < row + subtree[row]!; child += subtree[child]!) {
    if (start[child]! >= to) break;
    if (kind[row] === kProducer && kind[child] === kConsumer) continue;
    if (start[child]! + duration[child]! > from && duration[child]! > 0) children.push(child);
  }
  if (children.length < 2) return children;
  const end = (child: number): number => start[child]! + duration[child]!;
  const rank = (a: number, b: number): number =>
    Math.min(end(b), to) - Math.min(end(a), to) || Number(end(a) > to) - Number(end(b) > to) || start[a]! - start[b]! || a - b;
  return children.sort(rank);
}

export function criticalPath(columns: TraceColumns): CriticalPath {
  const { start, duration } = columns;
  const spans: number[] = [];
  const times: number[] = []; // from, to; the last first
  const frames: Frame[] = [];
  const enter = (span: number, from: number, to: number, cursor: number): void => {
    frames.push({ span, from, to, children: rankedChildren(columns, span, from, to), next: 0, cursor });
  };
  const own = (frame: Frame, from: number): void => {
    if (from >= frame.cursor) return;
    spans.push(frame.span);
    times.push(from, frame.cursor);
    frame.cursor = from;
  };
  const root = rootRow(columns);
  const end = start[root]! + duration[root]!;
  enter(root, start[root]!, end, end);
  for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
    const { children, from, to } = frame;
    while (frame.next < children.length && start[children[frame.next]!]! >= frame.cursor) ++frame.next;
    const child = children[frame.next++];
    if (child === undefined) {
      own(frame, from);
      frames.pop();
      continue;
    }
    const part = { from: Math.max(from, start[child]!), to: Math.min(to, start[child]! + duration[child]!) };
    own(frame, part.to);
    const { cursor } = frame;
    frame.cursor = Math.min(cursor, part.from);
    enter(child, part.from, part.to, cursor);
  }
  return pathOf(spans, times);
}

function pathOf(spans: readonly number[], times: readonly number[]): CriticalPath {
  const count = spans.length;
  const path = { span: new Uint32Array(count), from: new Float64Array(count), to: new Float64Array(count) };
  for (let at = 0; at < count; ++at) {
    const last = count - 1 - at;
    path.span[at] = spans[last]!;
    path.from[at] = times[2 * last]!;
    path.to[at] = times[2 * last + 1]!;
  }
  return path;
}

/** How much of the path each row owns. */
export function pathTimes({ span, from, to }: CriticalPath, count: number): Float64Array {
  const times = new Float64Array(count);
  for (let at = 0; at < span.length; ++at) times[span[at]!]! += to[at]! - from[at]!;
  return times;
}
