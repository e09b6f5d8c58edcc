// SPDX-License-Identifier: Apache-2.0
// What the shades of a map mean.
import type { VNode } from "preact";
import { formatCount } from "../../base/format";
import { type HeatMap, heatLevel } from "../../model/heat_map";

const kLevels = [1, 2, 3, 4, 5, 6, 7];

export function HeatLegend({ heat }: { readonly heat: HeatMap }): VNode {
  return (
    <div class="legend heat-legend" data-testid="heat-legend">
      <span class="muted">spans in a cell</span>
      <ol>
        {kLevels.filter((level) => level === 7 || leastOf(level, heat.most) < leastOf(level + 1, heat.most)).map((level) => (
          <li key={level}>
            <svg width="20" height="12" aria-hidden="true">
              <rect class={`h${level}`} width="20" height="12" rx="1" />
            </svg>
            {formatCount(leastOf(level, heat.most))}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** The smallest count of the level. */
function leastOf(level: number, most: number): number {
  const guess = Math.max(1, Math.floor((((level - 1) / 6.999) ** 2) * most));
  return heatLevel(guess, most) < level && guess < most ? guess + 1 : guess;
}
