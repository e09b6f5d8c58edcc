// SPDX-License-Identifier: Apache-2.0
// Instants and durations in nanoseconds. They are bigint, because a Unix time in nanoseconds does not
// fit a double, and branded, so that one is never passed for the other. Only this file makes them.
// Drawing uses doubles: nanoseconds since the start of the trace, exact for 104 days.

declare const kTime: unique symbol;
declare const kDuration: unique symbol;
export type Time = bigint & { readonly [kTime]: true };
export type Duration = bigint & { readonly [kDuration]: true };

export const kMicrosecond = 1e3;
export const kMillisecond = 1e6;
export const kSecond = 1e9;

/** Reads the decimal nanoseconds of the API; anything else, and an absent field, is zero. */
export function timeFromText(text: unknown): Time {
  const digits = typeof text === "number" ? String(Math.trunc(text)) : text;
  return (typeof digits === "string" && /^\d{1,20}$/.test(digits) ? BigInt(digits) : 0n) as Time;
}

/** Likewise of a length. */
export function durationFromText(text: unknown): Duration {
  return timeFromText(text) as bigint as Duration;
}

export function timeFromNanos(nanos: bigint): Time {
  return nanos as Time;
}

/** The instant so many nanoseconds after another. */
export function timeAfter(origin: Time, nanos: number): Time {
  return (origin + BigInt(Math.round(nanos))) as Time;
}

export function timeFromMillis(millis: number): Time {
  return (BigInt(Math.round(millis)) * 1000000n) as Time;
}

/** A span that ends before it starts lasts no time. */
export function durationBetween(start: Time, end: Time): Duration {
  return (end > start ? end - start : 0n) as Duration;
}

export function durationFromMillis(millis: number): Duration {
  return BigInt(Math.max(0, Math.round(millis * kMillisecond))) as Duration;
}

export function nanosOf(duration: Duration): number {
  return Number(duration);
}

/** Nanoseconds from `origin` to `time`, negative when `time` is earlier. */
export function nanosSince(origin: Time, time: Time): number {
  return Number(time - origin);
}

export function earliest(times: Iterable<Time>): Time | undefined {
  let first: Time | undefined;
  for (const time of times) if (first === undefined || time < first) first = time;
  return first;
}

export function dateOf(time: Time): Date {
  return new Date(Number(time / 1000000n));
}

/** The microseconds within the millisecond: what a Date cannot hold. */
export function microsOf(time: Time): number {
  return Number((time / 1000n) % 1000n);
}
