// SPDX-License-Identifier: Apache-2.0
// What all that is drawn on the lanes has in common: the rows in sight, where an instant is, how text is set.
import type { TimeScale } from "../../base/time_scale";
import type { ShownTrace } from "../../model/shown_trace";
import type { TraceRows } from "../../model/trace_rows";
import type { UsualTrace } from "../../model/usual";
import type { Drawing } from "../../widgets/canvas";
import type { LanePalette } from "./lane_palette";

export const kRowHeight = 24;
/** Right of the lane, for durations. */
export const kLaneMargin = 64;

export interface Lanes {
  readonly trace: ShownTrace;
  readonly shown: TraceRows;
  /** Rows [first, end). */
  readonly first: number;
  readonly end: number;
  readonly scale: TimeScale;
  readonly ticks: readonly number[];
  /** In pixels, without the margin. */
  readonly width: number;
  readonly pathOn: boolean;
  /** What is usual for its spans, when that is known. */
  readonly usual: UsualTrace | undefined;
  /** Of the span that is selected. */
  readonly joined: JoinedRows;
}

/** Spans that links join to one of them. */
export interface JoinedRows {
  readonly row: number;
  /** Those that it names. */
  readonly from: readonly number[];
  /** Those that name it. */
  readonly to: readonly number[];
}

export const kNoneJoined: JoinedRows = { row: -1, from: [], to: [] };

export interface Pen extends Lanes {
  readonly context: Drawing;
  readonly palette: LanePalette;
  readonly x: (nanos: number) => number;
}

/** Where an instant is, in pixels. */
export function laneX(scale: TimeScale, width: number): (nanos: number) => number {
  const perNano = width / Math.max(1, scale.end - scale.start);
  return (nanos) => (nanos - scale.start) * perNano;
}

/** With a halo, so that it is read on a bar too. */
export function drawText({ context, palette }: Pick<Pen, "context" | "palette">, text: string, x: number, y: number, color: string): void {
  context.lineWidth = 3;
  context.lineJoin = "round";
  context.strokeStyle = palette.paper;
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}
