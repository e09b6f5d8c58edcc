// SPDX-License-Identifier: Apache-2.0
// The links of a span, both ways: those it names, those of this trace that name it, and a search for those of
// other traces.
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { shortTraceId, type Span } from "../../model/trace";
import { AttributeList } from "./attribute_list";
import { Group } from "./panel_group";
import type { TraceStore } from "./trace_store";

export interface SpanLinksProps {
  readonly store: TraceStore;
  readonly row: number;
  readonly span: Span;
}

export function SpanLinks({ store, row, span }: SpanLinksProps): VNode {
  const { trace } = store;
  const from = useMemo(() => trace.links.to(row), [trace, row]);
  const filter = `{ link:spanID = "${span.spanId}" && link:traceID = "${trace.traceId.padStart(32, "0")}" }`;
  return (
    <>
      {span.links.length > 0 && (
        <Group title="Links" count={span.links.length}>
          <ul class="links">
            {span.links.map(({ traceId, spanId, attributes }, index) => (
              <li key={index}>
                <a class="mono" href={`/trace/${shortTraceId(traceId)}?span=${spanId}`}>
                  {shortTraceId(traceId)}, {spanId}
                </a>
                {attributes.length > 0 && <AttributeList store={store} scope="link" attributes={attributes} />}
              </li>
            ))}
          </ul>
        </Group>
      )}
      <Group title="Linked from">
        <ul class="links">
          {from.map((other) => (
            <li key={other}>
              <button type="button" class="names" onClick={() => store.select(other, "push")}>
                <span class={`chip ${trace.colorClass(other)}`} /> {trace.label(other)}
              </button>
            </li>
          ))}
          <li>
            <a href={`/find?q=${encodeURIComponent(filter)}`}>Search all traces</a>
          </li>
        </ul>
      </Group>
    </>
  );
}
