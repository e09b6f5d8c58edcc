// SPDX-License-Identifier: Apache-2.0
// What the numbers of a metrics query are: its function and the field of it say.
import { formatDuration, formatNumber, kThinSpace } from "../base/format";
import { kSecond } from "../base/time";
import { isDurationField, kMetricsFunctions } from "./traceql_words";
import { type Token, tokensOf } from "./traceql_tokens";

/** Durations come in seconds, rates in spans a second. */
export type MetricUnit = "duration" | "rate" | "count" | "number";

export function unitOfQuery(query: string): MetricUnit {
  const tokens = tokensOf(query);
  const functions = tokens.flatMap((_, at) => (isFunction(tokens, at) ? [unitOfFunction(tokens, at)] : []));
  const first = functions[0];
  // 100 * errors / all is neither spans nor seconds.
  const computed = functions.length > 1 || tokens.some((_, at) => isArithmetic(tokens, at));
  return first === undefined || computed ? "number" : first;
}

function isFunction(tokens: readonly Token[], at: number): boolean {
  return kMetricsFunctions.has(tokens[at]!.text) && tokens[at + 1]?.text === "(";
}

function unitOfFunction(tokens: readonly Token[], at: number): MetricUnit {
  const name = tokens[at]!.text;
  if (name === "rate") return "rate";
  if (name === "count_over_time" || name === "histogram_over_time" || name === "compare") return "count";
  return isDurationField(tokens[at + 2]?.text ?? "") ? "duration" : "number";
}

/** What the spans themselves have: of a histogram its buckets, otherwise what the series have. */
export function unitOfValues(query: string): MetricUnit {
  const tokens = tokensOf(query);
  const at = tokens.findIndex(({ text }) => text === "histogram_over_time");
  if (at < 0) return unitOfQuery(query);
  return isDurationField(tokens[at + 2]?.text ?? "") ? "duration" : "number";
}

/** + - * / between series, not within braces. */
function isArithmetic(tokens: readonly Token[], at: number): boolean {
  if (!/^[+\-*/]$/.test(tokens[at]!.text)) return false;
  let depth = 0;
  for (const { text } of tokens.slice(0, at)) depth += text === "{" ? 1 : text === "}" ? -1 : 0;
  return depth === 0;
}

/** Whether bars of several series may stand on each other: only what can be added. */
export function isAdditive(query: string): boolean {
  return /\b(rate|count_over_time|sum_over_time)\s*\(/.test(query) && unitOfQuery(query) !== "number";
}

export function formatMetric(unit: MetricUnit, value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (unit === "duration" && value === 0) return "0";
  if (unit === "duration") return value < 0 ? formatNumber(value) : formatDuration(value * kSecond);
  const text = Number.isInteger(value) || Math.abs(value) >= 0.005 ? formatNumber(value) : value.toPrecision(3);
  const whole = unit !== "rate" && Number.isInteger(value) && value < 100 ? String(value) : text;
  return unit === "rate" ? `${text}${kThinSpace}/s` : whole;
}
