// SPDX-License-Identifier: Apache-2.0
// The head of a trace: what it is, the facts, and what to do with it.
import type { ComponentChildren, VNode } from "preact";
import { traceAddress } from "../../api/client";
import { formatClock, formatCount, formatDay, formatDuration, plural } from "../../base/format";
import { serviceClass } from "../../model/service_color";
import { shortTraceId } from "../../model/trace";
import type { TraceLayout } from "../../model/trace_layout";
import { CopyButton } from "../../widgets/copy_button";

export interface TraceHeadProps {
  readonly traceId: string;
  readonly layout: TraceLayout;
  readonly message: string;
}

export function TraceHead({ traceId, layout, message }: TraceHeadProps): VNode {
  const { tree, facts, colors } = layout;
  const { span } = facts.root;
  const id = shortTraceId(traceId);
  return (
    <div class="thing" data-testid="trace-header">
      <h1>
        <span class={`chip ${serviceClass(colors, span.resource.service)}`} />
        <span class="of">{span.resource.service}</span>
        {span.name}
      </h1>
      <dl class="facts">
        <Fact term="status of the root">
          <RootStatus failed={span.status === "error"} http={facts.httpStatus} />
        </Fact>
        <Fact term="start">
          <b>{formatClock(tree.origin)}</b> {formatDay(tree.origin, new Date())}
        </Fact>
        <Fact term="duration">
          <b>{formatDuration(tree.length)}</b>
        </Fact>
        <Fact term="spans">
          <b>{formatCount(facts.spanCount)}</b> {plural(facts.spanCount, "span")}
        </Fact>
        <Fact term="services">
          <b>{formatCount(facts.serviceCount)}</b> {plural(facts.serviceCount, "service")}
        </Fact>
        <Fact term="depth">
          <b>{formatCount(tree.depth)}</b> deep
        </Fact>
        {facts.errorCount > 0 && (
          <Fact term="errors">
            <b class="err">! {formatCount(facts.errorCount)}</b> {plural(facts.errorCount, "error")}
          </Fact>
        )}
        <Fact term="trace ID">
          <span class="mono">{id}</span>
        </Fact>
        {message !== "" && (
          <Fact term="note">
            <span data-testid="trace-note">{message}</span>
          </Fact>
        )}
      </dl>
      <div class="thing-tools hide-phone">
        <CopyButton text={() => location.href}>Copy link</CopyButton>
        <a class="button" href={traceAddress(traceId)} download={`trace-${id}.json`}>
          Download JSON
        </a>
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
