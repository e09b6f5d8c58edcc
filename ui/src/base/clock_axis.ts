// SPDX-License-Identifier: Apache-2.0
// Ticks of wall time: round minutes, hours or days of the zone that is shown.
import { zoneOffset } from "./zone";

const kSecond = 1000;
const kMinute = 60 * kSecond;
const kHour = 60 * kMinute;
const kDay = 24 * kHour;
const kSteps = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * kSecond),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * kMinute),
  ...[1, 2, 3, 6, 12].map((count) => count * kHour),
  ...[1, 2, 7, 14, 28].map((count) => count * kDay),
];

export interface ClockTick {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly label: string;
}

export function clockStep(length: number, maxTicks: number): number {
  return kSteps.find((step) => length / step <= maxTicks) ?? Math.ceil(length / maxTicks / kDay) * kDay;
}

/** Ticks in [start, end], both in milliseconds. `offset` is the zone's, minutes east of UTC. */
export function clockTicks(start: number, end: number, maxTicks: number, offset = zoneOffset(start)): readonly ClockTick[] {
  if (!(end > start)) return [];
  const step = clockStep(end - start, maxTicks);
  const shift = offset * kMinute;
  const ticks: ClockTick[] = [];
  for (let time = Math.ceil((start + shift) / step) * step - shift; time <= end; time += step) {
    ticks.push({ time, label: clockLabel(time, step, offset) });
  }
  return ticks;
}

/** 14:30; with seconds where steps have them; midnight is the day it begins. */
export function clockLabel(time: number, step: number, offset = zoneOffset(time)): string {
  const text = new Date(time + offset * kMinute).toISOString();
  const day = text.slice(5, 10);
  const midnight = text.slice(11, 19) === "00:00:00";
  if (step >= kDay || (midnight && step >= kMinute)) return day;
  return step < kMinute ? text.slice(11, 19) : text.slice(11, 16);
}
