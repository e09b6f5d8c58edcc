// SPDX-License-Identifier: Apache-2.0
// The trace of an exemplar beside the chart: what it is and where its spans worked.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { readTrace } from "../../api/client";
import { formatClock, formatCount, formatDay, formatDuration, formatShare, formatWithUnit, plural } from "../../base/format";
import { type SelfParts, selfParts } from "../../model/self_parts";
import { colorClass, serviceClass } from "../../model/service_color";
import { layoutTrace, type TraceLayout } from "../../model/trace_layout";

type Shown =
  | { readonly kind: "reading" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "read"; readonly layout: TraceLayout };

export interface ExemplarPanelProps {
  readonly traceId: string;
  readonly onClose: () => void;
}

const kParts = 6;

export function ExemplarPanel({ traceId, onClose }: ExemplarPanelProps): VNode {
  const shown = useSignal<Shown>({ kind: "reading" });
  useEffect(() => {
    const stop = new AbortController();
    shown.value = { kind: "reading" };
    void readTrace(traceId, stop.signal).then((answer) => {
      if (stop.signal.aborted) return;
      const layout = answer.ok ? layoutTrace(answer.value.spans) : undefined;
      if (layout) shown.value = { kind: "read", layout };
      else shown.value = { kind: "failed", message: answer.ok ? "There is no trace with this ID." : answer.error.message };
    });
    return () => stop.abort();
  }, [traceId]);
  const { value } = shown;
  return (
    <aside class="panel" aria-label="Exemplar" aria-busy={value.kind === "reading"} data-testid="exemplar-panel">
      <div class="panel-head">
        <h2>{value.kind === "read" ? value.layout.facts.root.span.name : "Trace"}</h2>
        <button class="button small" type="button" onClick={onClose}>
          Close <kbd>esc</kbd>
        </button>
      </div>
      {value.kind === "read" && <Facts layout={value.layout} />}
      {value.kind === "reading" && <p class="panel-sub" role="status">Reading the trace</p>}
      {value.kind === "failed" && <p class="panel-sub" role="alert">{value.message}</p>}
      <p class="panel-open">
        <a class="button line" href={`/trace/${traceId}`} data-testid="open-trace">
          Open trace <kbd>Enter</kbd>
        </a>
      </p>
    </aside>
  );
}

function Facts({ layout }: { readonly layout: TraceLayout }): VNode {
  const { tree, facts, colors } = layout;
  const { service } = facts.root.span.resource;
  return (
    <>
      <p class="panel-sub">
        <span class={`chip ${serviceClass(colors, service)}`} />
        {service}
        <span class="muted">{formatClock(tree.origin)}, {formatDay(tree.origin, new Date())}</span>
      </p>
      <p class="panel-answer">
        <b>{formatDuration(tree.length)}</b>, {formatCount(facts.spanCount)} {plural(facts.spanCount, "span")} of{" "}
        {formatCount(facts.serviceCount)} {plural(facts.serviceCount, "service")}
        {facts.errorCount > 0 && <span class="err">, ! {formatCount(facts.errorCount)} {plural(facts.errorCount, "error")}</span>}
      </p>
      <Parts layout={layout} parts={selfParts(tree, colors, kParts)} />
    </>
  );
}

/** One bar, the largest part first, and the same as a table. */
function Parts({ layout, parts: { parts, rest, restCount, total } }: { readonly layout: TraceLayout; readonly parts: SelfParts }): VNode {
  const percent = (nanos: number): number => (total > 0 ? (100 * nanos) / total : 0);
  let from = 0;
  const bars = parts.map(({ color, selfTime }) => {
    const x = from;
    from += percent(selfTime);
    return { color, x, width: percent(selfTime) };
  });
  return (
    <>
      <h3>
        <span>Self time</span>
        <span>share</span>
      </h3>
      <svg class="parts-bar" height="16" aria-hidden="true">
        <rect class="part-rest" x={`${from}%`} width={`${Math.max(0, 100 - from)}%`} height="16" />
        {bars.map(({ color, x, width }, index) => (
          <g key={index}>
            <rect class={`${colorClass(color)} self`} x={`${x}%`} width={`${width}%`} height="16" />
            <line class="part-cut" x1={`${x + width}%`} x2={`${x + width}%`} y1="0" y2="16" />
          </g>
        ))}
      </svg>
      <table class="parts">
        <tbody>
          {parts.map(({ service, name, color, selfTime }) => (
            <tr key={`${service} ${name}`}>
              <td title={`${service} ${name}`}>
                <span class={`chip ${colorClass(color)}`} /> {service} <span class="strong">{name}</span>
              </td>
              <td class="num">{formatWithUnit(layout.unit, selfTime)}</td>
              <td class="num strong">{formatShare(selfTime, total)}</td>
            </tr>
          ))}
          {restCount > 0 && (
            <tr>
              <td><span class="chip rest" /> rest, {formatCount(restCount)} {plural(restCount, "row")}</td>
              <td class="num">{formatWithUnit(layout.unit, rest)}</td>
              <td class="num strong">{formatShare(rest, total)}</td>
            </tr>
          )}
        </tbody>
      </table>
    </>
  );
}
