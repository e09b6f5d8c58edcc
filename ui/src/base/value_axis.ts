// SPDX-License-Identifier: Apache-2.0
// The axis of values that begins at nothing: round ticks, the last one at or above the largest value.

export interface ValueAxis {
  readonly top: number;
  readonly ticks: readonly number[];
}

/** The smallest step of 1, 2 or 5 times a power of ten that covers the length in at most `maxSteps`. */
export function roundStep(length: number, maxSteps: number): number {
  if (!(length > 0) || !Number.isFinite(length)) return 1;
  const least = length / maxSteps;
  const power = 10 ** Math.floor(Math.log10(least));
  for (const factor of [1, 2, 5]) if (factor * power >= least * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

export function valueAxis(most: number, maxSteps: number): ValueAxis {
  const step = roundStep(most, maxSteps);
  const steps = Math.max(1, Math.ceil((most > 0 && Number.isFinite(most) ? most / step : 1) - 1e-9));
  const ticks = Array.from({ length: steps + 1 }, (_, at) => +(at * step).toPrecision(12));
  return { top: ticks.at(-1)!, ticks };
}
