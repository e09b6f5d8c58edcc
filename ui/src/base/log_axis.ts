// SPDX-License-Identifier: Apache-2.0
// Round ticks of a logarithmic axis of durations.
import { kThinSpace } from "./format";

/** Round values between two, so many of each power of ten as there is room for. */
export function logTicks(least: number, most: number, room: number): readonly number[] {
  for (const factors of [[1, 2, 5], [1, 3], [1]]) {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(least)); power <= Math.log10(most); ++power) {
      for (const factor of factors) ticks.push(+(factor * 10 ** power).toPrecision(3));
    }
    const shown = ticks.filter((tick) => tick >= least && tick <= most);
    if (shown.length <= room || factors.length === 1) return shown;
  }
  return [];
}

/** 500 ms, 2 s: ticks are round. */
export function tickText(nanos: number): string {
  for (const [size, name] of [[1e9, "s"], [1e6, "ms"], [1e3, "µs"]] as const) {
    if (nanos >= size) return `${+(nanos / size).toPrecision(3)}${kThinSpace}${name}`;
  }
  return `${Math.round(nanos)}${kThinSpace}ns`;
}
