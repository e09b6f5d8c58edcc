// SPDX-License-Identifier: Apache-2.0
// A stretch of the chart's time, as the address keeps it, and what can be done with it.
import type { VNode } from "preact";
import { clockOf } from "./clock_text";

/** Unix milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export function stretchOfText(text: string): Stretch | undefined {
  const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? [];
  return Number(to) > Number(from) ? { from: Number(from), to: Number(to) } : undefined;
}

export const textOfStretch = (from: number, to: number): string => `${Math.round(from)}-${Math.round(to)}`;

export interface RangeToolsProps {
  readonly stretch: Stretch;
  readonly compareAddress: string;
  readonly onZoom: () => void;
  readonly onLeave: () => void;
}

export function RangeTools({ stretch: { from, to }, compareAddress, onZoom, onLeave }: RangeToolsProps): VNode {
  return (
    <>
      <span>{clockOf(from)}–{clockOf(to)}</span>
      <button class="button line" type="button" data-testid="zoom-range" onClick={onZoom}>
        Zoom in <kbd>z</kbd>
      </button>
      <a class="button line" data-testid="compare-range" href={compareAddress}>
        Compare with the rest <kbd>x</kbd>
      </a>
      <button class="button" type="button" aria-label="Choose no time" onClick={onLeave}>
        ×
      </button>
    </>
  );
}
