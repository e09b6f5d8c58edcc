// SPDX-License-Identifier: Apache-2.0
// Draws the events of a span: a tick with a head for each, a red one for an exception. Those too close to be told
// apart are one bolder tick, with their number beside it where there is room.
import { formatCount } from "../../base/format";
import { eventTicks } from "../../model/event_ticks";
import { drawText, kRowHeight, type Pen } from "./lane_pen";

const kHead = 2.5;
const kBoldHead = 3.5;
const kCountGap = 5;

/** `room`: up to where on the bar a number may stand. */
export function drawEvents(pen: Pen, row: number, top: number, room: number): void {
  const { context, palette } = pen;
  const ticks = eventTicks(pen.trace, row, pen.x, pen.width);
  for (let at = 0; at < ticks.length; ++at) {
    const { x, count, failed } = ticks[at]!;
    const head = count > 1 ? kBoldHead : kHead;
    context.fillStyle = failed ? palette.error : palette.ink;
    if (count > 1) context.fillRect(Math.round(x) - 1, top + 1, 3, 17);
    else context.fillRect(Math.round(x) - 0.5, top + 1, 1, 17);
    context.beginPath();
    context.arc(x, top + head, head, 0, 2 * Math.PI);
    context.fill();
    context.strokeStyle = palette.paper;
    context.lineWidth = 1;
    context.stroke();
    const next = ticks[at + 1]?.x ?? Infinity;
    if (count > 1) drawCount(pen, count, x + kCountGap, top, Math.min(room, next - kBoldHead));
  }
}

function drawCount(pen: Pen, count: number, x: number, top: number, room: number): void {
  const text = `×${formatCount(count)}`;
  if (x >= room || x + pen.context.measureText(text).width > room) return;
  pen.context.textAlign = "left";
  drawText(pen, text, x, top + kRowHeight / 2 - 1, pen.palette.ink);
}
