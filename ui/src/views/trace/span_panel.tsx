// SPDX-License-Identifier: Apache-2.0
// The panel beside the waterfall: the figures of the selected span, which the page has, and everything it carries,
// which is read when it is selected.
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { formatClockMicros, formatOffset, formatShare, formatWithUnit } from "../../base/format";
import { nanosSince } from "../../base/time";
import { groupAttributes } from "../../model/attribute_groups";
import { spanJson } from "../../model/otlp_json";
import type { ShownTrace } from "../../model/shown_trace";
import type { Attribute, Span } from "../../model/trace";
import { CopyButton } from "../../widgets/copy_button";
import { AttributeList } from "./attribute_list";
import type { LedgerReader } from "./ledger_reader";
import { Group } from "./panel_group";
import { pinnedKeys } from "./pinned_keys";
import { SpanHistory } from "./span_history";
import { SpanLinks } from "./span_links";
import type { SpanReader } from "./span_reader";
import type { TraceStore } from "./trace_store";

export interface SpanPanelProps {
  readonly store: TraceStore;
  readonly spans: SpanReader;
  readonly ledger: LedgerReader;
}

export function SpanPanel({ store, spans, ledger }: SpanPanelProps): VNode {
  const { trace } = store;
  const row = store.span.value;
  useEffect(() => spans.want(row), [row, spans]);
  const span = spans.get(row);
  const peer = trace.peer(row);
  return (
    <aside class="panel" aria-label="Span" aria-busy={!span} data-testid="span-panel" data-span={trace.keyOf(row)}>
      <div class="panel-head">
        <h2>{trace.name(row)}</h2>
        <button class="button small hide-phone" type="button" onClick={() => store.openPanel(false)}>
          Close <span class="sr">panel </span><kbd>esc</kbd>
        </button>
      </div>
      <p class="panel-sub">
        <span class={`chip ${trace.colorClass(row)}`} />
        {trace.service(row)}{" "}
        <span class="muted">
          {trace.kind(row)}{peer && `, to ${peer}`}, depth {trace.data.columns.depth[row]! + 1}
        </span>
      </p>
      <StatusLine trace={trace} row={row} />
      <Figures trace={trace} row={row} ledger={ledger} />
      <SpanHistory trace={trace} row={row} ledger={ledger} />
      <PanelTools store={store} row={row} span={span?.ok ? span.value : undefined} />
      {!span && <p class="panel-wait muted">Reading the span</p>}
      {span && !span.ok && (
        <p class="panel-wait" role="alert">
          The span could not be read: {span.error.message}
        </p>
      )}
      {span?.ok && <Contents store={store} row={row} span={span.value} />}
    </aside>
  );
}

function Contents({ store, row, span }: { readonly store: TraceStore; readonly row: number; readonly span: Span }): VNode {
  const { resource, scope } = span;
  const pinned = [...span.attributes, ...resource.attributes].filter(({ key }) => pinnedKeys.value.includes(key));
  const groups = groupAttributes(span.attributes);
  const named = [["name", scope.name], ["version", scope.version]].filter(([, value]) => value !== "").map(([key, value]) => ({ key: key!, value: value! }));
  return (
    <>
      {pinned.length > 0 && (
        <Group title="Pinned">
          <AttributeList store={store} scope="span" attributes={pinned} />
        </Group>
      )}
      {groups.map(({ title, attributes }) => (
        <Group key={title} title={title}>
          <AttributeList store={store} scope="span" attributes={attributes} />
        </Group>
      ))}
      {groups.length === 0 && (
        <Group title="Attributes">
          <p class="muted">None.</p>
        </Group>
      )}
      {span.events.length > 0 && (
        <Group title="Events" count={span.events.length}>
          <Events store={store} span={span} />
        </Group>
      )}
      <SpanLinks store={store} row={row} span={span} />
      <Group title="Resource">
        <AttributeList store={store} scope="resource" attributes={resource.attributes} />
      </Group>
      <Group title="Scope">
        <AttributeList store={store} scope="instrumentation" attributes={[...named, ...scope.attributes]} />
      </Group>
      <Group title="Identity">
        <Identity trace={store.trace} row={row} span={span} />
      </Group>
    </>
  );
}

