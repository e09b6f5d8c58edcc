// SPDX-License-Identifier: Apache-2.0
// The results on a narrow screen: a card for each trace.
import type { VNode } from "preact";
import { formatClock, formatCount, formatDay, formatWholeMillis, plural } from "../../base/format";
import { nanosOf } from "../../base/time";
import type { Ledger } from "../../model/ledger";
import { colorClass, hashedColor } from "../../model/service_color";
import { shortTraceId, type TraceSummary } from "../../model/trace";
import { LargestPart, TraceStrip } from "./ledger_cells";

export interface ResultCardsProps {
  readonly traces: readonly TraceSummary[];
  /** By trace id, those that are known. */
  readonly ledgers: ReadonlyMap<string, Ledger>;
}

export function ResultCards({ traces, ledgers }: ResultCardsProps): VNode {
  const longest = traces.reduce((most, { duration }) => Math.max(most, nanosOf(duration)), 1);
  return (
    <ul class="phone cards">
      {traces.map((trace) => (
        <li key={trace.traceId}>
          <Card trace={trace} ledger={ledgers.get(trace.traceId)} share={nanosOf(trace.duration) / longest} />
        </li>
      ))}
    </ul>
  );
}

interface CardProps {
  readonly trace: TraceSummary;
  readonly ledger: Ledger | undefined;
  /** Of the longest. */
  readonly share: number;
}

function Card({ trace, ledger, share }: CardProps): VNode {
  const day = formatDay(trace.start, new Date());
  return (
    <a class="pcard" href={`/trace/${shortTraceId(trace.traceId)}`} data-testid="result-card">
      <span class="pcard-1">
        <span class={`chip ${colorClass(hashedColor(trace.service))}`} />
        <span class="op">{trace.name}</span>
        <span class="d">{formatWholeMillis(nanosOf(trace.duration))}</span>
      </span>
      {ledger ? (
        <TraceStrip ledger={ledger} />
      ) : (
        <svg aria-hidden="true">
          <rect class="durbar" x="0" width={`${Math.max(0.5, 100 * share)}%`} y="3" height="8" rx="1" />
        </svg>
      )}
      <span class="pcard-2">
        <span>{day === "today" ? "" : `${day.slice(5)} `}{formatClock(trace.start)}</span>
        <span>{formatCount(trace.spanCount)} {plural(trace.spanCount, "span")}</span>
        {trace.errorCount > 0 && <span class="err">! {formatCount(trace.errorCount)}</span>}
        <span>{ledger ? <LargestPart ledger={ledger} /> : trace.service}</span>
      </span>
    </a>
  );
}
