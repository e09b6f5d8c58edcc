// SPDX-License-Identifier: Apache-2.0
// The self time of a span: its time minus the union of its children, each clipped to the span. Children
// that run side by side are counted once, one that outlives its parent counts only as far as the parent.

export interface Segment {
  readonly start: number;
  readonly end: number;
}

/** The parts of [start, end) that no child covers. REQUIRES: children are sorted by start. */
export function selfSegments(start: number, end: number, children: readonly Segment[]): readonly Segment[] {
  const segments: Segment[] = [];
  let free = start;
  for (const child of children) {
    if (child.start >= end) break;
    if (child.start > free) segments.push({ start: free, end: child.start });
    free = Math.max(free, child.end);
    if (free >= end) break;
  }
  if (free < end) segments.push({ start: free, end });
  return segments;
}

export function totalLength(segments: readonly Segment[]): number {
  return segments.reduce((sum, { start, end }) => sum + (end - start), 0);
}
