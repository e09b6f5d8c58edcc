// SPDX-License-Identifier: Apache-2.0
// A rule for Prometheus that fires while a query of numbers has samples.
import type { NoPromql, PromqlQuery } from "./promql";

const kFor = "5m";

const kNames: Readonly<Record<string, string>> = {
  rate: "SpanRate", count_over_time: "SpanCount", sum_over_time: "SpanTime", avg_over_time: "SpanDuration", quantile_over_time: "SpanDuration",
};

/** `query` is what the PromQL is of, and `link` where it is drawn. */
export function alertRuleOf(promql: PromqlQuery | NoPromql, query: string, link: string): { readonly text: string } | NoPromql {
  if ("reason" in promql) return promql;
  // Without one it would fire for ever.
  if (!promql.comparison) return { reason: "Say when it fires: compare in the query, as rate() > 5 does." };
  return {
    text: `groups:
  - name: clew
    rules:
      - alert: ${kNames[promql.measure] ?? "Spans"}${endOf(promql.comparison)}
        expr: ${literal(promql.text)}
        for: ${kFor}
        labels:
          severity: warning
        annotations:
          summary: ${literal(`${untemplated(query)} is {{ $value }}`)}
          clew: ${literal(link)}
`,
  };
}

function endOf(comparison: string): string {
  if (comparison.startsWith(">")) return "High";
  return comparison.startsWith("<") ? "Low" : "Unusual";
}

/** A text of YAML on one line. */
function literal(text: string): string {
  return `'${text.replace(/\s*\n\s*/g, " ").replace(/'/g, "''")}'`;
}

/** Braces of the query's own begin no template. */
function untemplated(text: string): string {
  return text.replace(/\{\{/g, '{{ "{{" }}');
}
