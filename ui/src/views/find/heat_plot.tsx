// SPDX-License-Identifier: Apache-2.0
// The map of durations over time with the rate above it. A box is dragged with the pointer; with the focus on
// the map the arrow keys move a cell, and with Shift they stretch the box from where it stood.
import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { formatClock, formatCount, formatDuration, formatNumber, plural } from "../../base/format";
import { clockTicks } from "../../base/clock_axis";
import { tickText } from "../../base/log_axis";
import { kSecond, timeFromMillis } from "../../base/time";
import { boxBetween, type DurationHeat, type HeatBox, type HeatCell, lengthTicks, rowOfLength } from "../../model/duration_heat";
import { heatLevel } from "../../model/heat_map";

export interface HeatPlotProps {
  readonly heat: DurationHeat;
  readonly unit: "trace" | "span";
  readonly box: HeatBox | undefined;
  readonly onBox: (box: HeatBox | undefined) => void;
  /** Enter on a box. */
  readonly onKeep: () => void;
  /** What is said of the box. */
  readonly children: ComponentChildren;
}

const kMapHeight = 120;
const kMapTop = 32;
const kLengthLabels = 8;
const kTimeLabels = 7;
const kGap = 4;

export function HeatPlot({ heat, unit, box, onBox, onKeep, children }: HeatPlotProps): VNode {
  const map = useRef<SVGSVGElement>(null);
  const pressed = useRef<HeatCell | undefined>(undefined);
  const anchor = useRef<HeatCell | undefined>(undefined);
  const dragged = useSignal<HeatBox | undefined>(undefined);
  const cursor = useSignal<HeatCell | undefined>(undefined);
  const rows = heat.edges.length - 1;

  const cellAt = (event: MouseEvent): HeatCell => {
    const frame = map.current!.getBoundingClientRect();
    const column = Math.floor(((event.clientX - frame.left) / frame.width) * heat.columns);
    const row = rows - 1 - Math.floor(((event.clientY - frame.top - kMapTop) / kMapHeight) * rows);
    return clamped(heat, { column, row });
  };
  const press = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    pressed.current = cellAt(event);
    map.current!.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent): void => {
    if (!pressed.current) return;
    const box = boxBetween(pressed.current, cellAt(event));
    // A click without a way is no box.
    if (dragged.value || box.left !== box.right || box.low !== box.high) dragged.value = box;
  };
  const release = (): void => {
    const drawn = dragged.value;
    [pressed.current, dragged.value] = [undefined, undefined];
    onBox(drawn);
  };
  const steer = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    if (event.key === "Enter" && box) onKeep();
    else if (event.key === "Escape" && (box || cursor.value)) {
      onBox(undefined);
      cursor.value = undefined;
    } else if (kSteps[event.key]) {
      const [right, up] = kSteps[event.key]!;
      const from = cursor.value ?? { column: heat.columns - 1, row: rows - 1 };
      const to = cursor.value ? clamped(heat, { column: from.column + right, row: from.row + up }) : from;
      anchor.current = event.shiftKey ? anchor.current ?? from : to;
      cursor.value = to;
      onBox(boxBetween(anchor.current, to));
    } else return;
    event.preventDefault();
  };

  return (
    <div class="plot" role="group" tabIndex={0} aria-label={describe(heat, unit)} data-testid="heat" onKeyDown={steer}
      onFocus={() => (anchor.current = cursor.value)} onBlur={() => (cursor.value = undefined)}>
      <Labels heat={heat} />
      <svg ref={map} class="hw" height="176" aria-hidden="true" onPointerDown={press} onPointerMove={move} onPointerUp={release}>
        <RateLine heat={heat} />
        <g transform={`translate(0 ${kMapTop})`}>
          <Cells heat={heat} />
          <BoxShape heat={heat} box={dragged.value ?? box} />
        </g>
        <TimeAxis heat={heat} />
      </svg>
      {!dragged.value && box && <Callout heat={heat} box={box}>{children}</Callout>}
    </div>
  );
}

const kSteps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1],
};

function clamped({ columns, edges }: DurationHeat, { column, row }: HeatCell): HeatCell {
  return { column: Math.max(0, Math.min(columns - 1, column)), row: Math.max(0, Math.min(edges.length - 2, row)) };
}

function describe({ total, edges, from, step, columns }: DurationHeat, unit: string): string {
  const [start, end] = [from, from + step * columns].map((time) => formatClock(timeFromMillis(time)).slice(0, 5));
  const lengths = edges.length > 0 ? `, ${formatDuration(edges[0]! * kSecond)} to ${formatDuration(edges.at(-1)! * kSecond)}` : "";
  return `Durations of ${formatCount(total)} ${plural(total, unit)} from ${start} to ${end}${lengths}. Arrow keys choose a cell, with Shift a box.`;
}

