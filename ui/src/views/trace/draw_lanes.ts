// SPDX-License-Identifier: Apache-2.0
// Draws the lanes of some rows: solid where a span works itself, pale where it waits, with an edge in the full
// colour so that both ends are seen; a red cap for an error, a tick for each event, the duration beside the bar.
// Links are small arrows at its start. The critical path is a line with a halo just under the bar that owns the instant. What is narrower than a
// pixel is drawn once: a row costs no more than it is wide, however many spans are in it.
import { formatWithUnit } from "../../base/format";
import { pathRows, pathUprights } from "../../model/path_rows";
import { groupOfRow, isGroup } from "../../model/trace_rows";
import { slowText, usualOfRow } from "../../model/usual";
import type { Drawing } from "../../widgets/canvas";
import { drawEvents } from "./draw_events";
import { drawJoins, drawLinkSigns } from "./draw_links";
import { drawText, kLaneMargin, kRowHeight, laneX, type Lanes, type Pen } from "./lane_pen";
import type { LanePalette } from "./lane_palette";

const kBarTop = 4;
const kBarHeight = 14;
const kThread = 20;
const kLabelGap = 6;
const kSlowGap = 8;

export function drawLanes(context: Drawing, palette: LanePalette, lanes: Lanes): void {
  const pen: Pen = { ...lanes, context, palette, x: laneX(lanes.scale, lanes.width) };
  context.font = palette.font;
  context.textBaseline = "middle";
  drawGrid(pen);
  if (lanes.pathOn) drawUprights(pen);
  for (let at = lanes.first; at < lanes.end; ++at) {
    const row = lanes.shown.rows[at]!;
    const top = (at - lanes.first) * kRowHeight;
    if (isGroup(row)) drawGroup(pen, groupOfRow(row), top);
    else drawSpan(pen, row, top);
  }
  if (lanes.pathOn) drawThread(pen);
  drawJoins(pen);
}

function drawGrid({ context, palette, ticks, x, width, first, end }: Pen): void {
  context.fillStyle = palette.tick;
  for (const tick of [...ticks.map(x), width]) context.fillRect(Math.round(tick), 0, 1, (end - first) * kRowHeight);
}

/** What of [from, to) is in the lane, at least a pixel wide; undefined: nothing. */
function inLane(pen: Pen, from: number, to: number): readonly [number, number] | undefined {
  const left = pen.x(from);
  const right = Math.max(pen.x(to), left + 1);
  if (right < 0 || left > pen.width) return undefined;
  return [Math.max(-2, Math.min(left, pen.width - 1)), Math.min(right, pen.width + 2)];
}

function drawSpan(pen: Pen, row: number, top: number): void {
  const { context, palette, trace } = pen;
  const box = inLane(pen, trace.start(row), trace.end(row));
  if (!box) return drawElsewhere(pen, trace.end(row) < pen.scale.start, top);
  const [left, right] = box;
  const color = trace.color(row);
  const allSelf = trace.data.selfTime[row]! >= trace.duration(row);
  context.fillStyle = (allSelf ? palette.series : palette.pale)[color]!;
  fillRounded(context, left, top + kBarTop, right - left);
  if (!allSelf) {
    context.fillStyle = palette.series[color]!;
    const { first, from, to } = trace.data.self;
    drawStretches(pen, from.subarray(first[row], first[row + 1]), to.subarray(first[row], first[row + 1]), top);
    context.strokeStyle = palette.series[color]!;
    context.lineWidth = 1;
    if (right - left > 2) strokeRounded(context, left, top + kBarTop, right - left);
  }
  if (trace.failed(row)) {
    context.fillStyle = palette.error;
    context.fillRect(left, top + 2, 3, 18);
  }
  const slow = slowText(usualOfRow(trace, pen.usual, row), trace.duration(row));
  const label = labelAt(pen, box, formatWithUnit(trace.unit, trace.duration(row)), slow);
  drawEvents(pen, row, top, label.x > left ? Math.min(label.x - kLabelGap, right) : right);
  drawLabel(pen, label, top);
  drawLinkSigns(pen, row, left, top);
}

/** Solid parts; those that end in the pixel where the one before did are not drawn again. */
function drawStretches(pen: Pen, from: Float64Array, to: Float64Array, top: number): void {
  let drawn = -Infinity;
  for (let at = 0; at < from.length; ++at) {
    if (to[at]! < pen.scale.start) continue;
    if (from[at]! > pen.scale.end) break;
    const box = inLane(pen, from[at]!, to[at]!);
    if (!box || box[1] <= drawn) continue;
    const left = Math.max(box[0], drawn);
    pen.context.fillRect(left, top + kBarTop, box[1] - left, kBarHeight);
    drawn = box[1];
  }
}

