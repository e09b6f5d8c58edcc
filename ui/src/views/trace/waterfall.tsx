// SPDX-License-Identifier: Apache-2.0
// The waterfall: overview, axis and rows. Only the rows in sight are there, in tiles; spacers hold the place of the
// others.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { inSteps, kRowStep, printedRows, type RowWindow, rowsInSight, rowWindow, scrollToShow } from "../../base/row_window";
import { ticks } from "../../base/time_scale";
import type { ShownTrace } from "../../model/shown_trace";
import { isGroup } from "../../model/trace_rows";
import { useThemeChanges } from "../../widgets/canvas";
import { useFewRows } from "../../widgets/few_rows";
import { printing } from "../../widgets/printing";
import { PrintedPart, RowSpacer } from "../../widgets/row_spacer";
import { TimeAxis } from "../../widgets/time_axis";
import type { KnownPalette } from "./lane_canvas";
import { type JoinedRows, kNoneJoined, kRowHeight } from "./lane_pen";
import type { LedgerReader } from "./ledger_reader";
import { Overview } from "./overview_canvas";
import { RowTile } from "./row_tile";
import { useTickTitles } from "./tick_titles";
import { placeOf, type TraceStore } from "./trace_store";

/** The overview and the axis, which stay on top. */
const kHeadHeight = 81;
/** What a tick and its label need. */
const kTickWidth = 72;
/** What a page has room for. */
const kPrintedRows = 25;

export function Waterfall({ store, ledger }: { readonly store: TraceStore; readonly ledger: LedgerReader }): VNode {
  const box = useRef<HTMLDivElement>(null);
  const scrollTop = useSignal(0);
  /** To the pixel, and as it was before a printer laid the rows out. */
  const exactTop = useRef(0);
  const height = useSignal(0);
  /** Not known yet: 0. */
  const laneWidth = useSignal(0);
  const looks = useThemeChanges();
  const palette: KnownPalette = useRef(undefined);
  const { trace } = store;
  const shown = store.shown.value;
  const selected = store.selected.value;
  const scale = store.window.scale.value;
  const matches = store.finder.found.value?.matches;
  const usual = ledger.value?.usual;

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = (): void => {
      // On paper it is as high as its rows.
      if (!printing.value) height.value = Math.max(0, element.clientHeight - kHeadHeight);
      laneWidth.value = Math.max(kTickWidth, element.querySelector(".axis")?.clientWidth ?? 0);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [printing.value]);
  useLayoutEffect(() => {
    if (!printing.value && box.current) box.current.scrollTop = exactTop.current;
  }, [printing.value]);
  const count = shown.rows.length;
  const near = printing.value
    ? printedRows(count, kRowHeight, exactTop.current, height.value, kPrintedRows)
    : rowWindow(count, kRowHeight, scrollTop.value, height.value);
  const few = useFewRows(rowsInSight(count, kRowHeight, exactTop.current, height.value), near);
  const { first, end } = printing.value ? near : few;
  const onScroll = (top: number): void => {
    if (printing.value) return;
    exactTop.current = top;
    const sight = rowsInSight(count, kRowHeight, top, height.value);
    const isDrawn = first <= sight.first && sight.end <= end;
    scrollTop.value = isDrawn ? inSteps(top, kRowHeight) : top;
  };
  useSelectionInSight(box, store, onScroll);
  const drawn = shown.rows.subarray(first, end);
  const tabStop = drawn.includes(selected) ? selected : (drawn[0] ?? -1);
  const joined = useMemo(() => joinedTo(trace, selected), [trace, selected]);
  const mostTicks = Math.max(1, Math.floor(laneWidth.value / kTickWidth));
  const steps = useMemo(() => ticks(scale, mostTicks), [scale, mostTicks]);
  const lanes = { trace, shown, scale, ticks: steps, width: laneWidth.value, pathOn: store.pathOn.value, usual, joined };
  const titleTicks = useTickTitles(lanes);
  const pick = useCallback((row: number) => store.select(row, "push"), [store]);
  const tiles = tilesOf(shown.rows, near);
  return (
    <div class="wf" ref={box} onScroll={(event) => onScroll(event.currentTarget.scrollTop)} data-testid="waterfall">
      <Overview store={store} />
      <div role="treegrid" aria-label="Spans; j and k walk, h and l fold and unfold" aria-keyshortcuts="j k h l Home End" aria-rowcount={count + 1} aria-colcount={3}>
        <div class="wf-head wf-cols" role="row" aria-rowindex={1}>
          <span role="columnheader">Service, operation</span>
          <span role="columnheader" class="num">
            Self, {trace.unit.name}
          </span>
          <div class="axis" role="columnheader" aria-label="Time">
            <TimeAxis scale={scale} ticks={steps} unit={trace.unit} />
          </div>
        </div>
        <div role="rowgroup">
          <div class="wf-body" role="presentation" onMouseMove={titleTicks} onMouseLeave={titleTicks}>
            <RowSpacer rows={count} rowHeight={kRowHeight} />
            {tiles.map((tile) => (
              <RowTile
                key={tile.first}
                {...lanes}
                first={tile.first}
                end={tile.end}
                top={printing.value ? undefined : tile.first * kRowHeight}
                from={Math.min(tile.end, Math.max(tile.first, first))}
                to={Math.max(tile.first, Math.min(tile.end, end))}
                looks={looks}
                palette={palette}
                selected={tile.has(selected) ? selected : -1}
                tabStop={tile.has(tabStop) ? tabStop : -1}
                matches={matches}
                folded={store.folded.value}
                opened={store.opened.value}
                onSelect={pick}
                onToggle={store.toggle}
              />
            ))}
          </div>
        </div>
        <PrintedPart first={first} end={end} count={count} />
        {count === 0 && <p class="wf-none">No span matches. Show all spans again to see them.</p>}
      </div>
    </div>
  );
}

