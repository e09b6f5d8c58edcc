// SPDX-License-Identifier: Apache-2.0
// What a chart shows: values over time, drawn as lines, bars or a map of cells. It knows no tracing.

export interface ChartSeries {
  readonly name: string;
  /** Index into the palette. */
  readonly color: number;
  /** One for each time; NaN for none. */
  readonly values: readonly number[];
}

/** A point of its own, such as an exemplar. */
export interface ChartPoint {
  readonly time: number;
  readonly value: number;
  /** Index of its series. */
  readonly series: number;
}

export interface ChartCells {
  /** levels[row][time], 0 for an empty cell to 7 for the fullest; the lowest row first. */
  readonly levels: readonly (readonly number[])[];
  /** Labels of the edges between rows: one more than rows. */
  readonly edges: readonly string[];
}

export interface ChartData {
  readonly kind: "line" | "bar" | "cells";
  /** Ends of the x axis, milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Right edges of the steps. */
  readonly times: readonly number[];
  readonly step: number;
  readonly series: readonly ChartSeries[];
  readonly stacked: boolean;
  readonly cells: ChartCells | undefined;
  readonly points: readonly ChartPoint[];
  /** Height of a point: of the axis for lines and bars, in rows for cells; undefined where it has no place. */
  readonly heightOf: (point: ChartPoint) => number | undefined;
  readonly axis: { readonly top: number; readonly ticks: readonly { readonly value: number; readonly label: string }[] };
}

/** What the reader points at. */
export interface ChartFocus {
  /** Index into the times, -1 for none. */
  readonly time: number;
  /** Index into the points, -1 for none. */
  readonly point: number;
  /** Index of the series that stands out, -1 for none. */
  readonly series: number;
  /** Row of the cell, -1 for none. */
  readonly row: number;
}

export const kNoFocus: ChartFocus = { time: -1, point: -1, series: -1, row: -1 };

/** Sums of the series below each, for bars that stand on each other. */
export function stackOf(series: readonly ChartSeries[], times: number): readonly (readonly number[])[] {
  const height = new Array<number>(times).fill(0);
  return series.map(({ values }) => {
    const below = [...height];
    values.forEach((value, at) => (height[at]! += value > 0 ? value : 0));
    return below;
  });
}

/** The largest height that is drawn. */
export function largestOf(series: readonly ChartSeries[], times: number, stacked: boolean): number {
  const below = stacked ? stackOf(series, times) : undefined;
  let most = 0;
  series.forEach(({ values }, index) => values.forEach((value, at) => {
    if (value > 0) most = Math.max(most, value + (below?.[index]?.[at] ?? 0));
  }));
  return most;
}
