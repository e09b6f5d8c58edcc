// SPDX-License-Identifier: Apache-2.0
// The worker of the trace page: reads the columns of one trace and prepares them, away from the page, which goes
// on answering meanwhile. What it made is handed over without a copy, and then it ends.
import { ask, type Asked } from "../../api/http";
import { readColumns } from "../../api/trace_api";
import { failure, type Result, success } from "../../base/result";
import { readTraceColumns } from "../../model/trace_columns";
import { buffersOf, prepareTrace, type TraceData } from "../../model/trace_data";

/** What a worker has of the page's `self`. */
const scope = self as unknown as { postMessage(message: unknown, transfer: readonly Transferable[]): void };

export interface TraceWanted {
  readonly traceId: string;
  readonly asked: Asked;
}

async function prepared({ traceId, asked }: TraceWanted): Promise<Result<TraceData>> {
  ask(asked);
  const answer = await readColumns(traceId);
  if (!answer.ok) return answer;
  const columns = readTraceColumns(answer.value);
  return columns.ok ? success(prepareTrace(columns.value)) : columns;
}

addEventListener("message", ({ data }: MessageEvent<TraceWanted>) => {
  void prepared(data)
    .catch((error: unknown) => failure<TraceData>(`the trace could not be prepared: ${String(error)}`))
    .then((result) => scope.postMessage(result, result.ok ? buffersOf(result.value) : []));
});
