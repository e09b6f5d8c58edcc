// SPDX-License-Identifier: Apache-2.0
// A span in a row of a table: its name leads to it in its trace, and so does the row.
import type { VNode } from "preact";
import { type MatchedSpan, shortTraceId, type TraceSummary } from "../../model/trace";
import { goTo } from "../router";

/** Where a span is shown in its trace. */
export function hrefOfSpan(trace: TraceSummary, span: MatchedSpan): string {
  return `/trace/${shortTraceId(trace.traceId)}?span=${span.spanId}`;
}

/** For clicks on a row that has links of its own. */
export function followRow(href: string): (event: MouseEvent) => void {
  return (event) => {
    if (event.target instanceof Element && !event.target.closest("a")) goTo(href);
  };
}

interface SpanLinkProps {
  readonly href: string;
  readonly span: MatchedSpan;
  /** Empty when the answer does not tell it. */
  readonly service: string;
  readonly color: string;
}

export function SpanLink({ href, span, service, color }: SpanLinkProps): VNode {
  return (
    <a class="opcell" href={href}>
      {service && <span class={`chip ${color}`} />}
      {service && <span class="svc">{service}</span>}
      <span class="op" title={span.name}>{span.name}</span>
    </a>
  );
}
