// SPDX-License-Identifier: Apache-2.0
// The calls the pages make.
import { type Result, success } from "../base/result";
import type { InstantSeries, MetricsAnswer } from "../model/metrics";
import { addAskedRange, type TimeRange } from "../model/time_range";
import type { SearchAnswer } from "../model/trace";
import { getJson } from "./http";
import { decodeInstant, decodeMetrics } from "./metrics_json";
import {
  type CountedName, decodeCountedNames, decodeSearch, decodeTagNames, decodeTagValues, decodeValueTraces, type TagValue, type ValueTraces,
} from "./search_json";

async function decoded<T>(path: string, decode: (json: unknown) => T, signal?: AbortSignal): Promise<Result<T>> {
  const answer = await getJson(path, signal);
  return answer.ok ? success(decode(answer.value)) : answer;
}

export function searchTraces(params: URLSearchParams, signal?: AbortSignal): Promise<Result<SearchAnswer>> {
  return decoded(`/api/search?${params}`, decodeSearch, signal);
}

/** More values than this are of no help to who reads them. */
const kMaxValues = "200";

/** Attribute names as TraceQL writes them, each with its scope. */
export function readTagNames(signal?: AbortSignal): Promise<Result<readonly string[]>> {
  return decoded("/api/v2/search/tags", decodeTagNames, signal);
}

/** Those of the spans of a time. */
export function readTagNamesOf(range: TimeRange, signal?: AbortSignal): Promise<Result<readonly string[]>> {
  const params = new URLSearchParams();
  addAskedRange(params, range);
  return decoded(`/api/v2/search/tags?${params}`, decodeTagNames, signal);
}

/** Values of a field, of the spans that match what is whole of the query. */
export function readTagValues(field: string, query: string, signal?: AbortSignal): Promise<Result<readonly TagValue[]>> {
  const params = new URLSearchParams({ limit: kMaxValues });
  if (query) params.set("q", query);
  return decoded(`/api/v2/search/tag/${encodeURIComponent(field)}/values?${params}`, decodeTagValues, signal);
}

/** Attribute names with how many of the matching spans have them; `asked` has q and a range. */
export function readCountedNames(asked: URLSearchParams, signal?: AbortSignal): Promise<Result<readonly CountedName[]>> {
  return decoded(`/api/clew/v1/tags?${asked}`, decodeCountedNames, signal);
}

/** The values of a field with how many of the traces have each that match `asked`, a whole query. */
export function readValueTraces(field: string, asked: URLSearchParams, signal?: AbortSignal): Promise<Result<readonly ValueTraces[]>> {
  return decoded(`/api/clew/v1/tag/${encodeURIComponent(field)}/traces?${asked}`, decodeValueTraces, signal);
}

export function readMetrics(params: URLSearchParams, signal?: AbortSignal): Promise<Result<MetricsAnswer>> {
  return decoded(`/api/metrics/query_range?${params}`, decodeMetrics, signal);
}

/** One value for each series, over the whole range. */
export function readInstant(params: URLSearchParams, signal?: AbortSignal): Promise<Result<readonly InstantSeries[]>> {
  return decoded(`/api/metrics/query?${params}`, decodeInstant, signal);
}

/** The whole address of a metrics query, for who asks it by hand. */
export function metricsAddress(params: URLSearchParams): string {
  return `${location.origin}/api/metrics/query_range?${params}`;
}
