// SPDX-License-Identifier: Apache-2.0
// The map of the Find page, and what can be done with a box on it.
import type { VNode } from "preact";
import { formatClock, formatCount, plural } from "../../base/format";
import { timeFromMillis } from "../../base/time";
import { boxOfRange, countIn, type HeatRange, lengthInWords, rangeOfBox } from "../../model/duration_heat";
import { HeatPlot } from "./heat_plot";
import type { Overview } from "./overview_state";

export interface HeatSectionProps {
  readonly overview: Overview;
  /** The box, by its time and length. */
  readonly chosen: HeatRange | undefined;
  readonly onChoose: (chosen: HeatRange | undefined) => void;
  readonly onKeep: (chosen: HeatRange) => void;
  /** Where a box is compared with the rest. */
  readonly compareAddress: (chosen: HeatRange) => string;
}

export function HeatSection({ overview, chosen, onChoose, onKeep, compareAddress }: HeatSectionProps): VNode | null {
  const { heat, problem, unit } = overview;
  if (problem) {
    return (
      <section class="heat" aria-label="Durations over time">
        <p class="heat-note" role="status">{problem}</p>
      </section>
    );
  }
  if (!heat || heat.counts.length === 0) return null;
  const box = chosen && boxOfRange(heat, chosen);
  const range = box && rangeOfBox(heat, box);
  const keep = (): void => void (range && onKeep(range));
  return (
    <section class="heat" aria-label="Durations over time">
      <HeatPlot heat={heat} unit={unit} box={box} onKeep={keep}
        onBox={(next) => onChoose(next && rangeOfBox(heat, next))}>
        {box && range && (
          <>
            <span>
              <b>{formatCount(countIn(heat, box))} {plural(countIn(heat, box), unit)}</b>
              {[`, ${clockOf(range.start)}–${clockOf(range.end)}`, lengthInWords(range)].filter(Boolean).join(", ")}
            </span>
            <button class="button line" type="button" data-testid="keep-box" onClick={keep}>
              Keep as filter
            </button>
            <a class="button line" data-testid="compare-box" href={compareAddress(range)}>
              Compare box with the rest <kbd>C</kbd>
            </a>
            <button class="button" type="button" aria-label="Remove the box" onClick={() => onChoose(undefined)}>
              ×
            </button>
          </>
        )}
      </HeatPlot>
    </section>
  );
}

function clockOf(seconds: number): string {
  return formatClock(timeFromMillis(seconds * 1000)).slice(0, seconds % 60 === 0 ? 5 : 8);
}
