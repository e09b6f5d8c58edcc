// SPDX-License-Identifier: Apache-2.0
// The spans of a trace that match, one row each, where they lie in the trace.
import type { VNode } from "preact";
import { formatCount, formatDuration, formatOffset, plural, unitForTrace } from "../../base/format";
import { nanosOf, nanosSince } from "../../base/time";
import { serviceOfSpan } from "../../model/result_columns";
import { colorClass, hashedColor } from "../../model/service_color";
import { findAttribute, type MatchedSpan, type Spanset, type TraceSummary } from "../../model/trace";
import { followRow, hrefOfSpan, SpanLink } from "./span_link";

export interface MatchedSpansProps {
  readonly trace: TraceSummary;
  readonly longest: number;
  readonly columns: readonly string[];
  /** Whether a column tells how many match. */
  readonly counted: boolean;
}

export function MatchedSpans({ trace, longest, columns, counted }: MatchedSpansProps): VNode {
  return (
    <>
      {trace.spansets.map((spanset, at) => (
        <SpansetRows key={at} spanset={spanset} trace={trace} longest={longest} columns={columns} counted={counted} />
      ))}
    </>
  );
}

function SpansetRows({ spanset, ...place }: MatchedSpansProps & { readonly spanset: Spanset }): VNode {
  return (
    <>
      {spanset.spans.map((span, at) => (
        <SpanRow key={span.spanId} span={span} spanset={at === spanset.spans.length - 1 ? spanset : undefined} {...place} />
      ))}
    </>
  );
}

interface SpanRowProps extends MatchedSpansProps {
  readonly span: MatchedSpan;
  /** For the last row of it, which tells how many there are. */
  readonly spanset: Spanset | undefined;
}

function SpanRow({ span, spanset, trace, longest, columns, counted }: SpanRowProps): VNode {
  const href = hrefOfSpan(trace, span);
  const service = serviceOfSpan(span) || (spanset ? findAttribute(spanset.attributes, "service.name") ?? "" : "");
  const color = service ? colorClass(hashedColor(service)) : "s-none";
  const offset = nanosSince(trace.start, span.start);
  return (
    <tr class={spanset ? "sub sub-end" : "sub"} data-testid="matched-span" data-span-id={span.spanId} onClick={followRow(href)}>
      <td class="muted num">{formatOffset(unitForTrace(nanosOf(trace.duration)), offset)}</td>
      <td>
        <SpanLink href={href} span={span} service={service} color={color} />
      </td>
      <td>
        <DurationCell text={formatDuration(nanosOf(span.duration))} from={offset} length={nanosOf(span.duration)}
          longest={longest} color={color} />
      </td>
      <td />
      <td />
      {columns.map((key) => {
        const text = findAttribute(span.attributes, key);
        return <td key={key} class="mono" title={text}>{text}</td>;
      })}
      <td class="muted" colSpan={counted ? 4 : 3}>{spanset && matchedText(spanset)}</td>
    </tr>
  );
}

function matchedText({ matched, spans }: Spanset): string {
  if (matched <= spans.length) return `${formatCount(matched)} matching ${plural(matched, "span")}`;
  return `${formatCount(spans.length)} of ${formatCount(matched)} matching spans`;
}

interface DurationCellProps {
  readonly text: string;
  /** Nanoseconds from the start of the trace. */
  readonly from: number;
  readonly length: number;
  readonly longest: number;
  readonly color?: string;
}

export function DurationCell({ text, from, length, longest, color }: DurationCellProps): VNode {
  const percent = (nanos: number): number => (longest > 0 ? (100 * Math.max(0, nanos)) / longest : 0);
  const x = Math.min(99.5, percent(from));
  return (
    <span class="durcell">
      <span class="num">{text}</span>
      <svg aria-hidden="true">
        <rect class={color ? `${color} self` : "durbar"} x={`${x}%`} y="4" width={`${Math.max(0.5, Math.min(100 - x, percent(length)))}%`} height="8" rx="1" />
      </svg>
    </span>
  );
}