function Labels({ heat }: { readonly heat: DurationHeat }): VNode {
  const rows = heat.edges.length - 1;
  const most = Math.max(...heat.totals, 0) / (heat.step / 60_000);
  return (
    <svg class="ylab" height="176" aria-hidden="true">
      <text x="40" y="12" text-anchor="end">{most < 10 ? formatNumber(most) : formatCount(most)}/min</text>
      {lengthTicks(heat, kLengthLabels).map((length) => (
        <text key={length} x="40" y={kMapTop + kMapHeight * (1 - rowOfLength(heat, length) / rows) + 4} text-anchor="end">
          {tickText(length * kSecond)}
        </text>
      ))}
    </svg>
  );
}

function RateLine({ heat: { totals, columns } }: { readonly heat: DurationHeat }): VNode {
  const most = Math.max(...totals, 1);
  const points = totals.map((count, at) => `${at + 0.5},${(22 - (20 * count) / most).toFixed(2)}`).join(" ");
  return (
    <svg height="24" width="100%" viewBox={`0 0 ${columns} 24`} preserveAspectRatio="none">
      <polyline class="rate" points={points} />
    </svg>
  );
}

function Cells({ heat }: { readonly heat: DurationHeat }): VNode {
  const shapes = useMemo(() => cellsOf(heat), [heat]);
  const rows = heat.edges.length - 1;
  return (
    <>
      {lengthTicks(heat, kLengthLabels).map((length) => {
        const y = kMapHeight * (1 - rowOfLength(heat, length) / rows);
        return <line key={length} class="rule" x1="0" x2="100%" y1={y} y2={y} />;
      })}
      {shapes}
    </>
  );
}

function cellsOf({ counts, errors, columns, most }: DurationHeat): readonly VNode[] {
  const high = kMapHeight / counts.length;
  const wide = 100 / columns;
  return counts.flatMap((row, at) => {
    const y = kMapHeight - (at + 1) * high + 0.5;
    return row.flatMap((count, column) => {
      if (!(count > 0)) return [];
      const place = { x: `${column * wide + 0.04}%`, width: `${wide - 0.08}%` };
      const cell = <rect key={`${at} ${column}`} class={`h${heatLevel(count, most)}`} {...place} y={y} height={high - 1} />;
      if (!(errors[at]![column]! > 0)) return [cell];
      return [cell, <rect key={`e${at} ${column}`} class="e" {...place} y={y + high / 2 - 1.5} height={2} />];
    });
  });
}

function BoxShape({ heat, box }: { readonly heat: DurationHeat; readonly box: HeatBox | undefined }): VNode | null {
  if (!box) return null;
  const high = kMapHeight / (heat.edges.length - 1);
  const place = {
    x: `${(100 * box.left) / heat.columns}%`,
    width: `${(100 * (box.right + 1 - box.left)) / heat.columns}%`,
    y: kMapHeight - (box.high + 1) * high,
    height: (box.high + 1 - box.low) * high,
  };
  return (
    <>
      <rect class="box-halo" {...place} />
      <rect class="box" data-testid="heat-box" {...place} />
    </>
  );
}

function TimeAxis({ heat: { from, step, columns } }: { readonly heat: DurationHeat }): VNode {
  const length = step * columns;
  return (
    <g transform={`translate(0 ${kMapTop + kMapHeight + kGap})`}>
      {clockTicks(from, from + length, kTimeLabels).map(({ time, label }, at) => {
        const share = (time - from) / length;
        const x = `${(100 * share).toFixed(4)}%`;
        const anchor = share < 0.03 ? "start" : share > 0.97 ? "end" : "middle";
        return (
          <g key={time} class={at % 2 ? "minor" : undefined}>
            <line class="zero" x1={x} x2={x} y1="-3" y2="1" />
            <text x={x} y="13" text-anchor={anchor}>{label}</text>
          </g>
        );
      })}
    </g>
  );
}

interface CalloutProps {
  readonly heat: DurationHeat;
  readonly box: HeatBox;
  readonly children: ComponentChildren;
}

/** What is said of a box, and the buttons, take no more than this. */
const kCalloutWidth = 580;

/** On the map, over the box where there is no room beside it. */
function inside(place: string): string {
  return `max(0px, min(${place}, 100% - ${kCalloutWidth}px))`;
}

/** Beside the box, on the side that has room. */
function Callout({ heat: { columns }, box, children }: CalloutProps): VNode {
  const left = box.left / columns;
  const right = 1 - (box.right + 1) / columns;
  const beside = (share: number): string => `calc((100% - 48px) * ${1 - share} + 12px)`;
  const place = left >= right ? { right: inside(beside(left)) } : { left: inside(`calc(48px + (100% - 48px) * ${1 - right} + 12px)`) };
  return (
    <div class="callout at-box" style={place} aria-live="polite" data-testid="heat-callout">
      {children}
    </div>
  );
}
