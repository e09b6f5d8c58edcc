// SPDX-License-Identifier: Apache-2.0
// Draws links: at the start of a bar a small arrow out for a span that has some and one in for a span that others
// name, and from the selected span dashed lines to those that its links join it to.
import { kRowHeight, type Pen } from "./lane_pen";

const kArrow = 4;
const kArrowHalf = 3;
const kGap = 2;
/** Past the cap of an error. */
const kInside = 5;
const kMiddle = kRowHeight / 2 - 1;
/** How far a line swings out. */
const kSwing = 24;
const kDash = [3, 3];
/** More lines than these are one dark spot. */
const kMostLines = 100;

/** Left of the bar where there is room, else on it. */
export function drawLinkSigns(pen: Pen, row: number, left: number, top: number): void {
  const { links } = pen.trace;
  const [out, into] = [links.countOf(row) > 0, links.countTo(row) > 0];
  if (!out && !into) return;
  const x = left >= kArrow + kGap ? left - kArrow - kGap : left + kInside;
  const apart = out && into ? kArrowHalf : 0;
  if (out) drawArrow(pen, x, top + kMiddle - apart, -kArrow, pen.palette.ink2);
  if (into) drawArrow(pen, x + kArrow, top + kMiddle + apart, kArrow, pen.palette.ink2);
}

/** Its tip is so long to the right of its base, or to the left. */
function drawArrow({ context, palette }: Pen, tip: number, y: number, length: number, color: string): void {
  context.beginPath();
  context.moveTo(tip, y);
  context.lineTo(tip - length, y - kArrowHalf);
  context.lineTo(tip - length, y + kArrowHalf);
  context.closePath();
  context.strokeStyle = palette.paper;
  context.lineWidth = 2;
  context.stroke();
  context.fillStyle = color;
  context.fill();
}

export function drawJoins(pen: Pen): void {
  const { row, from, to } = pen.joined;
  for (const other of from.slice(0, kMostLines)) drawJoin(pen, row, other);
  for (const other of to.slice(0, kMostLines)) drawJoin(pen, other, row);
}

/** From the start of the span that has the link to that of the one it names, where a part of the way is in sight. */
function drawJoin(pen: Pen, source: number, target: number): void {
  const { context, palette, trace, shown, first, end, width } = pen;
  const [from, to] = [shown.rowOf[source] ?? -1, shown.rowOf[target] ?? -1];
  if (from < 0 || to < 0 || from === to || Math.min(from, to) >= end || Math.max(from, to) < first) return;
  const [atSource, atTarget] = [source, target].map((row) => Math.max(0, Math.min(width, pen.x(trace.start(row))))) as [number, number];
  const side = Math.min(atSource, atTarget) >= kSwing ? -1 : 1;
  const beside = side < 0 ? -kArrow - kGap : kInside + kArrow;
  const swing = side * kSwing;
  const [x1, x2, y1, y2] = [atSource + beside, atTarget + beside, middleOf(pen, from), middleOf(pen, to)];
  context.beginPath();
  context.moveTo(x1, y1);
  context.bezierCurveTo(x1 + swing, y1, x2 + swing, y2, x2, y2);
  context.strokeStyle = palette.paper;
  context.lineWidth = 2;
  context.stroke();
  context.strokeStyle = palette.ink;
  context.lineWidth = 1;
  context.setLineDash(kDash);
  context.stroke();
  context.setLineDash([]);
  drawArrow(pen, x2 - side * kArrow, y2, -side * kArrow, palette.ink);
}

function middleOf({ first }: Pen, place: number): number {
  return (place - first) * kRowHeight + kMiddle;
}
