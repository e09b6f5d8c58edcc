// SPDX-License-Identifier: Apache-2.0
// Which rows of a long list are drawn: those in sight and some on either side. They change in steps of several
// rows, so that most frames of a scroll draw nothing at all.

export interface RowWindow {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
}

export const kRowStep = 16;

export function rowWindow(count: number, rowHeight: number, scrollTop: number, height: number): RowWindow {
  const top = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const first = Math.floor(top / kRowStep - 1) * kRowStep;
  const end = Math.ceil((top + height / rowHeight) / kRowStep + 1) * kRowStep;
  const clampedEnd = Math.min(count, Math.max(0, end));
  return { first: Math.min(clampedEnd, Math.max(0, first)), end: clampedEnd };
}

export function rowsInSight(count: number, rowHeight: number, scrollTop: number, height: number): RowWindow {
  const end = Math.min(count, Math.ceil((Math.max(0, scrollTop) + height) / rowHeight));
  return { first: Math.min(end, Math.floor(Math.max(0, scrollTop) / rowHeight)), end };
}

/** What of the wanted rows is there next: what is in sight in any case, and `more` of the others. */
export function nextRows(drawn: RowWindow, sight: RowWindow, wanted: RowWindow, more: number): RowWindow {
  const apart = drawn.end <= sight.first || drawn.first >= sight.end;
  const first = apart ? sight.first : Math.min(sight.first, Math.max(drawn.first, wanted.first));
  const end = apart ? sight.end : Math.max(sight.end, Math.min(drawn.end, wanted.end));
  const below = Math.min(more, wanted.end - end);
  return { first: Math.max(wanted.first, first - (more - below)), end: end + below };
}

/** The rows in sight alone, no more of them than a page has room for. */
export function printedRows(count: number, rowHeight: number, scrollTop: number, height: number, most: number): RowWindow {
  const first = Math.max(0, Math.min(count, Math.floor(scrollTop / rowHeight)));
  return { first, end: Math.min(count, first + Math.min(most, Math.ceil(height / rowHeight))) };
}

/** The scroll position nearest to the present one that shows the row in full. */
export function scrollToShow(index: number, rowHeight: number, scrollTop: number, height: number): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  const bottom = top + rowHeight;
  return bottom > scrollTop + height ? bottom - height : scrollTop;
}

/** Where the rows in sight change: not at every pixel. */
export function inSteps(scrollTop: number, rowHeight: number): number {
  const step = kRowStep * rowHeight;
  return Math.floor(scrollTop / step) * step;
}
