// SPDX-License-Identifier: Apache-2.0
// The overview: the whole trace, the critical path on top and one thin lane for each level of the tree. Dragging
// over it picks the stretch of time that the waterfall shows; its ends can be dragged, a double click shows all.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { formatIn, formatWithUnit } from "../../base/format";
import type { TimeScale } from "../../base/time_scale";
import { kOverviewCells, type OverviewBar } from "../../model/overview";
import { fitCanvas, useLooks } from "../../widgets/canvas";
import { type LanePalette, readLanePalette } from "./lane_palette";
import type { TraceStore } from "./trace_store";

const kLaneHeight = 5;
const kLanesTop = 10;
const kLeastDrag = 4;

interface Drag {
  /** The instant that stays. */
  readonly fixed: number;
  readonly to: number;
}

export function Overview({ store }: { readonly store: TraceStore }): VNode {
  const { trace, window: view } = store;
  const { overview, depth, length } = trace.data;
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useSignal<Drag | undefined>(undefined);
  const looks = useLooks(canvas);
  const { value: dragged } = drag;
  const scale = dragged ? ordered(dragged) : view.scale.value;
  const pathOn = store.pathOn.value;
  useEffect(() => {
    const context = canvas.current && fitCanvas(canvas.current);
    if (context) draw(context, canvas.current!, store, scale);
  }, [looks, scale.start, scale.end, store, pathOn]);

  const instant = (event: PointerEvent): number => {
    const box = canvas.current!.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * length;
  };
  const press = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    canvas.current!.setPointerCapture(event.pointerId);
    const at = instant(event);
    const near = (nanos: number): boolean => (Math.abs(nanos - at) / length) * canvas.current!.clientWidth < 6;
    const { start, end } = view.scale.value;
    const fixed = !view.zoomed.value ? at : near(start) ? end : near(end) ? start : at;
    drag.value = { fixed, to: at };
  };
  const release = (event: PointerEvent): void => {
    const { value } = drag;
    drag.value = undefined;
    if (!value) return;
    const { start, end } = ordered({ ...value, to: instant(event) });
    if (((end - start) / length) * canvas.current!.clientWidth >= kLeastDrag) view.show(start, end);
  };
  const first = overview.firstLevel;
  const last = first + overview.lanes.length - 1;
  const levels = first === last ? `level ${first}` : `levels ${first}–${last}`;
  return (
    <div class="wf-cols strip">
      <p class="overview-note">
        <span>
          Overview, {levels} of {depth}
        </span>
        <span data-testid="window">
          {formatIn(trace.unit, scale.start)} – {formatWithUnit(trace.unit, scale.end)}
        </span>
      </p>
      <div class="overview">
        <canvas ref={canvas} role="img" aria-label={`Overview by tree level, ${levels} of ${depth}, critical path on top`} data-testid="overview"
          onPointerDown={press} onPointerMove={(event) => drag.value && (drag.value = { ...drag.value, to: instant(event) })}
          onPointerUp={release} onPointerCancel={() => (drag.value = undefined)} onDblClick={view.reset} />
      </div>
    </div>
  );
}

function ordered({ fixed, to }: Drag): TimeScale {
  return { start: Math.min(fixed, to), end: Math.max(fixed, to) };
}

function draw(context: CanvasRenderingContext2D, canvas: HTMLCanvasElement, { trace, pathOn }: TraceStore, scale: TimeScale): void {
  const palette = readLanePalette(canvas);
  const { clientWidth: width, clientHeight: height } = canvas;
  const { overview, length } = trace.data;
  const bars = (list: readonly OverviewBar[], y: number, barHeight: number): void => {
    for (const { color, error, from, to } of list) {
      context.fillStyle = error ? palette.error : palette.series[color]!;
      context.fillRect((from / kOverviewCells) * width, y, Math.max(0.75, ((to - from) / kOverviewCells) * width), barHeight);
    }
  };
  const top = 4 + kLanesTop;
  overview.lanes.forEach((lane, level) => bars(lane, top + level * kLaneHeight, kLaneHeight - 1));
  if (pathOn.value) {
    bars(overview.path, 4, 5);
    context.fillStyle = palette.ink;
    context.fillRect(0, 10, width, 1.5);
  }
  drawWindow(context, palette, length, scale, width, height);
}

function drawWindow(context: CanvasRenderingContext2D, palette: LanePalette, length: number, { start, end }: TimeScale, width: number, height: number): void {
  const [left, right] = length > 0 ? [(start / length) * width, (end / length) * width] : [0, width];
  context.globalAlpha = 0.75;
  context.fillStyle = palette.paper;
  context.fillRect(0, 0, left, height);
  context.fillRect(right, 0, width - right, height);
  context.globalAlpha = 1;
  context.strokeStyle = palette.zero;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, 0.5, Math.max(1, right - left - 1), height - 1);
  context.fillStyle = palette.ink;
  for (const x of [left, right - 2]) context.fillRect(x, height / 2 - 6, 2, 12);
}
