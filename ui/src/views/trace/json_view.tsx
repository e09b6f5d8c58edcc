// SPDX-License-Identifier: Apache-2.0
// The selected span as JSON, as OTLP writes it.
import type { VNode } from "preact";
import { spanJson } from "../../model/otlp_json";
import { CopyButton } from "../../widgets/copy_button";
import type { SpanReader } from "./span_reader";
import type { TraceStore } from "./trace_store";

export function JsonView({ store, spans }: { readonly store: TraceStore; readonly spans: SpanReader }): VNode {
  const row = store.span.value;
  const span = spans.get(row);
  const text = span?.ok ? JSON.stringify(spanJson(span.value, store.trace.traceId), null, 2) : "";
  return (
    <div class="sheet" data-testid="json-view">
      <div class="sheet-tools">
        <span>
          {store.trace.service(row)} <span class="strong">{store.trace.name(row)}</span>
        </span>
        <CopyButton small text={() => text}>
          Copy
        </CopyButton>
      </div>
      {span && !span.ok && <p role="alert">{span.error.message}</p>}
      {!span && <p class="muted">Reading the span</p>}
      {text && (
        <pre tabIndex={0} aria-label="Span as JSON">
          <code>{text}</code>
        </pre>
      )}
    </div>
  );
}
