// SPDX-License-Identifier: Apache-2.0
// The legend, which is a table: each series with its value at the crosshair, its least, largest and last.
import type { VNode } from "preact";
import { formatCount } from "../../base/format";
import { formatMetric } from "../../model/metric_unit";
import { labelKeys, labelText, type Series, summaryOf } from "../../model/metrics";
import { colorClass } from "../../model/service_color";
import { attributeText } from "../../model/trace";
import { type ChartFocus, kNoFocus } from "../../widgets/chart/chart_model";
import { clockOf } from "./clock_text";
import type { ChartPlan } from "./chart_data";

export interface SeriesTableProps {
  readonly plan: ChartPlan;
  readonly focus: ChartFocus;
  readonly onFocus: (focus: ChartFocus) => void;
}

const kMaxRows = 100;

export function SeriesTable({ plan, focus, onFocus }: SeriesTableProps): VNode {
  const { series, data } = plan;
  const keys = labelKeys(series);
  const time = data.times[focus.time];
  return (
    <div class="legend">
      <table class="dt" data-testid="series-table">
        <colgroup>
          {keys.map((key) => <col key={key} />)}
          {["at", "min", "max", "last"].map((key) => <col key={key} class="c-num" />)}
        </colgroup>
        <thead>
          <tr>
            {keys.map((key) => <th key={key} scope="col">{headOf(key)}</th>)}
            <th scope="col" class="num">{time === undefined ? "At the cursor" : clockOf(time)}</th>
            <th scope="col" class="num">Min</th>
            <th scope="col" class="num" aria-sort="descending">Max</th>
            <th scope="col" class="num">Last</th>
          </tr>
        </thead>
        <tbody>
          {series.slice(0, kMaxRows).map((each, index) => (
            <tr key={index} class={index === focus.series ? "tight is-hot" : "tight"} data-testid="series-row"
              onPointerEnter={() => onFocus({ ...kNoFocus, series: index })} onPointerLeave={() => onFocus(kNoFocus)}>
              {keys.map((key, at) => (
                <td key={key}>
                  {at === 0 && <span class={`chip ${colorClass(data.series[index]!.color)}`} />} {labelOf(each, key)}
                </td>
              ))}
              <Numbers plan={plan} series={each} time={focus.time} />
            </tr>
          ))}
        </tbody>
      </table>
      {plan.seriesCount > kMaxRows && (
        <p class="muted">
          The {kMaxRows} largest of {formatCount(plan.seriesCount)} series, {formatCount(series.length)} of them drawn. topk() asks for fewer.
        </p>
      )}
    </div>
  );
}

function Numbers({ plan, series, time }: { readonly plan: ChartPlan; readonly series: Series; readonly time: number }): VNode {
  const { min, max, last } = summaryOf(series);
  const here = series.values[time];
  return (
    <>
      <td class="num strong">{here === undefined ? "" : formatMetric(plan.unit, here)}</td>
      <td class="num muted">{formatMetric(plan.unit, min)}</td>
      <td class="num">{formatMetric(plan.unit, max)}</td>
      <td class="num">{formatMetric(plan.unit, last)}</td>
    </>
  );
}

export function headOf(key: string): string {
  if (key === "__name__") return "series";
  return key === "p" ? "quantile" : key;
}

export function labelOf({ labels }: Series, key: string): string {
  const label = labels.find((candidate) => candidate.key === key);
  return label ? labelText(key, attributeText(label.value)) : "";
}
