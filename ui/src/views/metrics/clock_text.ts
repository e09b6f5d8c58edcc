// SPDX-License-Identifier: Apache-2.0
// A time of a chart, as its tables and its crosshair show it.
import { formatClock, formatDay } from "../../base/format";
import { timeFromMillis } from "../../base/time";

/** 14:36:06, with the day when it is another. */
export function clockOf(millis: number): string {
  const time = timeFromMillis(millis);
  const day = formatDay(time, new Date());
  const clock = formatClock(time).slice(0, 8);
  return day === "today" ? clock : `${day.slice(5)} ${clock}`;
}
