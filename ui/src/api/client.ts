// SPDX-License-Identifier: Apache-2.0
// The calls the pages make.
import { type Result, success } from "../base/result";
import type { Span, TraceSummary } from "../model/trace";
import { getJson } from "./http";
import { decodeSearch, decodeTagValues } from "./search_json";
import { decodeTrace } from "./trace_json";

async function decoded<T>(path: string, decode: (json: unknown) => T, signal?: AbortSignal): Promise<Result<T>> {
  const answer = await getJson(path, signal);
  return answer.ok ? success(decode(answer.value)) : answer;
}

export function searchTraces(params: URLSearchParams, signal?: AbortSignal): Promise<Result<readonly TraceSummary[]>> {
  return decoded(`/api/search?${params}`, decodeSearch, signal);
}

/** A trace that is not stored is a failure with status 404. */
export function readTrace(traceId: string, signal?: AbortSignal): Promise<Result<readonly Span[]>> {
  return decoded(traceAddress(traceId), decodeTrace, signal);
}

/** The address of the trace's JSON, also for its download. */
export function traceAddress(traceId: string): string {
  return `/api/traces/${encodeURIComponent(traceId)}`;
}

export function readServices(signal?: AbortSignal): Promise<Result<readonly string[]>> {
  return decoded("/api/v2/search/tag/resource.service.name/values", decodeTagValues, signal);
}