interface Tile extends RowWindow {
  readonly has: (row: number) => boolean;
}

function tilesOf(rows: Uint32Array, { first, end }: RowWindow): readonly Tile[] {
  return Array.from({ length: Math.ceil((end - first) / kRowStep) }, (_, at) => {
    const tile = { first: first + at * kRowStep, end: Math.min(end, first + (at + 1) * kRowStep) };
    return { ...tile, has: (row) => rows.subarray(tile.first, tile.end).includes(row) };
  });
}

/** The same nothing for all spans without links, so that walking over them draws nothing anew. */
function joinedTo(trace: ShownTrace, row: number): JoinedRows {
  if (isGroup(row) || (trace.links.countOf(row) === 0 && trace.links.countTo(row) === 0)) return kNoneJoined;
  return { row, from: trace.links.from(row), to: trace.links.to(row) };
}

/** Scrolls the selected row into sight when it changes, and keeps the focus on it once it is in the grid. */
function useSelectionInSight(
  box: { readonly current: HTMLDivElement | null },
  store: TraceStore,
  onScroll: (top: number) => void,
): void {
  const selected = store.selected.value;
  const drawnBefore = useRef(false);
  useLayoutEffect(() => {
    const element = box.current;
    const at = placeOf(store.shown.value, selected);
    if (!element || at < 0) return;
    const room = Math.max(kRowHeight, element.clientHeight - kHeadHeight);
    const target = scrollToShow(at, kRowHeight, element.scrollTop, room);
    if (target !== element.scrollTop) {
      // A trace opens with its row a little below the middle; later the page moves as little as it can.
      element.scrollTop = drawnBefore.current ? target : at * kRowHeight - room * 0.6;
      onScroll(element.scrollTop);
    }
    drawnBefore.current = true;
  }, [selected, store]);
  useEffect(() => {
    const active = document.activeElement;
    const inGrid = active === document.body || (active instanceof HTMLElement && active.getAttribute("role") === "row");
    if (inGrid) box.current?.querySelector<HTMLElement>("[aria-selected=true]")?.focus({ preventScroll: true });
  }, [selected]);
}
