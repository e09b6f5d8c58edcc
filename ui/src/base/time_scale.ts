// SPDX-License-Identifier: Apache-2.0
// Maps nanoseconds to per cent of a lane, and picks the ticks of its axis.

export interface TimeScale {
  readonly start: number;
  readonly end: number;
}

/** Per cent of the lane, with four decimals: 1 000 000 positions. */
export function percentAt(scale: TimeScale, nanos: number): number {
  const length = scale.end - scale.start;
  if (length <= 0) return 0;
  return Math.round(((nanos - scale.start) / length) * 1e6) / 1e4;
}

export function percentWide(scale: TimeScale, start: number, end: number): number {
  const length = scale.end - scale.start;
  if (length <= 0) return 100;
  return Math.round(((end - start) / length) * 1e6) / 1e4;
}

/** The smallest step of 1, 2 or 5 times a power of ten that gives at most `maxTicks` steps. */
export function tickStep(length: number, maxTicks: number): number {
  const least = Math.max(length / maxTicks, 1);
  const power = 10 ** Math.floor(Math.log10(least));
  for (const factor of [1, 2, 5]) if (factor * power >= least * (1 - 1e-12)) return factor * power;
  return 10 * power;
}

export function ticks(scale: TimeScale, maxTicks: number): readonly number[] {
  const length = scale.end - scale.start;
  if (!(length > 0)) return [scale.start];
  const step = tickStep(length, maxTicks);
  const result: number[] = [];
  for (let index = Math.ceil(scale.start / step); index * step <= scale.end; ++index) result.push(index * step);
  return result;
}
