// SPDX-License-Identifier: Apache-2.0
// A chart on a canvas. The pointer moves the crosshair, picks points and drags a range; with the focus on it
// the arrow keys do: left and right walk the points, or the times where there are none, Enter opens a point, with
// Shift they choose a range. What is chosen stays marked, with what can be done with it beside it.
import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { fitCanvas, useLooks } from "../canvas";
import { type ChartData, type ChartFocus, kNoFocus } from "./chart_model";
import { type Brush, drawChart } from "./draw_chart";
import { readPalette } from "./palette";
import { type PlotArea, plotArea, pointAt, rowAt, seriesAt, stepAt, timeAt, xOf } from "./plot_area";

export interface ChartCanvasProps {
  readonly data: ChartData;
  readonly focus: ChartFocus;
  /** What the chart shows, for who cannot see it. */
  readonly label: string;
  readonly onFocus: (focus: ChartFocus) => void;
  readonly onPoint: (point: number) => void;
  /** `shifted`: with the Shift key. */
  readonly onRange: (from: number, to: number, shifted: boolean) => void;
  /** The range that stays marked. */
  readonly chosen: Brush | undefined;
  /** What can be done with it. */
  readonly tools: ComponentChildren;
  /** What is said beside the crosshair. */
  readonly children: ComponentChildren;
}

const kReach = 10;
const kLeastDrag = 6;

