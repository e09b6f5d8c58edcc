// SPDX-License-Identifier: Apache-2.0
// The events of a span as ticks of its lane. Those that would stand too close to be told apart are one tick, which
// knows how many it stands for: no event is left out of the picture.
import { formatCount, plural } from "../base/format";
import type { ShownTrace } from "./shown_trace";

/** Ticks are at least so many pixels apart. */
export const kTickGap = 4;
/** How many names a title has. */
const kNames = 3;

interface OpenTick {
  /** In pixels, where the first of its events is. */
  readonly x: number;
  /** Its events are so many, from this one on by time. */
  readonly first: number;
  count: number;
  /** One of them is an exception. */
  failed: boolean;
}

export type EventTick = Readonly<OpenTick>;

const kNoTicks: readonly EventTick[] = [];

/** Of the events in [0, width], by place. */
export function eventTicks(trace: ShownTrace, row: number, x: (nanos: number) => number, width: number): readonly EventTick[] {
  const { eventEnd, eventTime } = trace.data.columns;
  if (eventEnd[row] === firstEvent(eventEnd, row)) return kNoTicks;
  const ticks: OpenTick[] = [];
  const order = eventsByTime(trace, row);
  for (let place = 0; place < order.length; ++place) {
    const event = order[place]!;
    const at = x(eventTime[event]!);
    if (at < 0) continue;
    if (at > width) break;
    const failed = nameOf(trace, event) === "exception";
    const last = ticks[ticks.length - 1];
    if (last && at - last.x < kTickGap) {
      ++last.count;
      last.failed ||= failed;
    } else {
      ticks.push({ x: at, first: place, count: 1, failed });
    }
  }
  return ticks;
}

/** What the tick next to `at` stands for; undefined: none is there. */
export function tickTitle(trace: ShownTrace, row: number, x: (nanos: number) => number, width: number, at: number): string | undefined {
  let nearest: EventTick | undefined;
  for (const tick of eventTicks(trace, row, x, width)) {
    if (Math.abs(tick.x - at) <= Math.min(kTickGap, nearest ? Math.abs(nearest.x - at) : Infinity)) nearest = tick;
  }
  if (!nearest) return undefined;
  const { first, count } = nearest;
  const names = new Set(Array.from(eventsByTime(trace, row).subarray(first, first + count), (event) => nameOf(trace, event)));
  const told = [...names].sort(exceptionsFirst).slice(0, kNames);
  return `${formatCount(count)} ${plural(count, "event")}: ${told.join(", ")}${names.size > kNames ? ", …" : ""}`;
}

const exceptionsFirst = (a: string, b: string): number => Number(b === "exception") - Number(a === "exception");

function firstEvent(eventEnd: Uint32Array, row: number): number {
  return row === 0 ? 0 : eventEnd[row - 1]!;
}

function nameOf(trace: ShownTrace, event: number): string {
  return trace.texts.at(trace.data.columns.eventName[event]!);
}

/** The numbers of a row's events. Mostly they come by time, and nothing is sorted. */
function eventsByTime(trace: ShownTrace, row: number): Uint32Array {
  const { eventEnd, eventTime } = trace.data.columns;
  const first = firstEvent(eventEnd, row);
  const order = new Uint32Array(eventEnd[row]! - first);
  let sorted = true;
  for (let place = 0; place < order.length; ++place) {
    order[place] = first + place;
    if (place > 0 && eventTime[first + place]! < eventTime[first + place - 1]!) sorted = false;
  }
  return sorted ? order : order.sort((a, b) => eventTime[a]! - eventTime[b]! || a - b);
}
