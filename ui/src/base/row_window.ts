// SPDX-License-Identifier: Apache-2.0
// Which rows of a long list are drawn: those in sight and a few on either side.

export interface RowWindow {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
}

const kOverscan = 12;

export function rowWindow(count: number, rowHeight: number, scrollTop: number, height: number): RowWindow {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight) - kOverscan;
  const end = Math.ceil((Math.max(0, scrollTop) + height) / rowHeight) + kOverscan;
  const clampedEnd = Math.min(count, Math.max(0, end));
  return { first: Math.min(clampedEnd, Math.max(0, first)), end: clampedEnd };
}

/** The scroll position nearest to the present one that shows the row in full. */
export function scrollToShow(index: number, rowHeight: number, scrollTop: number, height: number): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  const bottom = top + rowHeight;
  return bottom > scrollTop + height ? bottom - height : scrollTop;
}
