// SPDX-License-Identifier: Apache-2.0
// The rows of a long list that are there: those in sight at once, those beyond it a few a frame, so that no frame
// of a scroll has many to make.
import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { nextRows, type RowWindow } from "../base/row_window";

/** A wheel that turns fast brings two or three. */
const kRowsAFrame = 4;

/** What a scroll asks for would still be done in its own frame, which has other things to draw: it waits for the next. */
export function useFewRows(sight: RowWindow, wanted: RowWindow): RowWindow {
  const drawn = useRef<RowWindow>({ first: 0, end: 0 });
  const turns = useSignal(0);
  const lastTurn = useRef(0);
  const more = turns.value === lastTurn.current ? 0 : kRowsAFrame;
  lastTurn.current = turns.value;
  const { first, end } = (drawn.current = nextRows(drawn.current, sight, wanted, more));
  const left = first !== wanted.first || end !== wanted.end;
  useLayoutEffect(() => {
    if (!left) return undefined;
    const turn = (): void => void ++turns.value;
    let frame = requestAnimationFrame(more > 0 ? turn : () => (frame = requestAnimationFrame(turn)));
    return () => cancelAnimationFrame(frame);
  }, [left, wanted.first, wanted.end, turns.value]);
  return drawn.current;
}
