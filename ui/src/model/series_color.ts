// SPDX-License-Identifier: Apache-2.0
// The colours of series: a service has its own wherever it is shown, other labels take theirs by the hash of
// the name. The largest series choose first; past the twelfth they share grey.
import { hashedColor, kRestColor, kServiceColors } from "./service_color";
import { type Series, seriesName, summaryOf, tellingKeys } from "./metrics";

/** Index of the colour for each series, in their order. */
export function seriesColors(series: readonly Series[]): readonly number[] {
  const keys = tellingKeys(series);
  const order = series
    .map((each, index) => ({ index, key: seriesName(each, keys), max: summaryOf(each).max }))
    .sort((a, b) => b.max - a.max || a.index - b.index);
  const colors = series.map(() => kRestColor);
  const taken = new Set<number>();
  const colored = order.slice(0, kServiceColors);
  for (const { index, key } of colored) {
    const color = hashedColor(key);
    if (taken.has(color)) continue;
    colors[index] = color;
    taken.add(color);
  }
  for (const { index, key } of colored) {
    if (colors[index] !== kRestColor) continue;
    let color = hashedColor(key);
    while (taken.has(color)) color = (color + 1) % kServiceColors;
    colors[index] = color;
    taken.add(color);
  }
  return colors;
}
