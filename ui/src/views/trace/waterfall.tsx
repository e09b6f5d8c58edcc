// SPDX-License-Identifier: Apache-2.0
// The waterfall: overview, axis and rows. Only the rows in sight are there, names as text and all bars on one
// canvas that lies among the rows and scrolls with them; spacers hold the place of the others.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { inSteps, printedRows, rowWindow, scrollToShow } from "../../base/row_window";
import { ticks } from "../../base/time_scale";
import type { ShownTrace } from "../../model/shown_trace";
import { groupOfRow, isGroup } from "../../model/trace_rows";
import { fitCanvas, sizeOf, useLooks } from "../../widgets/canvas";
import { printing } from "../../widgets/printing";
import { PrintedPart, RowSpacer } from "../../widgets/row_spacer";
import { TimeAxis } from "../../widgets/time_axis";
import { drawLanes } from "./draw_lanes";
import { type LanePalette, readLanePalette } from "./lane_palette";
import { type JoinedRows, kLaneMargin, kNoneJoined, kRowHeight, type Lanes } from "./lane_pen";
import type { LedgerReader } from "./ledger_reader";
import { Overview } from "./overview_canvas";
import { SpanRow } from "./span_row";
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
  const laneWidth = useSignal(600);
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
  useSelectionInSight(box, store, scrollTop);

  const { first, end } = printing.value
    ? printedRows(shown.rows.length, kRowHeight, exactTop.current, height.value, kPrintedRows)
    : rowWindow(shown.rows.length, kRowHeight, scrollTop.value, height.value);
  const onScroll = (top: number): void => {
    if (printing.value) return;
    exactTop.current = top;
    scrollTop.value = inSteps(top, kRowHeight);
  };
  const drawn = shown.rows.subarray(first, end);
  const tabStop = drawn.includes(selected) ? selected : drawn[0];
  const joined = useMemo(() => joinedTo(trace, selected), [trace, selected]);
  const steps = ticks(scale, Math.max(1, Math.floor(laneWidth.value / kTickWidth)));
  const lanes: Lanes = { trace, shown, first, end, scale, ticks: steps, width: laneWidth.value, pathOn: store.pathOn.value, usual, joined };
  const titleTicks = useTickTitles(lanes);
  const pick = useCallback((row: number) => store.select(row, "push"), [store]);
  const isOpen = (row: number): boolean => (isGroup(row) ? store.opened.value[groupOfRow(row)] === 1 : store.folded.value[row] !== 1);
  return (
    <div class="wf" ref={box} onScroll={(event) => onScroll(event.currentTarget.scrollTop)} data-testid="waterfall">
      <Overview store={store} />
      <div role="treegrid" aria-label="Spans; j and k walk, h and l fold and unfold" aria-keyshortcuts="j k h l Home End" aria-rowcount={shown.rows.length + 1} aria-colcount={3}>
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
          <RowSpacer rows={first} rowHeight={kRowHeight} />
          <div class="wf-body" role="presentation" onMouseMove={titleTicks} onMouseLeave={titleTicks}>
            <LaneCanvas {...lanes} />
            {Array.from(drawn, (row, at) => (
              <SpanRow
                key={row}
                row={row}
                level={shown.levels[first + at]!}
                trace={trace}
                usual={usual}
                rowNumber={first + at + 2}
                open={isOpen(row)}
                selected={row === selected}
                matched={!isGroup(row) && matches?.[row] === 1}
                tabStop={row === tabStop}
                onSelect={pick}
                onToggle={store.toggle}
              />
            ))}
          </div>
          <RowSpacer rows={shown.rows.length - end} rowHeight={kRowHeight} />
        </div>
        <PrintedPart first={first} end={end} count={shown.rows.length} />
        {shown.rows.length === 0 && <p class="wf-none">No span matches. Show all spans again to see them.</p>}
      </div>
    </div>
  );
}

/** The same nothing for all spans without links, so that walking over them draws nothing anew. */
function joinedTo(trace: ShownTrace, row: number): JoinedRows {
  if (isGroup(row) || (trace.links.countOf(row) === 0 && trace.links.countTo(row) === 0)) return kNoneJoined;
  return { row, from: trace.links.from(row), to: trace.links.to(row) };
}

function LaneCanvas(lanes: Lanes): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const looks = useLooks(canvas);
  // To ask for a style has the browser look at the page in the middle of a frame.
  const palette = useRef<{ readonly looks: number; readonly colors: LanePalette } | undefined>(undefined);
  const { shown, first, end, scale, width, pathOn, usual, joined } = lanes;
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element && fitCanvas(element);
    if (!element || !context) return;
    if (palette.current?.looks !== looks) palette.current = { looks, colors: readLanePalette(element) };
    drawLanes(context, palette.current!.colors, { ...lanes, width: sizeOf(element).width - kLaneMargin });
  }, [shown, first, end, scale.start, scale.end, width, pathOn, usual, joined, looks]);
  return <canvas class="wf-lanes" ref={canvas} aria-hidden="true" />;
}

/** Scrolls the selected row into sight when it changes, and keeps the focus on it once it is in the grid. */
function useSelectionInSight(
  box: { readonly current: HTMLDivElement | null },
  store: TraceStore,
  scrollTop: { value: number },
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
      scrollTop.value = inSteps(element.scrollTop, kRowHeight);
    }
    drawnBefore.current = true;
  }, [selected, store]);
  useEffect(() => {
    const active = document.activeElement;
    const inGrid = active === document.body || (active instanceof HTMLElement && active.getAttribute("role") === "row");
    if (inGrid) box.current?.querySelector<HTMLElement>("[aria-selected=true]")?.focus({ preventScroll: true });
  }, [selected]);
}
