// SPDX-License-Identifier: Apache-2.0
// Where on the canvas the chart lies, and the way from values to pixels and back.
import type { ChartData } from "./chart_model";

export interface PlotArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export const kMarginLeft = 64;
const kMarginRight = 8;
const kMarginTop = 12;
const kMarginBottom = 24;

export function plotArea(width: number, height: number): PlotArea {
  return {
    left: kMarginLeft,
    top: kMarginTop,
    width: Math.max(1, width - kMarginLeft - kMarginRight),
    height: Math.max(1, height - kMarginTop - kMarginBottom),
  };
}

export function xOf(data: ChartData, area: PlotArea, time: number): number {
  const length = data.to - data.from;
  return area.left + (length > 0 ? ((time - data.from) / length) * area.width : 0);
}

export function timeAt(data: ChartData, area: PlotArea, x: number): number {
  const share = Math.min(1, Math.max(0, (x - area.left) / area.width));
  return data.from + share * (data.to - data.from);
}

/** Of a height in the units of the axis, or in rows. */
export function yOf(data: ChartData, area: PlotArea, height: number): number {
  const top = data.cells ? data.cells.levels.length : data.axis.top;
  return area.top + area.height - (top > 0 ? height / top : 0) * area.height;
}

/** The step of the chart that lies under the pixel; -1 when there is none. */
export function stepAt(data: ChartData, area: PlotArea, x: number): number {
  const time = timeAt(data, area, x);
  // Cells and bars fill the step before their time; points of lines stand at it.
  const wanted = data.kind === "line" ? time : time + data.step / 2;
  let best = -1;
  data.times.forEach((candidate, at) => {
    if (best < 0 || Math.abs(candidate - wanted) < Math.abs(data.times[best]! - wanted)) best = at;
  });
  return best;
}

/** The point within reach of the pixel that is nearest; -1 for none. */
export function pointAt(data: ChartData, area: PlotArea, x: number, y: number, reach: number): number {
  let best = -1;
  let least = reach * reach;
  data.points.forEach((point, index) => {
    const height = data.heightOf(point);
    if (height === undefined) return;
    const distance = (xOf(data, area, point.time) - x) ** 2 + (yOf(data, area, height) - y) ** 2;
    if (distance <= least) [best, least] = [index, distance];
  });
  return best;
}

/** The series whose line passes nearest, or whose bar is hit; -1 for none. */
export function seriesAt(data: ChartData, area: PlotArea, time: number, y: number): number {
  if (data.cells || time < 0) return -1;
  let best = -1;
  let least = data.kind === "line" ? 24 : Infinity;
  let below = 0;
  data.series.forEach(({ values }, index) => {
    const value = values[time];
    if (value === undefined || Number.isNaN(value)) return;
    if (data.kind === "bar" && data.stacked) {
      const [bottom, top] = [yOf(data, area, below), yOf(data, area, below + value)];
      below += Math.max(0, value);
      if (y <= bottom && y >= top) [best, least] = [index, 0];
      return;
    }
    const distance = Math.abs(yOf(data, area, value) - y);
    if (distance < least) [best, least] = [index, distance];
  });
  return data.kind === "bar" && data.stacked && least > 0 ? -1 : best;
}

export function rowAt(data: ChartData, area: PlotArea, y: number): number {
  const rows = data.cells?.levels.length ?? 0;
  const row = Math.floor(((area.top + area.height - y) / area.height) * rows);
  return row >= 0 && row < rows ? row : -1;
}
