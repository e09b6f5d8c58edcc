// SPDX-License-Identifier: Apache-2.0
// While the pointer is on an event's tick, the title of its lane says what the tick stands for instead of what the
// bar does. One listener for all rows: a row that comes costs nothing more.
import { useRef } from "preact/hooks";
import { tickTitle } from "../../model/event_ticks";
import { isGroup } from "../../model/trace_rows";
import { laneX, type Lanes } from "./lane_pen";

interface Told {
  readonly lane: HTMLElement;
  readonly title: string;
  /** What it said before. */
  readonly before: string;
}

export function useTickTitles({ trace, shown, scale, width }: Pick<Lanes, "trace" | "shown" | "scale" | "width">): (event: MouseEvent) => void {
  const told = useRef<Told | undefined>(undefined);
  return ({ target, offsetX }) => {
    const lane = target instanceof HTMLElement && target.classList.contains("lane") ? target : undefined;
    const place = Number(lane?.parentElement?.getAttribute("aria-rowindex")) - 2;
    const row = shown.rows[place];
    const title = row === undefined || isGroup(row) ? undefined : tickTitle(trace, row, laneX(scale, width), width, offsetX);
    const last = told.current;
    if (last && lane === last.lane && title === last.title) return;
    // Unless the row has been drawn anew since.
    if (last && last.lane.title === last.title) last.lane.title = last.before;
    told.current = lane && title !== undefined ? { lane, title, before: lane.title } : undefined;
    if (told.current) lane!.title = title!;
  };
}
