// SPDX-License-Identifier: Apache-2.0
// Draws a flame graph. Boxes narrower than a pixel are drawn once for each pixel of their level.
import type { TimeScale } from "../../base/time_scale";
import type { Flame } from "../../model/flame";
import type { ShownTrace } from "../../model/shown_trace";
import type { LanePalette } from "./lane_palette";

export const kFlameRow = 20;
const kTextFrom = 36;

export interface FlameLook {
  readonly trace: ShownTrace;
  readonly flame: Flame;
  readonly scale: TimeScale;
  readonly selected: number;
  readonly matches: Uint8Array | undefined;
  readonly width: number;
}

export function drawFlame(context: CanvasRenderingContext2D, palette: LanePalette, look: FlameLook): void {
  const { trace, flame, scale, width, matches } = look;
  const perNano = width / Math.max(1, scale.end - scale.start);
  const drawn = new Float64Array(flame.levels).fill(-Infinity);
  context.font = palette.font;
  context.textBaseline = "middle";
  for (const { row, level, from, to, count, failed } of flame.boxes) {
    const left = Math.max(-2, (from - scale.start) * perNano);
    const right = Math.min(width + 2, Math.max((to - scale.start) * perNano, left + 1));
    if (right < 0 || left > width || (right - left <= 1.5 && right <= drawn[level]!)) continue;
    drawn[level] = Math.max(drawn[level]!, right);
    const y = level * kFlameRow;
    const dimmed = matches !== undefined && matches[row] !== 1;
    context.fillStyle = palette.pale[trace.color(row)]!;
    context.globalAlpha = dimmed ? 0.35 : 1;
    context.fillRect(left, y, Math.max(1, right - left - 1), kFlameRow - 1);
    context.fillStyle = palette.series[trace.color(row)]!;
    context.fillRect(left, y, Math.min(3, right - left), kFlameRow - 1);
    context.globalAlpha = 1;
    if (failed) {
      context.fillStyle = palette.error;
      context.fillRect(left, y + kFlameRow - 4, Math.max(1, right - left - 1), 3);
    }
    if (right - left >= kTextFrom) drawName(context, palette, `${failed ? "! " : ""}${count > 1 ? `×${count} ` : ""}${trace.label(row)}`, left, right, y);
    if (row === look.selected) {
      context.strokeStyle = palette.ink;
      context.lineWidth = 1.5;
      context.strokeRect(left + 0.75, y + 0.75, Math.max(2, right - left - 2.5), kFlameRow - 2.5);
    }
  }
}

function drawName(context: CanvasRenderingContext2D, palette: LanePalette, name: string, left: number, right: number, y: number): void {
  const from = Math.max(0, left) + 7;
  context.save();
  context.beginPath();
  context.rect(from, y, right - from - 4, kFlameRow);
  context.clip();
  context.fillStyle = palette.ink;
  context.fillText(name, from, y + kFlameRow / 2);
  context.restore();
}
