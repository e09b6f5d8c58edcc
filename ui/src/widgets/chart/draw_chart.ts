// SPDX-License-Identifier: Apache-2.0
// Draws a chart: rules and labels, then the values, then the points, then what the reader points at. Edges
// lie on whole pixels; in a crowd the series that stands out is drawn in full and last, the others pale.
import { clockTicks } from "../../base/clock_axis";
import { type ChartData, type ChartFocus, type ChartSeries, stackOf } from "./chart_model";
import type { Palette } from "./palette";
import { type PlotArea, xOf, yOf } from "./plot_area";

export interface Brush {
  readonly from: number;
  readonly to: number;
}

interface Drawing {
  readonly context: CanvasRenderingContext2D;
  readonly data: ChartData;
  readonly area: PlotArea;
  readonly palette: Palette;
  readonly focus: ChartFocus;
}

const kPale = 0.22;
const kPixelsPerTick = 110;
const kPointRadius = 4.5;

export function drawChart(drawing: Drawing, brush: Brush | undefined): void {
  const { data } = drawing;
  drawAxes(drawing);
  if (data.kind === "cells") drawCells(drawing);
  else if (data.kind === "bar") drawBars(drawing);
  else drawLines(drawing);
  drawFocus(drawing);
  drawPoints(drawing);
  if (brush) drawBrush(drawing, brush);
}

/** The middle of the pixel: a line of one pixel is then one pixel. */
function crisp(value: number): number {
  return Math.round(value - 0.5) + 0.5;
}

function line(context: CanvasRenderingContext2D, fromX: number, fromY: number, toX: number, toY: number): void {
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}

// --- axes ---

function drawAxes({ context, data, area, palette }: Drawing): void {
  const right = area.left + area.width;
  const bottom = crisp(area.top + area.height);
  context.font = palette.font;
  context.lineWidth = 1;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const { value, label } of data.axis.ticks) {
    const y = crisp(yOf(data, area, value));
    context.strokeStyle = palette.rule;
    line(context, area.left, y, right, y);
    context.fillStyle = palette.label;
    context.fillText(label, area.left - 8, y);
  }
  context.textBaseline = "alphabetic";
  context.strokeStyle = palette.zero;
  context.fillStyle = palette.label;
  const ticks = clockTicks(data.from, data.to, Math.max(2, Math.floor(area.width / kPixelsPerTick)));
  for (const { time, label } of ticks) {
    const x = crisp(xOf(data, area, time));
    line(context, x, bottom, x, bottom + 4);
    const half = context.measureText(label).width / 2;
    context.textAlign = "left";
    context.fillText(label, Math.min(right - 2 * half, Math.max(area.left, x - half)), bottom + 17);
  }
}

// --- values ---

function drawLines(drawing: Drawing): void {
  const { context, data, focus, palette } = drawing;
  context.lineJoin = "round";
  context.lineCap = "round";
  const order = data.series.map((_, index) => index).reverse();
  for (const index of [...order.filter((index) => index !== focus.series), ...order.filter((index) => index === focus.series)]) {
    const series = data.series[index]!;
    context.strokeStyle = palette.series[series.color]!;
    context.fillStyle = palette.series[series.color]!;
    context.globalAlpha = focus.series >= 0 && focus.series !== index ? kPale : 1;
    context.lineWidth = focus.series === index ? 2.25 : 1.5;
    traceLine(drawing, series);
  }
  context.globalAlpha = 1;
}

/** Values next to each other are joined; one that stands alone is a dot. */
function traceLine({ context, data, area }: Drawing, { values }: ChartSeries): void {
  const present = (at: number): boolean => {
    const value = values[at];
    return value !== undefined && Number.isFinite(value);
  };
  context.beginPath();
  values.forEach((value, at) => {
    if (!present(at)) return;
    const [x, y] = [xOf(data, area, data.times[at]!), yOf(data, area, value)];
    if (present(at - 1) && at > 0) context.lineTo(x, y);
    else context.moveTo(x, y);
  });
  context.stroke();
  values.forEach((value, at) => {
    if (!present(at) || (at > 0 && present(at - 1)) || present(at + 1)) return;
    context.beginPath();
    context.arc(xOf(data, area, data.times[at]!), yOf(data, area, value), 2, 0, 2 * Math.PI);
    context.fill();
  });
}

