// SPDX-License-Identifier: Apache-2.0
// The largest parts of a trace's ledger, as one row of many shows them.
import { type Result, success } from "../base/result";
import type { Ledger } from "../model/ledger";
import { getJson } from "./http";
import { decodeLedger } from "./ledger_json";

/** `rows` at most; the rest is summed up. */
export async function readLargestParts(traceId: string, rows: number, signal: AbortSignal): Promise<Result<Ledger>> {
  const answer = await getJson(`/api/clew/v1/trace/${encodeURIComponent(traceId)}/ledger?rows=${rows}&segments=0&usual=off`, signal);
  return answer.ok ? success(decodeLedger(answer.value)) : answer;
}
