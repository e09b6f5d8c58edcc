// SPDX-License-Identifier: Apache-2.0
// Traces that begin with the same operation, to compare the one that is known with.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { searchTraces } from "../../api/client";
import { formatClock, formatCount, formatDay, formatDuration } from "../../base/format";
import { nanosOf } from "../../base/time";
import { kEmptyQuery, searchParams } from "../../model/search_query";
import type { ShownTrace } from "../../model/shown_trace";
import { shortTraceId, type TraceSummary } from "../../model/trace";
import { quoted } from "../../model/traceql_tokens";

export interface PairCandidatesProps {
  readonly trace: ShownTrace;
  readonly onPick: (traceId: string) => void;
}

const kMost = "12";

export function PairCandidates({ trace, onPick }: PairCandidatesProps): VNode {
  const found = useSignal<readonly TraceSummary[] | undefined>(undefined);
  useEffect(() => {
    const stop = new AbortController();
    void likeTraces(trace, stop.signal).then((traces) => !stop.signal.aborted && (found.value = traces));
    return () => stop.abort();
  }, [trace]);
  const traces = found.value;
  return (
    <div class="message candidates" data-testid="candidates">
      <h1>Compare {trace.label(trace.data.root)} with which trace?</h1>
      <p>
        It took {formatDuration(trace.data.length)}. Paste an ID above
        {traces === undefined ? "." : traces.length === 0 ? "; no other trace begins with the same operation." : ", or take one of the newest that begin with the same operation:"}
      </p>
      <ul>
        {traces?.map(({ traceId, duration, start, errorCount, spanCount }) => (
          <li key={traceId}>
            <button type="button" class="candidate" data-testid="candidate" data-trace-id={traceId} onClick={() => onPick(traceId)}>
              <span class="mono">{shortTraceId(traceId).slice(0, 8)}</span>
              <span class="num strong">{formatDuration(nanosOf(duration))}</span>
              <span class="num">{formatCount(spanCount)} spans</span>
              <span>{formatDay(start, new Date())} {formatClock(start)}</span>
              {errorCount > 0 && <span class="err">! {formatCount(errorCount)}</span>}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

async function likeTraces(trace: ShownTrace, cancelled: AbortSignal): Promise<readonly TraceSummary[]> {
  const { root } = trace.data;
  const q = `{ trace:rootService = ${quoted(trace.service(root))} && trace:rootName = ${quoted(trace.name(root))} }`;
  const answer = await searchTraces(searchParams({ ...kEmptyQuery, q, order: "newest", limit: kMost, range: "all" }), cancelled);
  return answer.ok ? answer.value.traces.filter(({ traceId }) => shortTraceId(traceId) !== shortTraceId(trace.traceId)) : [];
}
