// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal, match } from "node:assert/strict";
import { test } from "node:test";
import { alertRuleOf } from "./alert_rule";
import { promqlOf } from "./promql";

function promql(query: string, step = ""): string {
  const answer = promqlOf(query, step);
  return "reason" in answer ? `not: ${answer.reason}` : answer.text;
}

test("spans are counted by what span metrics know of them", () => {
  equal(promql("{ } | rate()"), "sum (rate(traces_spanmetrics_calls_total[5m]))");
  equal(promql('{ resource.service.name = "shop" && kind = server && status != error } | count_over_time() by (name, status)', "1m"),
    'sum by (span_name, status_code) (increase(traces_spanmetrics_calls_total{service="shop",span_kind="SPAN_KIND_SERVER",status_code!="STATUS_CODE_ERROR"}[1m]))');
  equal(promql('{ name =~ `GET /a\\d"` } | rate() by (resource.service.name)'), 'sum by (service) (rate(traces_spanmetrics_calls_total{span_name=~"GET /a\\\\d\\""}[5m]))');
});

test("durations are summed, averaged, and told by quantiles", () => {
  equal(promql("{ } | sum_over_time(duration)"), "sum (increase(traces_spanmetrics_latency_sum[5m]))");
  equal(promql("{ } | avg_over_time(span:duration) by (kind)"),
    "sum by (span_kind) (rate(traces_spanmetrics_latency_sum[5m])) / sum by (span_kind) (rate(traces_spanmetrics_latency_count[5m]))");
  equal(promql("{ } | quantile_over_time(duration, .95) by (resource.service.name)"),
    "histogram_quantile(0.95, sum by (le, service) (rate(traces_spanmetrics_latency_bucket[5m])))");
  equal(promql("{ } | quantile_over_time(duration, .5, .9) > 1m30s"),
    '(label_replace(histogram_quantile(0.5, sum by (le) (rate(traces_spanmetrics_latency_bucket[5m]))), "p", "0.5", "", "") or '
    + 'label_replace(histogram_quantile(0.9, sum by (le) (rate(traces_spanmetrics_latency_bucket[5m]))), "p", "0.9", "", "")) > 90');
});

test("samples are compared, and series ranked", () => {
  equal(promql("{ } | rate() by (name) > 5 | topk(3) with (exemplars=true)"), "topk(3, sum by (span_name) (rate(traces_spanmetrics_calls_total[5m])) > 5)");
  equal(promql("{ } | max_over_time(duration)"), "not: Span metrics cannot tell max_over_time().");
  equal(promql("{ } | rate() = 0"), "sum (rate(traces_spanmetrics_calls_total[5m])) == 0");
  equal(promql("{ } | avg_over_time(duration) >= 250ms").endsWith(" >= 0.25"), true);
});

test("what span metrics do not know is told", () => {
  equal(promql("{ span.http.route = \"/\" } | rate()"), "not: Span metrics have no label for span.http.route.");
  equal(promql("{ } | rate() by (resource.cloud.region)"), "not: Span metrics have no label for resource.cloud.region.");
  equal(promql("{ .service.name = \"shop\" } | rate()"), "not: Span metrics have no label for .service.name.");
  equal(promql("{ duration > 1s } | rate()"), "not: Span metrics have no label for duration.");
  equal(promql("{ name > \"a\" } | rate()"), 'not: Labels cannot be asked for name > "a".');
  equal(promql("{ } | avg_over_time(span.size)"), "not: Span metrics have no numbers of span.size.");
  equal(promql("{ } | histogram_over_time(duration)"), "not: Span metrics cannot tell histogram_over_time().");
  equal(promql("{ } | compare({ status = error })"), "not: Span metrics know single spans, by conditions that are joined with &&.");
  equal(promql("{ .a } >> { .b } | rate()"), "not: Span metrics know single spans, by conditions that are joined with &&.");
  equal(promql("{ .a || .b } | rate()"), "not: Span metrics know single spans, by conditions that are joined with &&.");
  equal(promql("({ } | rate()) / ({ } | rate())"), "not: Series that are computed from others are not translated.");
  equal(promql("{ } | count() > 2 | rate()"), "not: Span metrics know single spans, by conditions that are joined with &&.");
});

test("a rule fires while samples are left", () => {
  const query = "{ name = \"it's\" }\n | rate() > 5";
  const rule = alertRuleOf(promqlOf(query, ""), query, "http://clew/chart?q=x");
  deepEqual("text" in rule && rule.text.split("\n"), [
    "groups:",
    "  - name: clew",
    "    rules:",
    "      - alert: SpanRateHigh",
    "        expr: 'sum (rate(traces_spanmetrics_calls_total{span_name=\"it''s\"}[5m])) > 5'",
    "        for: 5m",
    "        labels:",
    "          severity: warning",
    "        annotations:",
    "          summary: '{ name = \"it''s\" } | rate() > 5 is {{ $value }}'",
    "          clew: 'http://clew/chart?q=x'",
    "",
  ]);
});

test("a rule needs something to fire at, and what PromQL cannot say no rule can", () => {
  const rule = (query: string): string => {
    const answer = alertRuleOf(promqlOf(query, ""), query, "");
    return "reason" in answer ? answer.reason : "";
  };
  match(rule("{ } | rate()"), /^Say when it fires/);
  match(rule("{ .a } | rate() > 1"), /no label for|&&/);
});
