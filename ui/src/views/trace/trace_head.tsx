// SPDX-License-Identifier: Apache-2.0
// The head of a trace: what it is, the facts, and what to do with it.
import type { ComponentChildren, VNode } from "preact";
import { useMemo } from "preact/hooks";
import { formatClock, formatCount, formatDay, plural } from "../../base/format";
import { pairAddress } from "../../model/compare_query";
import { findAttribute, shortTraceId } from "../../model/trace";
import type { ShownTrace } from "../../model/shown_trace";
import { CopyButton } from "../../widgets/copy_button";
import { Menu } from "../../widgets/menu";
import type { LedgerReader } from "./ledger_reader";
import type { SpanReader } from "./span_reader";
import { copyItems, downloadItems } from "./trace_export";

export interface TraceHeadProps {
  readonly trace: ShownTrace;
  readonly spans: SpanReader;
  readonly ledger: LedgerReader;
}

export function TraceHead({ trace, spans, ledger }: TraceHeadProps): VNode {
  const { data } = trace;
  const { root, errorCount } = data;
  const span = spans.get(root);
  const http = span?.ok ? findAttribute(span.value.attributes, "http.response.status_code", "http.status_code") : undefined;
  const verdict = (): string => ledger.value?.verdict.map(({ text }) => text).join("") ?? "";
  const [copies, downloads] = useMemo(() => [copyItems(trace, verdict), downloadItems(trace, verdict)], [trace]);
  return (
    <div class="thing" data-testid="trace-header">
      <h1>
        <span class={`chip ${trace.colorClass(root)}`} />
        <span class="of">{trace.service(root)}</span>
        {trace.name(root)}
      </h1>
      <dl class="facts">
        <Fact term="status of the root">
          <RootStatus failed={trace.failed(root)} http={http} />
        </Fact>
        <Fact term="start">
          <b>{formatClock(trace.timeOf(0))}</b> {formatDay(trace.timeOf(0), new Date())}
        </Fact>
        <Fact term="spans">
          <b>{formatCount(trace.count)}</b> {plural(trace.count, "span")}
        </Fact>
        <Fact term="services">
          <b>{formatCount(data.serviceCount)}</b> {plural(data.serviceCount, "service")}
        </Fact>
        <Fact term="depth">
          <b>{formatCount(data.depth)}</b> deep
        </Fact>
        {errorCount > 0 && (
          <Fact term="errors">
            <b class="err">! {formatCount(errorCount)}</b> {plural(errorCount, "error")}
          </Fact>
        )}
        <Fact term="trace ID">
          <span class="mono">{shortTraceId(trace.traceId)}</span>
        </Fact>
        {data.columns.remark !== "" && (
          <Fact term="note">
            <span data-testid="trace-note">{data.columns.remark}</span>
          </Fact>
        )}
      </dl>
      <div class="thing-tools hide-phone">
        <CopyButton text={() => location.href}>
          Copy link <kbd>y</kbd>
        </CopyButton>
        <a class="button" href={pairAddress([trace.traceId])} data-testid="compare-trace">
          Compare <kbd>C</kbd>
        </a>
        <Menu name="Copy as" items={copies} testId="copy-menu" />
        <Menu name="Download" items={downloads} testId="download-menu" />
      </div>
    </div>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: ComponentChildren }): VNode {
  return (
    <div>
      <dt class="sr">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface RootStatusProps {
  readonly failed: boolean;
  readonly http: string | undefined;
}

/** A root that answered 4xx or 5xx is not called ok, even where its span claims no error. */
function RootStatus({ failed, http }: RootStatusProps): VNode {
  const code = Number(http ?? 0);
  if (failed) return <><b class="err">! error</b> {http}</>;
  if (code >= 500) return <b class="err">! {http}</b>;
  return code >= 400 ? <b class="warn">{http}</b> : <><b>ok</b> {http}</>;
}
