// SPDX-License-Identifier: Apache-2.0
// The ticks above the lanes and the thin lines that continue them through each row.
import type { VNode } from "preact";
import { formatCount, formatNumber, kThinSpace, type Unit } from "../base/format";
import { percentAt, type TimeScale } from "../base/time_scale";

export interface AxisProps {
  readonly scale: TimeScale;
  readonly ticks: readonly number[];
  readonly unit: Unit;
}

/** Ticks are round numbers: their decimals are those they have. */
function tickLabel(nanos: number, unit: Unit): string {
  if (nanos === 0) return "0";
  const value = nanos / unit.nanos;
  const text = Number.isInteger(value) ? formatCount(value) : value < 0.01 ? formatNumber(value) : String(+value.toPrecision(6));
  return `${text}${kThinSpace}${unit.name}`;
}

export function TimeAxis({ scale, ticks, unit }: AxisProps): VNode {
  return (
    <svg role="presentation">
      {ticks.map((tick, index) => {
        const x = `${percentAt(scale, tick)}%`;
        return (
          <g key={tick}>
            <line class="grid-line" x1={x} x2={x} y1="14" y2="20" />
            <text x={x} y="13" dx={index === 0 ? 0 : 4}>
              {tickLabel(tick, unit)}
            </text>
          </g>
        );
      })}
      <line class="grid-line" x1="100%" x2="100%" y1="14" y2="20" />
    </svg>
  );
}

/** One line for each position, in per cent, through the height of a row. */
export function GridLines({ positions }: { readonly positions: readonly number[] }): VNode {
  return (
    <>
      {positions.map((position) => (
        <line key={position} class="grid-line" x1={`${position}%`} x2={`${position}%`} y1="0" y2="100%" />
      ))}
    </>
  );
}
