// SPDX-License-Identifier: Apache-2.0
// The calls of the trace page: columns of the whole trace, single spans, matches and the ledger.
import { failure, type Result, success } from "../base/result";
import type { Ledger } from "../model/ledger";
import type { Span } from "../model/trace";
import { getBytes, getJson } from "./http";
import { decodeLedger } from "./ledger_json";
import { decodeTrace, decodeTraceAnswer, type TraceAnswer } from "./trace_json";

const pathOf = (traceId: string): string => `/api/clew/v1/trace/${encodeURIComponent(traceId)}`;

/** docs/format/trace_columns.md. A failure with status 404: there is no such trace. */
export function readColumns(traceId: string, signal?: AbortSignal): Promise<Result<ArrayBuffer>> {
  return getBytes(`${pathOf(traceId)}/columns`, signal);
}

/** Whole spans by their ids, 16 digits each. */
export async function readSpans(traceId: string, ids: readonly string[], signal?: AbortSignal): Promise<Result<readonly Span[]>> {
  const answer = await getJson(`${pathOf(traceId)}/spans?ids=${ids.join(",")}`, signal);
  return answer.ok ? success(decodeTrace(answer.value)) : answer;
}

/** 1 for each row that the filter takes. */
export async function matchSpans(traceId: string, query: string, count: number, signal?: AbortSignal): Promise<Result<Uint8Array>> {
  const answer = await getBytes(`${pathOf(traceId)}/match?q=${encodeURIComponent(query)}`, signal, "POST");
  if (!answer.ok) return answer;
  const view = new DataView(answer.value);
  const whole = answer.value.byteLength >= 8 && view.getUint32(0, true) === count && answer.value.byteLength === 8 + Math.ceil(count / 8);
  if (!whole) return failure("the trace has more spans by now; reload the page");
  return success(Uint8Array.from({ length: count }, (_, row) => (view.getUint8(8 + (row >> 3)) >> (row & 7)) & 1));
}

export async function readLedger(traceId: string, by: string, signal?: AbortSignal): Promise<Result<Ledger>> {
  const answer = await getJson(`${pathOf(traceId)}/ledger${by ? `?by=${encodeURIComponent(by)}` : ""}`, signal);
  return answer.ok ? success(decodeLedger(answer.value)) : answer;
}

/** All spans with all they carry. A trace that is not stored has none. */
export async function readTrace(traceId: string, signal?: AbortSignal): Promise<Result<TraceAnswer>> {
  const answer = await getJson(`/api/v2/traces/${encodeURIComponent(traceId)}`, signal);
  return answer.ok ? success(decodeTraceAnswer(answer.value)) : answer;
}
