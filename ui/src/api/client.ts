// SPDX-License-Identifier: Apache-2.0
// The calls the pages make.
import { type Result, success } from "../base/result";
import type { MetricsAnswer } from "../model/metrics";
import type { TraceSummary } from "../model/trace";
import { getJson } from "./http";
import { decodeMetrics } from "./metrics_json";
import { decodeSearch, decodeTagNames, decodeTagValues, type TagValue } from "./search_json";

async function decoded<T>(path: string, decode: (json: unknown) => T, signal?: AbortSignal): Promise<Result<T>> {
  const answer = await getJson(path, signal);
  return answer.ok ? success(decode(answer.value)) : answer;
}

export function searchTraces(params: URLSearchParams, signal?: AbortSignal): Promise<Result<readonly TraceSummary[]>> {
  return decoded(`/api/search?${params}`, decodeSearch, signal);
}

/** More values than this are of no help to who reads them. */
const kMaxValues = "200";

/** Attribute names as TraceQL writes them, each with its scope. */
export function readTagNames(signal?: AbortSignal): Promise<Result<readonly string[]>> {
  return decoded("/api/v2/search/tags", decodeTagNames, signal);
}

/** Values of a field, of the spans that match what is whole of the query. */
export function readTagValues(field: string, query: string, signal?: AbortSignal): Promise<Result<readonly TagValue[]>> {
  const params = new URLSearchParams({ limit: kMaxValues });
  if (query) params.set("q", query);
  return decoded(`/api/v2/search/tag/${encodeURIComponent(field)}/values?${params}`, decodeTagValues, signal);
}

export async function readServices(signal?: AbortSignal): Promise<Result<readonly string[]>> {
  const values = await readTagValues("resource.service.name", "", signal);
  return values.ok ? success(values.value.map(({ value }) => value)) : values;
}

export function readMetrics(params: URLSearchParams, signal?: AbortSignal): Promise<Result<MetricsAnswer>> {
  return decoded(`/api/metrics/query_range?${params}`, decodeMetrics, signal);
}

/** The whole address of a metrics query, for who asks it by hand. */
export function metricsAddress(params: URLSearchParams): string {
  return `${location.origin}/api/metrics/query_range?${params}`;
}
