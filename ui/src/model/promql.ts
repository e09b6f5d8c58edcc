// SPDX-License-Identifier: Apache-2.0
// A query of numbers in PromQL, over the metrics that Tempo's generator makes of spans. They know four things of
// a span and how long it took: a query that asks for more has no equivalent, and why is told instead.
import { cutMeasure, type GroupedStage } from "./query_groups";
import { partsOf, takesStages } from "./query_parts";
import { type Matcher, matchersOf } from "./traceql_filter";
import { quoted, tokensOf, unquoted } from "./traceql_tokens";

export interface PromqlQuery {
  readonly text: string;
  /** rate, quantile_over_time */
  readonly measure: string;
  /** `> 5`: which samples are left; "" for all. */
  readonly comparison: string;
}

/** Why there is none. */
export interface NoPromql {
  readonly reason: string;
}

const kCalls = "traces_spanmetrics_calls_total";
const kLatency = "traces_spanmetrics_latency";
/** What is counted together, unless the query has a step. */
const kWindow = "5m";

const kLabels: Readonly<Record<string, string>> = {
  "resource.service.name": "service", name: "span_name", "span:name": "span_name", kind: "span_kind", "span:kind": "span_kind",
  status: "status_code", "span:status": "status_code",
};

/** `step`: as the page has it, "" for none. */
export function promqlOf(query: string, step: string): PromqlQuery | NoPromql {
  const parts = partsOf(query);
  if (!takesStages(parts)) return { reason: "Series that are computed from others are not translated." };
  const [stage, ...more] = parts.stages;
  const cut = stage === undefined ? undefined : cutMeasure(stage);
  const matchers = matchersOf(parts.filter);
  if (!cut || !matchers) return { reason: "Span metrics know single spans, by conditions that are joined with &&." };
  const call = callOf(cut.head);
  const reason = whyNot(matchers, cut, call, more);
  if (reason !== undefined) return { reason };
  const labels = matchers.map((matcher) => `${kLabels[matcher.field]}${matcher.operator}${quoted(labelText(matcher) ?? "")}`);
  const computed = measured(call, {
    selector: labels.length > 0 ? `{${labels.join(",")}}` : "",
    by: cut.fields.map((field) => kLabels[field] ?? field),
    window: step.replace(/\s+/g, "") || kWindow,
  });
  const comparison = comparisonOf(cut.tail) ?? "";
  const compared = comparison ? `${computed.includes(" or ") ? `(${computed})` : computed} ${comparison}` : computed;
  const text = more.reduce((inner, each) => each.replace(kRanking, (_, ranked: string, count: string) => `${ranked}(${count}, ${inner})`), compared);
  return { text, comparison, measure: call.name };
}

const kRanking = /^(topk|bottomk)\s*\(\s*(\d+)\s*\)$/;

/** `quantile_over_time(duration, .5, .9)` */
interface Call {
  readonly name: string;
  readonly field: string;
  readonly quantiles: readonly number[];
}

function callOf(head: string): Call {
  const [name = "", field = "", ...rest] = tokensOf(head).filter(({ kind }) => kind !== "paren" && kind !== "comma").map(({ text }) => text);
  return { name, field, quantiles: rest.map(Number) };
}

// --- what span metrics cannot say ---

function whyNot(matchers: readonly Matcher[], { fields, tail }: GroupedStage, call: Call, more: readonly string[]): string | undefined {
  const unknown = [...fields, ...matchers.map(({ field }) => field)].find((field) => !kLabels[field]);
  if (unknown !== undefined) return `Span metrics have no label for ${unknown}.`;
  const wrong = matchers.find((matcher) => labelText(matcher) === undefined);
  if (wrong) return `Labels cannot be asked for ${wrong.field} ${wrong.operator} ${wrong.value}.`;
  if (comparisonOf(tail) === undefined) return `What follows the measure is not translated: ${tail}.`;
  const other = more.find((stage) => !kRanking.test(stage));
  if (other !== undefined) return `The stage ${other} is not translated.`;
  return whyNotMeasured(call);
}

function whyNotMeasured({ name, field, quantiles }: Call): string | undefined {
  if (/^(rate|count_over_time)$/.test(name)) return undefined;
  if (!/^(span:)?duration$/.test(field)) return `Span metrics have no numbers of ${field}.`;
  if (/^(sum|avg)_over_time$/.test(name)) return undefined;
  if (name === "quantile_over_time" && quantiles.length > 0 && !quantiles.some(Number.isNaN)) return undefined;
  return `Span metrics cannot tell ${name}().`;
}

/** What a condition compares its label with; undefined where labels cannot be compared so. */
function labelText({ field, operator, value }: Matcher): string | undefined {
  const label = kLabels[field];
  if (label === "service" || label === "span_name") return /^(!?=|=~|!~)$/.test(operator) ? unquoted(value) : undefined;
  if (!/^!?=$/.test(operator) || !/^[a-z]+$/.test(value) || value === "nil") return undefined;
  return `${label === "span_kind" ? "SPAN_KIND" : "STATUS_CODE"}_${value.toUpperCase()}`;
}

/** `> 1m30s` → > 90; "" of nothing; undefined when it is something else. */
function comparisonOf(tail: string): string | undefined {
  if (!tail) return "";
  const [, operator, sign, value] = /^(>=|<=|!=|>|<|=)\s*(-?)\s*(\S+)$/.exec(tail) ?? [];
  const number = value && numberOf(value);
  if (!operator || !number) return undefined;
  return `${operator === "=" ? "==" : operator} ${sign}${number}`;
}

const kSeconds: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, "µs": 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };

/** A number, or the seconds of a duration. */
function numberOf(text: string): string | undefined {
  if (/^(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text)) return String(Number(text));
  const units = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|[smhdwy])/g)];
  if (units.length === 0 || units.map(([unit]) => unit).join("") !== text) return undefined;
  const seconds = units.reduce((sum, [, count, unit]) => sum + Number(count) * kSeconds[unit!]!, 0);
  return String(Number(seconds.toPrecision(12)));
}

// --- what they can ---

interface Over {
  /** `{service="a"}` */
  readonly selector: string;
  readonly by: readonly string[];
  readonly window: string;
}

function measured({ name, quantiles }: Call, over: Over): string {
  if (name === "rate") return summed("rate", kCalls, over);
  if (name === "count_over_time") return summed("increase", kCalls, over);
  if (name === "sum_over_time") return summed("increase", `${kLatency}_sum`, over);
  if (name === "avg_over_time") return `${summed("rate", `${kLatency}_sum`, over)} / ${summed("rate", `${kLatency}_count`, over)}`;
  const buckets = summed("rate", `${kLatency}_bucket`, { ...over, by: ["le", ...over.by] });
  const all = quantiles.map((quantile) => `histogram_quantile(${quantile}, ${buckets})`);
  // Of several each series says which it is of, as the answer of TraceQL does.
  return all.length === 1 ? all[0]! : all.map((one, at) => `label_replace(${one}, "p", "${quantiles[at]}", "", "")`).join(" or ");
}

function summed(over: string, metric: string, { selector, by, window }: Over): string {
  return `sum${by.length > 0 ? ` by (${by.join(", ")})` : ""} (${over}(${metric}${selector}[${window}]))`;
}