function drawBars({ context, data, area, focus, palette }: Drawing): void {
  const below = data.stacked ? stackOf(data.series, data.times.length) : undefined;
  data.series.forEach((series, index) => {
    context.fillStyle = palette.series[series.color]!;
    context.globalAlpha = focus.series >= 0 && focus.series !== index ? kPale : 1;
    series.values.forEach((value, at) => {
      if (!(value > 0)) return;
      const base = below?.[index]?.[at] ?? 0;
      const [from, to] = slot(data, area, at, index);
      const top = yOf(data, area, base + value);
      const height = yOf(data, area, base) - top;
      // A hairline of paper keeps parts apart that have a colour of their own and room for it.
      const apart = height > 4 && series.color < palette.series.length - 1;
      context.fillRect(from, top, to - from, apart ? height - 1 : Math.max(1, height));
    });
  });
  context.globalAlpha = 1;
}

/** Left and right end of a bar. Bars that cannot be added stand side by side. */
function slot(data: ChartData, area: PlotArea, at: number, index: number): readonly [number, number] {
  const left = xOf(data, area, data.times[at]! - data.step);
  const right = xOf(data, area, data.times[at]!);
  const gap = right - left > 4 ? Math.max(1, Math.min(4, (right - left) * 0.15)) : 0;
  if (data.stacked) return [Math.round(left), Math.max(Math.round(left) + 1, Math.round(right - gap))];
  const width = (right - left - gap) / data.series.length;
  return [left + index * width, left + (index + 1) * width - (width > 3 ? 1 : 0)];
}

function drawCells({ context, data, area, palette }: Drawing): void {
  data.cells?.levels.forEach((levels, row) => {
    const bottom = Math.round(yOf(data, area, row));
    const top = Math.round(yOf(data, area, row + 1));
    levels.forEach((level, at) => {
      if (level === 0) return;
      const left = Math.round(xOf(data, area, data.times[at]! - data.step));
      const right = Math.round(xOf(data, area, data.times[at]!));
      context.fillStyle = palette.heat[level - 1]!;
      context.fillRect(left, top, Math.max(1, right - left - (right - left > 3 ? 1 : 0)), Math.max(1, bottom - top - 1));
    });
  });
}

// --- points and focus ---

function drawPoints({ context, data, area, focus, palette }: Drawing): void {
  data.points.forEach((point, index) => {
    const height = data.heightOf(point);
    if (height === undefined || point.time < data.from || point.time > data.to) return;
    const picked = index === focus.point;
    const color = data.cells ? palette.ink : palette.series[data.series[point.series]?.color ?? 0]!;
    const pale = focus.series >= 0 && focus.series !== point.series && !picked && !data.cells;
    context.globalAlpha = pale ? kPale : 1;
    const radius = picked ? 7 : kPointRadius;
    const [x, y] = [xOf(data, area, point.time), yOf(data, area, height)];
    context.beginPath();
    context.moveTo(x, y - radius);
    context.lineTo(x + radius, y);
    context.lineTo(x, y + radius);
    context.lineTo(x - radius, y);
    context.closePath();
    context.fillStyle = picked ? color : palette.paper;
    context.strokeStyle = picked ? palette.paper : color;
    context.lineWidth = 1.5;
    context.fill();
    context.stroke();
  });
  context.globalAlpha = 1;
}

function drawFocus({ context, data, area, focus, palette }: Drawing): void {
  const time = data.times[focus.time];
  if (time === undefined) return;
  context.strokeStyle = palette.ink;
  context.lineWidth = 1;
  if (data.cells) {
    if (focus.row < 0) return;
    const [left, right] = [xOf(data, area, time - data.step), xOf(data, area, time)];
    const [bottom, top] = [yOf(data, area, focus.row), yOf(data, area, focus.row + 1)];
    context.lineWidth = 1.5;
    context.strokeRect(Math.round(left) - 0.5, Math.round(top) - 0.5, Math.max(3, Math.round(right - left)), Math.round(bottom - top));
    return;
  }
  const x = crisp(xOf(data, area, data.kind === "bar" ? time - data.step / 2 : time));
  line(context, x, area.top, x, area.top + area.height);
  if (data.kind === "bar") return;
  data.series.forEach(({ values, color }, index) => {
    const value = values[focus.time];
    if (value === undefined || Number.isNaN(value) || (focus.series >= 0 && focus.series !== index)) return;
    context.beginPath();
    context.arc(x, yOf(data, area, value), 3.5, 0, 2 * Math.PI);
    context.fillStyle = palette.paper;
    context.strokeStyle = palette.series[color]!;
    context.lineWidth = 1.75;
    context.fill();
    context.stroke();
  });
}

function drawBrush({ context, data, area, palette }: Drawing, { from, to }: Brush): void {
  const [left, right] = [xOf(data, area, from), xOf(data, area, to)];
  context.fillStyle = palette.ink;
  context.globalAlpha = 0.08;
  context.fillRect(left, area.top, right - left, area.height);
  context.globalAlpha = 1;
  context.strokeStyle = palette.ink;
  context.lineWidth = 1;
  for (const x of [left, right]) line(context, crisp(x), area.top, crisp(x), area.top + area.height);
}
