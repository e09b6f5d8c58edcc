// SPDX-License-Identifier: Apache-2.0
// A query of numbers for others to ask: the address of its answer, PromQL over span metrics, and a rule that fires.
import { metricsAddress } from "../../api/client";
import { alertRuleOf } from "../../model/alert_rule";
import { type MetricsQuery, metricsParams, paramsFromMetrics } from "../../model/metrics_query";
import { type NoPromql, promqlOf } from "../../model/promql";
import { kDefaultRange } from "../../model/time_range";
import { copyItem, type MenuItem } from "../../widgets/menu";
import { sharedAddress } from "../query/share_button";

export function copiesOf(query: MetricsQuery): readonly MenuItem[] {
  const promql = promqlOf(query.q, query.step);
  // Of whenever it is followed.
  const link = sharedAddress("/chart", paramsFromMetrics({ ...query, ...kDefaultRange, chart: undefined }));
  return [
    copyItem("HTTP", () => metricsAddress(metricsParams(query))),
    itemOf("PromQL", promql),
    itemOf("Alert rule", alertRuleOf(promql, query.q, link)),
  ];
}

function itemOf(name: string, translated: { readonly text: string } | NoPromql): MenuItem {
  if ("reason" in translated) return { ...copyItem(name, () => ""), reason: translated.reason };
  return copyItem(name, () => translated.text);
}
