// SPDX-License-Identifier: Apache-2.0
// The colours of the lanes: the page's own, with the pale ones mixed, since a canvas is given no classes.
import { type Palette, readPalette } from "../../widgets/chart/palette";

export interface LanePalette extends Palette {
  readonly ink2: string;
  readonly tick: string;
  readonly error: string;
  readonly strongFont: string;
  /** Of waiting, by service colour. */
  readonly pale: readonly string[];
}

export function readLanePalette(element: Element): LanePalette {
  const style = getComputedStyle(element);
  const value = (name: string): string => style.getPropertyValue(name).trim();
  const palette = readPalette(element);
  const share = parseFloat(value("--pale")) / 100;
  return {
    ...palette,
    ink2: value("--ink-2"),
    tick: value("--tick"),
    error: value("--error"),
    strongFont: `${value("--weight-strong")} ${palette.font}`,
    pale: palette.series.map((color) => mixed(color, palette.paper, share)),
  };
}

/** So much of one colour on the other, both written #rrggbb. */
function mixed(color: string, on: string, share: number): string {
  const part = (text: string, at: number): number => parseInt(text.slice(at, at + 2), 16);
  const channels = [1, 3, 5].map((at) => Math.round(part(color, at) * share + part(on, at) * (1 - share)));
  return `rgb(${channels.join(" ")})`;
}
