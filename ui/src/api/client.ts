// SPDX-License-Identifier: Apache-2.0
// The calls the pages make.
import { type Result, success } from "../base/result";
import type { TraceSummary } from "../model/trace";
import { getJson } from "./http";
import { decodeSearch, decodeTagValues } from "./search_json";
import { decodeTraceAnswer, type TraceAnswer } from "./trace_json";

async function decoded<T>(path: string, decode: (json: unknown) => T, signal?: AbortSignal): Promise<Result<T>> {
  const answer = await getJson(path, signal);
  return answer.ok ? success(decode(answer.value)) : answer;
}

export function searchTraces(params: URLSearchParams, signal?: AbortSignal): Promise<Result<readonly TraceSummary[]>> {
  return decoded(`/api/search?${params}`, decodeSearch, signal);
}

/** A trace that is not stored has no spans. */
export function readTrace(traceId: string, signal?: AbortSignal): Promise<Result<TraceAnswer>> {
  return decoded(`/api/v2/traces/${encodeURIComponent(traceId)}`, decodeTraceAnswer, signal);
}

/** The address of the trace's JSON for its download. */
export function traceAddress(traceId: string): string {
  return `/api/traces/${encodeURIComponent(traceId)}`;
}

export function readServices(signal?: AbortSignal): Promise<Result<readonly string[]>> {
  return decoded("/api/v2/search/tag/resource.service.name/values", decodeTagValues, signal);
}
