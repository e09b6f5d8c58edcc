// SPDX-License-Identifier: Apache-2.0
// The spans that match as one list, in the order of their traces: as many of each as the search tells.
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { formatClock, formatDay, formatDuration } from "../../base/format";
import { nanosOf } from "../../base/time";
import { columnsOf, serviceOfSpan } from "../../model/result_columns";
import { colorClass, hashedColor } from "../../model/service_color";
import { findAttribute, type MatchedSpan, shortTraceId, type TraceSummary } from "../../model/trace";
import { DurationCell } from "./matched_spans";
import { followRow, hrefOfSpan, SpanLink } from "./span_link";

export interface SpansTableProps {
  readonly traces: readonly TraceSummary[];
  /** The fields that the reader chose. */
  readonly chosen: readonly string[];
}

export function SpansTable({ traces, chosen }: SpansTableProps): VNode {
  const columns = useMemo(() => columnsOf(traces, chosen), [traces, chosen]);
  const rows = traces.flatMap((trace) => trace.spansets.flatMap(({ spans }) => spans.map((span) => ({ trace, span }))));
  const longest = rows.reduce((most, { span }) => Math.max(most, nanosOf(span.duration)), 0);
  return (
    <table class={`rtable of-spans hide-phone more-${columns.length}`}>
      <colgroup>
        <col class="c-time" />
        <col class="c-op" />
        <col class="c-dur" />
        {columns.map((key) => <col key={key} class="c-attr" />)}
        <col class="c-id" />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Start</th>
          <th scope="col">Service, span</th>
          <th scope="col">Duration</th>
          {columns.map((key) => <th key={key} scope="col" title={key} data-testid="attribute-column">{key}</th>)}
          <th scope="col">Trace</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ trace, span }) => (
          <SpanRow key={`${trace.traceId}${span.spanId}`} trace={trace} span={span} columns={columns} longest={longest} />
        ))}
      </tbody>
    </table>
  );
}

interface SpanRowProps {
  readonly trace: TraceSummary;
  readonly span: MatchedSpan;
  readonly columns: readonly string[];
  readonly longest: number;
}

function SpanRow({ trace, span, columns, longest }: SpanRowProps): VNode {
  const id = shortTraceId(trace.traceId);
  const href = hrefOfSpan(trace, span);
  // A search tells the service of a span when it is asked for; of a root it is that of the trace.
  const service = serviceOfSpan(span);
  const color = service ? colorClass(hashedColor(service)) : "s-none";
  const day = formatDay(span.start, new Date());
  return (
    <tr data-testid="span-result" onClick={followRow(href)}>
      <td>
        {day !== "today" && <span class="muted">{day.slice(5)} </span>}
        {formatClock(span.start)}
      </td>
      <td>
        <SpanLink href={href} span={span} service={service} color={color} />
      </td>
      <td>
        <DurationCell text={formatDuration(nanosOf(span.duration))} from={0} length={nanosOf(span.duration)} longest={longest} color={color} />
      </td>
      {columns.map((key) => {
        const text = findAttribute(span.attributes, key);
        return <td key={key} class="mono" title={text}>{text}</td>;
      })}
      <td class="mono muted" title={id}>{id.slice(0, 8)}</td>
    </tr>
  );
}
