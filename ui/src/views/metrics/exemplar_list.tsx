// SPDX-License-Identifier: Apache-2.0
// The exemplars as a list of links: what the diamonds of the chart are for who does not point at them.
import type { VNode } from "preact";
import { plural } from "../../base/format";
import { formatMetric } from "../../model/metric_unit";
import { colorClass } from "../../model/service_color";
import { shortTraceId } from "../../model/trace";
import type { ChartPlan } from "./chart_data";
import { clockOf } from "./clock_text";

export function ExemplarList({ plan }: { readonly plan: ChartPlan }): VNode | null {
  const { exemplars, data, valueUnit, heat } = plan;
  if (exemplars.length === 0) return null;
  const order = exemplars.map((_, index) => index).sort((a, b) => exemplars[b]!.value - exemplars[a]!.value);
  return (
    <details class="legend exemplars">
      <summary data-testid="exemplars">
        {exemplars.length} {plural(exemplars.length, "exemplar")}
      </summary>
      <table class="dt">
        <thead>
          <tr>
            <th scope="col">Trace</th>
            <th scope="col">Of</th>
            <th scope="col" class="num">Time</th>
            <th scope="col" class="num">Value</th>
          </tr>
        </thead>
        <tbody>
          {order.map((index) => {
            const { traceId, time, value } = exemplars[index]!;
            const of = data.points[index]!.series;
            return (
              <tr key={index} class="tight">
                <td class="mono"><a href={`/trace/${shortTraceId(traceId)}`}>{shortTraceId(traceId)}</a></td>
                <td>{!heat && <span class={`chip ${colorClass(data.series[of]!.color)}`} />} {heat ? "" : data.series[of]!.name}</td>
                <td class="num">{clockOf(time)}</td>
                <td class="num strong">{formatMetric(valueUnit, value)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}