function Identity({ trace, row, span }: { readonly trace: ShownTrace; readonly row: number; readonly span: Span }): VNode {
  const parent = trace.orphan(row) ? `${span.parentId}, not in this trace` : span.parentId;
  const lines: readonly Attribute[] = [{ key: "span ID", value: span.spanId }, ...(parent ? [{ key: "parent ID", value: parent }] : [])];
  return (
    <dl class="kv">
      {lines.map(({ key, value }) => (
        <div key={key} data-testid="attribute-row" data-key={key}>
          <dt>{key}</dt>
          <dd>{String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function StatusLine({ trace, row }: { readonly trace: ShownTrace; readonly row: number }): VNode | null {
  const status = ["", "ok", "error"][trace.data.columns.status[row]!] ?? "";
  const message = trace.statusMessage(row);
  if (!status && !message) return null;
  return (
    <p class="panel-status" data-testid="span-status">
      <span class={status === "error" ? "err" : "strong"}>{status === "error" ? "! error" : status}</span>
      {message && <span>{message}</span>}
    </p>
  );
}

function Figures({ trace, row, ledger }: { readonly trace: ShownTrace; readonly row: number; readonly ledger: LedgerReader }): VNode {
  const { unit, data } = trace;
  const [total, self, onPath] = [trace.duration(row), data.selfTime[row]!, data.pathTime[row]!];
  const waits = total > self ? `${formatShare(self, total)} of the span` : "all of the span";
  const owned = ledger.value?.rows.find(({ spans }) => spans[0] === trace.spanId(row));
  return (
    <dl class="figures">
      <Figure term="Total" nanos={total} trace={trace} note="of the trace" strong />
      <Figure term="Self" nanos={self} trace={trace} note={trace.descendants(row) === 0 ? "no children" : waits} />
      <Figure term="On path" nanos={onPath} trace={trace} note={owned?.category ?? (onPath > 0 ? "self" : "nobody waits for it")} />
      {owned && owned.count === 1 && (
        <Figure term="Drag" nanos={owned.dragNanos} trace={trace} note={owned.parallelWith ? `beside ${owned.parallelWith}` : "nothing runs beside it"} />
      )}
      <dt>Start</dt>
      <dd>{formatOffset(unit, trace.start(row))}</dd>
      <dd class="of">{formatShare(trace.start(row), data.length)}</dd>
      <dd class="note">{formatClockMicros(trace.timeOf(trace.start(row)))}</dd>
    </dl>
  );
}

interface FigureProps {
  readonly term: string;
  readonly nanos: number;
  readonly trace: ShownTrace;
  readonly note: string;
  readonly strong?: boolean;
}

function Figure({ term, nanos, trace, note, strong = false }: FigureProps): VNode {
  return (
    <>
      <dt>{term}</dt>
      <dd class={strong ? "strong" : undefined}>{formatWithUnit(trace.unit, nanos)}</dd>
      <dd class="of">{formatShare(nanos, trace.data.length)}</dd>
      <dd class="note" title={note}>{note}</dd>
    </>
  );
}

function PanelTools({ store, row, span }: { readonly store: TraceStore; readonly row: number; readonly span: Span | undefined }): VNode {
  return (
    <p class="panel-tools hide-phone">
      <button class="button small line" type="button" onClick={store.zoomToSpan}>
        Zoom <kbd>z</kbd>
      </button>
      {store.trace.descendants(row) > 0 && (
        <button class="button small line" type="button" onClick={() => store.setRoot(row)} data-testid="re-root">
          Subtree alone <kbd>r</kbd>
        </button>
      )}
      {span && (
        <CopyButton small text={() => JSON.stringify(spanJson(span, store.trace.traceId), null, 2)}>
          Copy JSON
        </CopyButton>
      )}
    </p>
  );
}

function Events({ store, span }: { readonly store: TraceStore; readonly span: Span }): VNode {
  const { trace } = store;
  const origin = trace.timeOf(trace.start(store.span.value));
  return (
    <ul class="events">
      {span.events.map(({ time, name, attributes }, index) => (
        <li key={index} data-testid="span-event">
          <span class="muted num">{formatOffset(trace.unit, nanosSince(origin, time))}</span>
          <div>
            <span class={name === "exception" ? "err" : undefined}>{name}</span>
            {attributes.length > 0 && <AttributeList store={store} scope="event" attributes={attributes} />}
          </div>
        </li>
      ))}
    </ul>
  );
}
