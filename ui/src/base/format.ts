// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them: three significant digits, a narrow no-break space between thousands and
// before the unit. Whole digits are never cut, so that 1 086 ms stays 1 086 ms.
import { type Time, dateOf, kMicrosecond, kMillisecond, kSecond, microsOf } from "./time";
import { zoneOffset } from "./zone";

export const kThinSpace = "\u202f";

export interface Unit {
  readonly name: string;
  readonly nanos: number;
}

const kUnits: readonly Unit[] = [
  { name: "s", nanos: kSecond },
  { name: "ms", nanos: kMillisecond },
  { name: "µs", nanos: kMicrosecond },
  { name: "ns", nanos: 1 },
];

/** Groups the thousands of a whole number. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, kThinSpace);
}

/** Three significant digits, at most two decimals. */
export function formatNumber(value: number): string {
  if (value === 0) return "0";
  if (value < 0) return `−${formatNumber(-value)}`;
  if (value < 0.005) return `<${kThinSpace}0.01`;
  if (value < 9.995) return value.toFixed(2);
  if (value < 99.95) return value.toFixed(1);
  return formatCount(value);
}

/** The unit in which every number of a trace of this length is written. */
export function unitForTrace(nanos: number): Unit {
  if (nanos >= 10 * kSecond) return kUnits[0]!;
  if (nanos >= kMillisecond) return kUnits[1]!;
  return nanos >= kMicrosecond ? kUnits[2]! : kUnits[3]!;
}

export function formatIn(unit: Unit, nanos: number): string {
  return unit.nanos === 1 ? formatCount(nanos) : formatNumber(nanos / unit.nanos);
}

export function formatWithUnit(unit: Unit, nanos: number): string {
  return `${formatIn(unit, nanos)}${kThinSpace}${unit.name}`;
}

/** A distance from the start of the trace, with its sign. */
export function formatOffset(unit: Unit, nanos: number): string {
  return `${nanos < 0 ? "−" : "+"}${formatWithUnit(unit, Math.abs(nanos))}`;
}

/** A duration that stands alone, in the unit that suits it. */
export function formatDuration(nanos: number): string {
  // 999.6 ms would round to 1 000 ms, so the next unit begins where rounding reaches it.
  const unit = kUnits.find((candidate) => nanos >= candidate.nanos * 0.9995) ?? kUnits[3]!;
  return formatWithUnit(unit, nanos);
}

/** Of what is known in whole milliseconds, rounded down. */
export function formatWholeMillis(nanos: number): string {
  return nanos < kMillisecond ? `<${kThinSpace}1${kThinSpace}ms` : formatDuration(nanos);
}

export function formatShare(part: number, whole: number): string {
  return `${formatNumber(whole > 0 ? Math.min(100, (100 * part) / whole) : 0)}${kThinSpace}%`;
}

const kByteUnits = ["B", "kB", "MB", "GB", "TB"];

/** 31.0 MB; of a thousand each. */
export function formatBytes(bytes: number): string {
  const power = Math.max(0, Math.min(kByteUnits.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const number = power === 0 ? formatCount(bytes) : formatNumber(bytes / 1000 ** power);
  return `${number}${kThinSpace}${kByteUnits[power]}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}

/** 2026-11-23T15:02:41.155 in the zone that is shown. */
function zonedText(date: Date): string {
  const shifted = date.getTime() + zoneOffset(date.getTime()) * 60_000;
  return Number.isNaN(shifted) ? "" : new Date(shifted).toISOString();
}

/** 15:02:41.155, in the zone that is shown. */
export function formatClock(time: Time): string {
  return zonedText(dateOf(time)).slice(11, 23);
}

/** 15:02:41.307 102, with the microseconds. */
export function formatClockMicros(time: Time): string {
  return `${formatClock(time)}${kThinSpace}${padded(microsOf(time), 3)}`;
}

/** "today", or the date as 2026-11-23. */
export function formatDay(time: Time, now: Date): string {
  const day = zonedText(dateOf(time)).slice(0, 10);
  return day === zonedText(now).slice(0, 10) ? "today" : day;
}

/** Keeps both ends of a long name and puts the ellipsis between them. */
export function middleEllipsis(text: string, limit: number): string {
  const letters = [...text];
  if (letters.length <= limit) return text;
  const head = Math.ceil((limit - 1) * 0.6);
  const tail = limit - 1 - head;
  return `${letters.slice(0, head).join("")}…${letters.slice(letters.length - tail).join("")}`;
}
