// SPDX-License-Identifier: Apache-2.0
// The panel beside the waterfall: everything the selected span carries.
import type { ComponentChildren, VNode } from "preact";
import { formatClockMicros, formatOffset, formatShare, formatWithUnit } from "../../base/format";
import { nanosSince } from "../../base/time";
import { serviceClass } from "../../model/service_color";
import type { SpanNode } from "../../model/span_tree";
import { type Attribute, attributeText, shortTraceId, type SpanEvent } from "../../model/trace";
import type { TraceLayout } from "../../model/trace_layout";
import { type KeyValue, KeyValues } from "../../widgets/key_values";

export interface SpanPanelProps {
  readonly node: SpanNode;
  readonly layout: TraceLayout;
  readonly onClose: () => void;
}

export function SpanPanel({ node, layout, onClose }: SpanPanelProps): VNode {
  const { span } = node;
  const { resource, scope } = span;
  const scopeItems = [
    { key: "name", value: scope.name },
    { key: "version", value: scope.version },
  ].filter(({ value }) => value !== "");
  return (
    <aside class="panel" aria-label="Span" data-testid="span-panel" data-span={node.key}>
      <div class="panel-head">
        <h2>{span.name}</h2>
        <button class="button small hide-phone" type="button" aria-label="Close panel" onClick={onClose}>
          Close <kbd>esc</kbd>
        </button>
      </div>
      <p class="panel-sub">
        <span class={`chip ${serviceClass(layout.colors, resource.service)}`} />
        {resource.service}{" "}
        <span class="muted">
          {span.kind}, depth {node.level}
        </span>
      </p>
      <StatusLine node={node} />
      <Figures node={node} layout={layout} />
      <Group title="Attributes">
        <KeyValues items={itemsOf(span.attributes)} />
      </Group>
      {span.events.length > 0 && (
        <Group title="Events">
          <Events events={span.events} layout={layout} />
        </Group>
      )}
      {span.links.length > 0 && (
        <Group title="Links">
          <Links node={node} />
        </Group>
      )}
      <Group title="Resource">
        <KeyValues items={itemsOf(resource.attributes)} />
      </Group>
      <Group title="Scope">
        <KeyValues items={[...scopeItems, ...itemsOf(scope.attributes)]} />
      </Group>
      <Group title="Identity">
        <KeyValues items={identity(node)} />
      </Group>
    </aside>
  );
}

function itemsOf(attributes: readonly Attribute[]): readonly KeyValue[] {
  return attributes.map(({ key, value }) => ({ key, value: attributeText(value) }));
}

function identity({ span, orphan }: SpanNode): readonly KeyValue[] {
  const parent = orphan ? `${span.parentId}, not in this trace` : span.parentId;
  return [{ key: "span ID", value: span.spanId }, ...(parent ? [{ key: "parent ID", value: parent }] : [])];
}

function Group({ title, children }: { readonly title: string; readonly children: ComponentChildren }): VNode {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function StatusLine({ node }: { readonly node: SpanNode }): VNode | null {
  const { status, statusMessage } = node.span;
  if (status === "unset" && !statusMessage) return null;
  return (
    <p class="panel-status" data-testid="span-status">
      <span class={status === "error" ? "err" : "strong"}>{status === "error" ? "! error" : status}</span>
      {statusMessage && <span>{statusMessage}</span>}
    </p>
  );
}

function Figures({ node, layout }: { readonly node: SpanNode; readonly layout: TraceLayout }): VNode {
  const { unit, tree } = layout;
  const total = node.end - node.start;
  const waits = total > node.selfTime ? `${formatShare(node.selfTime, total)} of the span` : "all of the span";
  return (
    <dl class="figures">
      <dt>Total</dt>
      <dd class="strong">{formatWithUnit(unit, total)}</dd>
      <dd class="of">{formatShare(total, tree.length)}</dd>
      <dd class="note">of the trace</dd>
      <dt>Self</dt>
      <dd>{formatWithUnit(unit, node.selfTime)}</dd>
      <dd class="of">{formatShare(node.selfTime, tree.length)}</dd>
      <dd class="note">{node.childCount === 0 ? "no children" : waits}</dd>
      <dt>Start</dt>
      <dd>{formatOffset(unit, node.start)}</dd>
      <dd class="of">{formatShare(node.start, tree.length)}</dd>
      <dd class="note">{formatClockMicros(node.span.start)}</dd>
    </dl>
  );
}

interface EventsProps {
  readonly events: readonly SpanEvent[];
  readonly layout: TraceLayout;
}

function Events({ events, layout }: EventsProps): VNode {
  return (
    <ul class="events">
      {events.map(({ time, name, attributes }, index) => (
        <li key={index} data-testid="span-event">
          <span class="muted num">{formatOffset(layout.unit, nanosSince(layout.tree.origin, time))}</span>
          <div>
            <span class={name === "exception" ? "err" : undefined}>{name}</span>
            {attributes.length > 0 && <KeyValues items={itemsOf(attributes)} />}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Links({ node }: { readonly node: SpanNode }): VNode {
  return (
    <ul class="links">
      {node.span.links.map(({ traceId, spanId, attributes }, index) => (
        <li key={index}>
          <a class="mono" href={`/trace/${shortTraceId(traceId)}?span=${spanId}`}>
            {shortTraceId(traceId)}, {spanId}
          </a>
          {attributes.length > 0 && <KeyValues items={itemsOf(attributes)} />}
        </li>
      ))}
    </ul>
  );
}
