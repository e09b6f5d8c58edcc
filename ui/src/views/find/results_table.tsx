// SPDX-License-Identifier: Apache-2.0
// One row for each trace, in the order of the server. Bars share one scale: the longest of the page.
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { formatClock, formatCount, formatDay, formatDuration } from "../../base/format";
import { nanosOf } from "../../base/time";
import { colorClass, hashedColor } from "../../model/service_color";
import { shortTraceId, type TraceSummary } from "../../model/trace";
import { goTo } from "../router";

export interface ResultsTableProps {
  readonly traces: readonly TraceSummary[];
  readonly cursor: number;
}

export function ResultsTable({ traces, cursor }: ResultsTableProps): VNode {
  const longest = traces.reduce((most, { duration }) => Math.max(most, nanosOf(duration)), 0);
  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => body.current?.rows[cursor]?.scrollIntoView({ block: "nearest" }), [cursor]);
  return (
    <table class="rtable">
      <colgroup>
        <col class="c-time" />
        <col />
        <col class="c-dur" />
        <col class="c-n hide-phone" />
        <col class="c-n hide-phone" />
        <col class="c-e hide-phone" />
        <col class="c-id hide-phone" />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Start</th>
          <th scope="col">Service, operation</th>
          <th scope="col">Duration</th>
          <th scope="col" class="num hide-phone">Spans</th>
          <th scope="col" class="num hide-phone">Services</th>
          <th scope="col" class="num hide-phone">Errors</th>
          <th scope="col" class="hide-phone">Trace</th>
        </tr>
      </thead>
      <tbody ref={body}>
        {traces.map((trace, index) => (
          <ResultRow key={trace.traceId} trace={trace} longest={longest} current={index === cursor} />
        ))}
      </tbody>
    </table>
  );
}

interface ResultRowProps {
  readonly trace: TraceSummary;
  readonly longest: number;
  readonly current: boolean;
}

function ResultRow({ trace, longest, current }: ResultRowProps): VNode {
  const href = `/trace/${shortTraceId(trace.traceId)}`;
  const duration = nanosOf(trace.duration);
  const open = (event: MouseEvent): void => {
    if (event.target instanceof Element && !event.target.closest("a")) goTo(href);
  };
  const day = formatDay(trace.start, new Date());
  return (
    <tr data-testid="result-row" data-trace-id={trace.traceId} aria-current={current ? "true" : undefined} onClick={open}>
      <td title={`${formatClock(trace.start)}, ${day}`}>
        {day !== "today" && <span class="muted">{day.slice(5)} </span>}
        {formatClock(trace.start)}
      </td>
      <td>
        <a class="opcell" href={href}>
          <span class={`chip ${colorClass(hashedColor(trace.service))}`} />
          <span class="svc">{trace.service}</span>
          <span class="op" title={trace.name}>
            {trace.name}
          </span>
        </a>
      </td>
      <td>
        <span class="durcell">
          <span class="num">{formatDuration(duration)}</span>
          <svg aria-hidden="true">
            <rect class="durbar" x="0" y="4" width={`${longest > 0 ? Math.max(0.5, (100 * duration) / longest) : 0.5}%`} height="8" rx="1" />
          </svg>
        </span>
      </td>
      <td class="num hide-phone">{formatCount(trace.spanCount)}</td>
      <td class="num hide-phone">{formatCount(trace.serviceCount)}</td>
      <td class="num hide-phone">
        {trace.errorCount > 0 ? <span class="err">! {formatCount(trace.errorCount)}</span> : <span class="muted">0</span>}
      </td>
      <td class="mono muted hide-phone">{shortTraceId(trace.traceId)}</td>
    </tr>
  );
}
