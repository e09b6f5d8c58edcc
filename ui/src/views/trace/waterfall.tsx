// SPDX-License-Identifier: Apache-2.0
// The waterfall: overview, axis and rows. Only the rows in sight are drawn; spacers hold the place of the
// others, sized by an attribute because the page allows no inline style.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { rowWindow, scrollToShow } from "../../base/row_window";
import { percentAt, ticks } from "../../base/time_scale";
import type { TraceLayout } from "../../model/trace_layout";
import { TimeAxis } from "../../widgets/time_axis";
import { Overview } from "./overview_strip";
import { SpanRow } from "./span_row";
import type { TraceStore } from "./trace_store";

const kRowHeight = 24;
/** The overview and the axis, which stay on top. */
const kHeadHeight = 81;
/** What a tick and its label need, and a duration beside its bar. */
const kTickWidth = 72;
const kLabelWidth = 60;

export interface WaterfallProps {
  readonly layout: TraceLayout;
  readonly store: TraceStore;
}

export function Waterfall({ layout, store }: WaterfallProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const scrollTop = useSignal(0);
  const height = useSignal(0);
  const laneWidth = useSignal(600);
  const rows = store.rows.value;
  const selected = store.selected.value;

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = (): void => {
      height.value = Math.max(0, element.clientHeight - kHeadHeight);
      laneWidth.value = Math.max(kTickWidth, element.querySelector(".axis")?.clientWidth ?? 0);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useSelectionInSight(box, store, scrollTop);

  // It depends on the trace alone: drawn once, not at every scroll.
  const overview = useMemo(() => <Overview layout={layout} />, [layout]);
  const { first, end } = rowWindow(rows.length, kRowHeight, scrollTop.value, height.value);
  const drawn = rows.slice(first, end);
  const tabStop = drawn.includes(selected) ? selected : drawn[0];
  const steps = ticks(layout.scale, Math.max(1, Math.floor(laneWidth.value / kTickWidth)));
  const lines = [...steps.map((tick) => percentAt(layout.scale, tick)), 100];
  return (
    <div class="wf" ref={box} onScroll={(event) => (scrollTop.value = event.currentTarget.scrollTop)} data-testid="waterfall">
      {overview}
      <div role="treegrid" aria-label="Spans" aria-rowcount={rows.length + 1} aria-colcount={3}>
        <WaterfallHead layout={layout} steps={steps} />
        <div class="wf-body" role="rowgroup">
          <Spacer rows={first} />
          {drawn.map((index, at) => (
            <SpanRow
              key={index}
              index={index}
              layout={layout}
              lines={lines}
              labelWidth={(100 * kLabelWidth) / laneWidth.value}
              rowNumber={first + at + 2}
              open={!store.folded.value.has(layout.tree.nodes[index]!.key)}
              selected={index === selected}
              tabStop={index === tabStop}
              onSelect={store.select}
              onToggle={store.toggle}
            />
          ))}
          <Spacer rows={rows.length - end} />
        </div>
      </div>
    </div>
  );
}

function Spacer({ rows }: { readonly rows: number }): VNode | null {
  return rows > 0 ? <svg class="spacer" width="1" height={rows * kRowHeight} aria-hidden="true" /> : null;
}

interface WaterfallHeadProps {
  readonly layout: TraceLayout;
  readonly steps: readonly number[];
}

function WaterfallHead({ layout, steps }: WaterfallHeadProps): VNode {
  return (
    <div class="wf-head wf-cols" role="row" aria-rowindex={1}>
      <span role="columnheader">Service, operation</span>
      <span role="columnheader" class="num">
        Self, {layout.unit.name}
      </span>
      <div class="axis" role="columnheader" aria-label="Time">
        <TimeAxis scale={layout.scale} ticks={steps} unit={layout.unit} />
      </div>
    </div>
  );
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
    const at = store.rows.value.indexOf(selected);
    if (!element || at < 0) return;
    const room = Math.max(kRowHeight, element.clientHeight - kHeadHeight);
    const target = scrollToShow(at, kRowHeight, element.scrollTop, room);
    if (target !== element.scrollTop) {
      // A trace opens with its row a little below the middle; later the page moves as little as it can.
      element.scrollTop = drawnBefore.current ? target : at * kRowHeight - room * 0.6;
      scrollTop.value = element.scrollTop;
    }
    drawnBefore.current = true;
  }, [selected, store]);
  useLayoutEffect(() => {
    const active = document.activeElement;
    const inGrid = active === document.body || (active instanceof HTMLElement && active.getAttribute("role") === "row");
    if (inGrid) box.current?.querySelector<HTMLElement>("[aria-selected=true]")?.focus({ preventScroll: true });
  }, [selected]);
}
