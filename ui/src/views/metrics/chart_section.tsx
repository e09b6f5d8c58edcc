// SPDX-License-Identifier: Apache-2.0
// The chart, what it says at the crosshair, and the same numbers as a table.
import type { ComponentChildren, VNode } from "preact";
import { formatCount } from "../../base/format";
import { colorClass } from "../../model/service_color";
import { formatMetric } from "../../model/metric_unit";
import { shortTraceId } from "../../model/trace";
import { ChartCanvas } from "../../widgets/chart/chart_canvas";
import type { ChartFocus } from "../../widgets/chart/chart_model";
import { type ChartPlan, describe } from "./chart_data";
import { clockOf } from "./clock_text";
import { ExemplarList } from "./exemplar_list";
import { HeatLegend } from "./heat_legend";
import type { Stretch } from "./range_tools";
import { SeriesTable } from "./series_table";
import { ValuesTable } from "./values_table";

export interface ChartSectionProps {
  readonly plan: ChartPlan;
  readonly focus: ChartFocus;
  readonly onFocus: (focus: ChartFocus) => void;
  /** With the id of an exemplar's trace. */
  readonly onTrace: (traceId: string) => void;
  /** Milliseconds; `shifted`: with the Shift key. */
  readonly onRange: (from: number, to: number, shifted: boolean) => void;
  readonly chosen: Stretch | undefined;
  /** What can be done with the chosen time. */
  readonly tools: ComponentChildren;
}

export function ChartSection({ plan, focus, onFocus, onTrace, onRange, chosen, tools }: ChartSectionProps): VNode {
  if (plan.kind === "table") return <ValuesTable plan={plan} />;
  const open = (point: number): void => {
    const exemplar = plan.exemplars[point];
    if (exemplar?.traceId) onTrace(shortTraceId(exemplar.traceId));
  };
  return (
    <>
      <ChartCanvas data={plan.data} focus={focus} label={describe(plan)} onFocus={onFocus} onPoint={open} onRange={onRange}
        chosen={chosen} tools={tools}>
        <Reading plan={plan} focus={focus} />
      </ChartCanvas>
      {plan.heat
        ? <HeatLegend heat={plan.heat} />
        : <SeriesTable plan={plan} focus={focus} onFocus={onFocus} />}
      <ExemplarList plan={plan} />
    </>
  );
}

const kMaxRead = 8;

/** What the chart says at the crosshair: an exemplar, a cell, or the largest values. */
function Reading({ plan, focus }: { readonly plan: ChartPlan; readonly focus: ChartFocus }): VNode {
  const { data, unit, valueUnit, exemplars, heat } = plan;
  const exemplar = exemplars[focus.point];
  if (exemplar) {
    const of = data.series[data.points[focus.point]!.series]!;
    return (
      <>
        <p><b>{formatMetric(valueUnit, exemplar.value)}</b> <span class="muted">{clockOf(exemplar.time)}</span></p>
        {!heat && <p><span class={`chip ${colorClass(of.color)}`} /> {of.name}</p>}
        <p class="mono muted">{shortTraceId(exemplar.traceId)}</p>
        <p class="muted">Click or Enter shows the trace</p>
      </>
    );
  }
  const time = data.times[focus.time] ?? 0;
  if (heat && data.cells) {
    const count = heat.counts[focus.row]?.[focus.time];
    const [low, high] = [data.cells.edges[focus.row], data.cells.edges[focus.row + 1]];
    return (
      <>
        <p><b>{formatCount(count ?? 0)}</b> {count === 1 ? "span" : "spans"}</p>
        <p>{low} – {high}</p>
        <p class="muted">{clockOf(time - data.step)} – {clockOf(time)}</p>
      </>
    );
  }
  const present = data.series
    .map(({ values, color, name }, index) => ({ value: values[focus.time] ?? NaN, color, name, index }))
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => b.value - a.value);
  const first = present.filter(({ index }) => index === focus.series);
  const shown = [...first, ...present.filter(({ index }) => index !== focus.series)].slice(0, kMaxRead);
  return (
    <>
      <p class="muted">{clockOf(time)}</p>
      <dl class="readings">
        {shown.map(({ value, color, name, index }) => (
          <div key={index} class={index === focus.series ? "is-focus-series" : undefined}>
            <dt><span class={`chip ${colorClass(color)}`} /><span class="of">{name}</span></dt>
            <dd>{formatMetric(unit, value)}</dd>
          </div>
        ))}
      </dl>
      {present.length > shown.length && <p class="muted">{present.length - shown.length} more below</p>}
    </>
  );
}
