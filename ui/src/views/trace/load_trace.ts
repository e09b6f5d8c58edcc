// SPDX-License-Identifier: Apache-2.0
// Loads a trace in a worker of its own, which ends when it is done or nobody waits any more.
import { heedRefusal, whatIsAsked } from "../../api/http";
import { failure, type Result, success } from "../../base/result";
import { ShownTrace } from "../../model/shown_trace";
import type { TraceData } from "../../model/trace_data";
import type { TraceWanted } from "./trace_worker";

/** Where the worker's script is; the build says. */
declare const kTraceWorker: string;

export function loadTrace(traceId: string, signal: AbortSignal): Promise<Result<ShownTrace>> {
  return new Promise((resolve) => {
    const worker = new Worker(kTraceWorker);
    const end = (result: Result<ShownTrace>): void => {
      worker.terminate();
      resolve(result);
    };
    signal.addEventListener("abort", () => end(failure("aborted")), { once: true });
    worker.onerror = () => end(failure("the trace could not be prepared; reload to try again"));
    worker.onmessage = ({ data }: MessageEvent<Result<TraceData>>) => {
      if (!data.ok) heedRefusal(data.error);
      end(data.ok ? success(new ShownTrace(traceId, data.value)) : data);
    };
    worker.postMessage({ traceId, asked: whatIsAsked() } satisfies TraceWanted);
  });
}
