// SPDX-License-Identifier: Apache-2.0
// The colours of a canvas are those of the page: its custom properties, read when the theme changes.

export interface Palette {
  readonly ink: string;
  readonly label: string;
  readonly rule: string;
  readonly zero: string;
  readonly paper: string;
  /** Twelve and a grey for the rest. */
  readonly series: readonly string[];
  /** From an almost empty cell to a full one. */
  readonly heat: readonly string[];
  readonly font: string;
}

const kSeries = 12;
const kHeat = 7;

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ink: color("--ink"),
    label: color("--ink-3"),
    rule: color("--line"),
    zero: color("--edge"),
    paper: color("--paper"),
    series: [...Array.from({ length: kSeries }, (_, at) => color(`--svc-${at}`)), color("--svc-rest")],
    heat: Array.from({ length: kHeat }, (_, at) => color(`--heat-${at + 1}`)),
    font: `11px ${style.fontFamily}`,
  };
}
