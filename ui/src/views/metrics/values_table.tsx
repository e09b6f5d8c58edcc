// SPDX-License-Identifier: Apache-2.0
// Every number of the answer: a row for each time, the newest first, a column for each series.
import type { VNode } from "preact";
import { formatCount } from "../../base/format";
import { formatMetric } from "../../model/metric_unit";
import { colorClass } from "../../model/service_color";
import type { ChartPlan } from "./chart_data";
import { clockOf } from "./clock_text";

const kMaxColumns = 50;

export function ValuesTable({ plan }: { readonly plan: ChartPlan }): VNode {
  const { data, unit } = plan;
  const series = plan.series.slice(0, kMaxColumns);
  const rows = data.times.map((_, at) => at).reverse();
  return (
    <div class="values">
      <table data-testid="values-table">
        <thead>
          <tr>
            <th scope="col">Time</th>
            {series.map((_, index) => (
              <th key={index} scope="col" class="num">
                <span class={`chip ${colorClass(data.series[index]!.color)}`} /> {data.series[index]!.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((at) => (
            <tr key={at}>
              <th scope="row">{clockOf(data.times[at]!)}</th>
              {series.map(({ values }, index) => (
                <td key={index} class="num">{formatMetric(unit, values[at] ?? NaN)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {plan.seriesCount > kMaxColumns && (
        <p class="legend muted">The {kMaxColumns} largest of {formatCount(plan.seriesCount)} series. topk() asks for fewer.</p>
      )}
    </div>
  );
}