function drawGroup(pen: Pen, group: number, top: number): void {
  const { context, palette, trace } = pen;
  const { first, members, total, errors } = trace.data.groups;
  const rows = members.subarray(first[group], first[group + 1]);
  const color = trace.color(rows[0]!);
  let [drawn, left, right] = [-Infinity, Infinity, -Infinity];
  for (const row of rows) {
    const box = inLane(pen, trace.start(row), trace.end(row));
    if (!box) continue;
    left = Math.min(left, box[0]);
    right = Math.max(right, box[1]);
    if (box[1] <= drawn) continue;
    const from = Math.max(box[0], drawn);
    context.fillStyle = palette.series[color]!;
    context.fillRect(from, top + kBarTop, box[1] - from, kBarHeight);
    // Members that touch are told apart by a thin cut, where there is room for one.
    context.fillStyle = palette.paper;
    if (box[1] - from >= 4) context.fillRect(box[1] - 0.5, top + kBarTop, 0.5, kBarHeight);
    drawn = box[1];
  }
  if (right < left) return drawElsewhere(pen, trace.end(rows[rows.length - 1]!) < pen.scale.start, top);
  if (errors[group]! > 0) {
    context.fillStyle = palette.error;
    context.fillRect(left, top + 2, 3, 18);
  }
  drawLabel(pen, labelAt(pen, [left, right], `${formatWithUnit(trace.unit, total[group]!)} total`, ""), top);
}

/** Where a span lies that is not in view. */
function drawElsewhere({ context, palette, width }: Pen, before: boolean, top: number): void {
  context.fillStyle = palette.label;
  context.textAlign = before ? "left" : "right";
  context.fillText(before ? "‹" : "›", before ? 2 : width - 2, top + kRowHeight / 2);
}

interface Label {
  readonly text: string;
  readonly slow: string;
  readonly x: number;
  readonly slowX: number;
}

/** Right of the bar, else left of it, else on it: how long it is, and how slow that is for its kind. */
function labelAt({ context, palette, width }: Pen, [left, right]: readonly [number, number], text: string, slow: string): Label {
  const wide = context.measureText(text).width;
  context.font = palette.strongFont;
  const slowWide = slow ? context.measureText(slow).width + kSlowGap : 0;
  context.font = palette.font;
  const needed = wide + slowWide + kLabelGap;
  const after = right + needed <= width + kLaneMargin;
  const x = after ? right + kLabelGap : (left - needed >= 0 ? left : right) - needed;
  return { text, slow, x, slowX: x + wide + kSlowGap };
}

function drawLabel(pen: Pen, { text, slow, x, slowX }: Label, top: number): void {
  const { context, palette } = pen;
  const y = top + kRowHeight / 2 - 1;
  context.textAlign = "left";
  drawText(pen, text, x, y, palette.ink2);
  if (!slow) return;
  context.font = palette.strongFont;
  drawText(pen, slow, slowX, y, palette.ink);
  context.font = palette.font;
}

/** Where the path is handed on, from owner to owner. */
function drawUprights({ context, palette, trace, shown, scale, first, end, x }: Pen): void {
  context.fillStyle = palette.label;
  for (const upright of pathUprights(trace.data.path, shown, scale.start, scale.end)) {
    const top = (Math.max(first - 1, Math.min(upright.from, upright.to)) - first) * kRowHeight + kThread;
    const bottom = (Math.min(end + 1, Math.max(upright.from, upright.to)) - first) * kRowHeight + kThread;
    if (bottom > top) context.fillRect(Math.round(x(upright.at)), top, 1, bottom - top);
  }
}

function drawThread(pen: Pen): void {
  const { context, palette, trace, shown, scale, first, end } = pen;
  const { from, to } = trace.data.path;
  const path = pathRows(trace.data.path, shown);
  const boxes: number[] = [];
  for (let row = first; row < end; ++row) {
    let drawn = -Infinity;
    for (const at of path.stretches.subarray(path.first[row], path.first[row + 1])) {
      if (to[at]! < scale.start || from[at]! > scale.end) continue;
      const box = inLane(pen, from[at]!, to[at]!);
      if (!box || box[1] <= drawn) continue;
      const left = Math.max(box[0], drawn);
      boxes.push(left, (row - first) * kRowHeight + kThread - 1, Math.max(1.5, box[1] - left));
      drawn = box[1];
    }
  }
  context.fillStyle = palette.paper;
  for (let at = 0; at < boxes.length; at += 3) context.fillRect(boxes[at]! - 1, boxes[at + 1]! - 1, boxes[at + 2]! + 2, 4);
  context.fillStyle = palette.ink;
  for (let at = 0; at < boxes.length; at += 3) context.fillRect(boxes[at]!, boxes[at + 1]!, boxes[at + 2]!, 2);
}

function fillRounded(context: Drawing, x: number, y: number, width: number): void {
  if (width < 4) return context.fillRect(x, y, width, kBarHeight);
  context.beginPath();
  context.roundRect(x, y, width, kBarHeight, 2);
  context.fill();
}

function strokeRounded(context: Drawing, x: number, y: number, width: number): void {
  context.beginPath();
  context.roundRect(x + 0.5, y + 0.5, width - 1, kBarHeight - 1, 2);
  context.stroke();
}