export function ChartCanvas(props: ChartCanvasProps): VNode {
  const { data, focus, label, chosen, onFocus, onPoint, onRange } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const pressed = useRef<number | undefined>(undefined);
  const held = useRef<KeyedRange | undefined>(undefined);
  const brush = useSignal<Brush | undefined>(undefined);
  const shown = brush.value ?? chosen;
  const looks = useLooks(canvas);
  useLayoutEffect(() => {
    if (canvas.current) paint(canvas.current, data, focus, shown);
  }, [data, focus, shown, looks]);

  const at = (event: MouseEvent): { readonly area: PlotArea; readonly x: number; readonly y: number } => {
    const box = canvas.current!.getBoundingClientRect();
    return { area: plotArea(box.width, box.height), x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const move = (event: MouseEvent): void => {
    const { area, x, y } = at(event);
    if (pressed.current !== undefined && Math.abs(x - pressed.current) >= kLeastDrag) {
      const [one, other] = [timeAt(data, area, pressed.current), timeAt(data, area, x)];
      brush.value = { from: Math.min(one, other), to: Math.max(one, other) };
    }
    onFocus(focusAt(data, area, x, y));
  };
  const release = (event: MouseEvent): void => {
    const { area, x, y } = at(event);
    const dragged = brush.value;
    const clicked = pressed.current !== undefined;
    [pressed.current, brush.value] = [undefined, undefined];
    if (dragged) return onRange(dragged.from, dragged.to, event.shiftKey);
    const point = pointAt(data, area, x, y, kReach);
    if (clicked && point >= 0) onPoint(point);
  };
  const leave = (): void => {
    [pressed.current, brush.value] = [undefined, undefined];
    onFocus(kNoFocus);
  };
  return (
    <div class={focus.point >= 0 ? "chart on-point" : "chart"} role="group" aria-label={label} tabIndex={0} data-testid="chart"
      onKeyDown={(event) => steer(event, props, held)}>
      <canvas ref={canvas} aria-hidden="true" onPointerMove={move} onPointerUp={release} onPointerLeave={leave}
        onPointerDown={(event) => event.button === 0 && (pressed.current = at(event).x)} />
      <Callout data={data} focus={focus} canvas={canvas.current}>
        {props.children}
      </Callout>
      {chosen && !brush.value && (
        <RangeTools data={data} chosen={chosen} canvas={canvas.current}>
          {props.tools}
        </RangeTools>
      )}
    </div>
  );
}

function paint(canvas: HTMLCanvasElement, data: ChartData, focus: ChartFocus, brush: Brush | undefined): void {
  const context = fitCanvas(canvas);
  if (!context) return;
  drawChart({ context, data, area: plotArea(canvas.clientWidth, canvas.clientHeight), palette: readPalette(canvas), focus }, brush);
}

function focusAt(data: ChartData, area: PlotArea, x: number, y: number): ChartFocus {
  if (x < area.left - kReach || x > area.left + area.width + kReach) return kNoFocus;
  const time = stepAt(data, area, x);
  const point = pointAt(data, area, x, y, kReach);
  const series = data.points[point]?.series ?? seriesAt(data, area, time, y);
  return { time, point, series: data.cells ? -1 : series, row: rowAt(data, area, y) };
}

function steer(event: KeyboardEvent, { data, focus, chosen, onFocus, onPoint, onRange }: ChartCanvasProps, held: { current: KeyedRange | undefined }): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
  const step = steps[event.key];
  // Whoever shows the chart may have something to close, too.
  if (event.key === "Escape") return onFocus(kNoFocus);
  if (event.shiftKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
    held.current = stretched(data, focus, chosen, held.current, event.key === "ArrowRight" ? 1 : -1);
    const { from, to } = brushOf(held.current);
    if (to > from) onRange(from, to, false);
  } else if (event.key === "Enter" && focus.point >= 0) onPoint(focus.point);
  else if (step !== undefined) onFocus(walked(data, focus, step));
  else return;
  event.preventDefault();
}

/** A range that keys choose: it has an end that stays and one that moves. */
interface KeyedRange {
  readonly fixed: number;
  readonly moving: number;
}

const brushOf = ({ fixed, moving }: KeyedRange): Brush => ({ from: Math.min(fixed, moving), to: Math.max(fixed, moving) });

/** A step further, from the crosshair or else the end; what was chosen otherwise moves at its right. */
function stretched({ times, step, from, to }: ChartData, focus: ChartFocus, chosen: Brush | undefined, held: KeyedRange | undefined, by: 1 | -1): KeyedRange {
  const at = times[focus.time] ?? to;
  const isHeld = held && chosen && Math.abs(brushOf(held).from - chosen.from) < 1 && Math.abs(brushOf(held).to - chosen.to) < 1;
  const { fixed, moving } = isHeld ? held : chosen ? { fixed: chosen.from, moving: chosen.to } : { fixed: at, moving: at };
  const next = moving + by * step;
  // Nothing is no range.
  const moved = Math.abs(next - fixed) < step / 2 ? next + by * step : next;
  return { fixed, moving: Math.max(from, Math.min(to, moved)) };
}

/** To the next point in time, or the next time where there are no points. */
function walked(data: ChartData, focus: ChartFocus, step: number): ChartFocus {
  const order = data.points.map((_, index) => index).sort((a, b) => data.points[a]!.time - data.points[b]!.time);
  const list = order.length > 0 ? order : data.times.map((_, index) => index);
  if (list.length === 0) return kNoFocus;
  const present = list.indexOf(order.length > 0 ? focus.point : focus.time);
  // Home and End know their place, a first step begins at the end it comes from.
  const wanted = Number.isFinite(step) && present < 0 ? (step < 0 ? Infinity : 0) : present + step;
  const index = list[Math.min(list.length - 1, Math.max(0, wanted))]!;
  const point = order.length > 0 ? data.points[index] : undefined;
  if (!point) return { ...kNoFocus, time: index };
  const row = data.cells ? Math.floor(data.heightOf(point) ?? -1) : -1;
  const time = data.times.findIndex((edge) => edge >= point.time);
  return { time, point: index, series: data.cells ? -1 : point.series, row };
}

interface CalloutProps {
  readonly data: ChartData;
  readonly focus: ChartFocus;
  readonly canvas: HTMLCanvasElement | null;
  readonly children: ComponentChildren;
}

/** Beside the crosshair, on the side that has room. */
function Callout({ data, focus, canvas, children }: CalloutProps): VNode | null {
  const time = data.points[focus.point]?.time ?? data.times[focus.time];
  if (!canvas || time === undefined) return null;
  const x = xOf(data, plotArea(canvas.clientWidth, canvas.clientHeight), time);
  const onLeft = x > canvas.clientWidth / 2;
  const place = onLeft ? { right: `${canvas.clientWidth - x + 12}px` } : { left: `${x + 12}px` };
  return (
    <div class="callout" style={place} aria-live="polite" data-testid="chart-callout">
      {children}
    </div>
  );
}

interface RangeToolsProps {
  readonly data: ChartData;
  readonly chosen: Brush;
  readonly canvas: HTMLCanvasElement | null;
  readonly children: ComponentChildren;
}

/** Beside the range, on the side that has more room. */
function RangeTools({ data, chosen, canvas, children }: RangeToolsProps): VNode | null {
  if (!canvas) return null;
  const area = plotArea(canvas.clientWidth, canvas.clientHeight);
  const [left, right] = [xOf(data, area, chosen.from), xOf(data, area, chosen.to)];
  const onLeft = left > canvas.clientWidth - right;
  const place = onLeft ? { right: `${canvas.clientWidth - left + 12}px` } : { left: `${right + 12}px` };
  return (
    <div class="callout at-range" style={place} role="group" aria-label="Chosen time" data-testid="range-tools">
      {children}
    </div>
  );
}
