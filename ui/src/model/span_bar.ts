// SPDX-License-Identifier: Apache-2.0
// The geometry of one bar of the waterfall, in per cent of the lane.
import { percentAt, percentWide, type TimeScale } from "../base/time_scale";
import { nanosSince, type Time } from "../base/time";
import type { SpanNode } from "./span_tree";

export interface Stretch {
  readonly x: number;
  readonly width: number;
}

export interface EventMark {
  readonly x: number;
  readonly names: readonly string[];
  readonly exception: boolean;
}

export interface SpanBar extends Stretch {
  readonly self: readonly Stretch[];
  readonly events: readonly EventMark[];
  /** Where the duration stands. */
  readonly label: "after" | "before";
}

/** The least width of a bar or a solid part: about one pixel. */
const kLeastWidth = 0.0909;
/** Events closer than this, about 4 px, share a mark. */
const kEventGap = 0.4;
/** More solid parts than this cannot be told apart in one row. */
const kMostSelfParts = 200;

/** A label needs `labelWidth` per cent of the lane. */
export function spanBar(node: SpanNode, origin: Time, scale: TimeScale, labelWidth: number): SpanBar {
  const x = percentAt(scale, node.start);
  const width = Math.max(kLeastWidth, percentWide(scale, node.start, node.end));
  const self = node.self.slice(0, kMostSelfParts).map(({ start, end }) => ({
    x: Math.min(percentAt(scale, start), 100 - kLeastWidth),
    width: Math.max(kLeastWidth, percentWide(scale, start, end)),
  }));
  return { x, width, self, events: eventMarks(node, origin, scale), label: labelSide(x, x + width, labelWidth) };
}

/** The margin right of the lane holds a label, so that a bar as long as the lane has its label there. */
function labelSide(from: number, to: number, labelWidth: number): SpanBar["label"] {
  if (to <= 100 - labelWidth) return "after";
  return from >= labelWidth ? "before" : "after";
}

function eventMarks(node: SpanNode, origin: Time, scale: TimeScale): readonly EventMark[] {
  const events = [...node.span.events].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  const marks: EventMark[] = [];
  for (const { time, name } of events) {
    const x = Math.min(100, Math.max(0, percentAt(scale, nanosSince(origin, time))));
    const exception = name === "exception";
    const last = marks.at(-1);
    if (last && x - last.x < kEventGap) {
      marks[marks.length - 1] = { x: last.x, names: [...last.names, name], exception: last.exception || exception };
    } else {
      marks.push({ x, names: [name], exception });
    }
  }
  return marks;
}
