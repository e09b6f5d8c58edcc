// SPDX-License-Identifier: Apache-2.0
import type { VNode } from "preact";
import { formatClock, formatDay } from "../../base/format";
import { timeFromMillis } from "../../base/time";
import { kRanges, type TimeRange } from "../../model/time_range";

export interface RangeFieldProps {
  readonly range: TimeRange;
  /** Whether all there is may be asked for. */
  readonly endless: boolean;
  readonly onRange: (range: TimeRange) => void;
}

/** The time a page asks about. A custom range comes by link or from a chart. */
export function RangeField({ range, endless, onRange }: RangeFieldProps): VNode {
  return (
    <label class="field select">
      <span class="sr">Time range</span>
      <select value={range.range} data-testid="range-input"
        onChange={(event) => onRange(pick(range, event.currentTarget.value))}>
        {range.start !== "" && <option value="custom">{customLabel(range)}</option>}
        {kRanges.filter(({ seconds }) => endless || seconds > 0).map(({ key, label }) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The bounds stay known, so that a custom range can be gone back to. */
function pick({ start, end }: TimeRange, range: string): TimeRange {
  return { range, start, end };
}

/** 14:31 – 14:42, today */
function customLabel({ start, end }: TimeRange): string {
  const [from, to] = [start, end].map((seconds) => timeFromMillis(Number(seconds) * 1000));
  const digits = Number(end) - Number(start) < 300 ? 8 : 5;
  const [fromClock, toClock] = [from!, to!].map((time) => formatClock(time).slice(0, digits));
  const [fromDay, toDay] = [from!, to!].map((time) => formatDay(time, new Date()));
  if (fromDay === toDay) return `${fromClock} – ${toClock}, ${toDay}`;
  return `${fromDay} ${fromClock} – ${toDay} ${toClock}`;
}
