// SPDX-License-Identifier: Apache-2.0
// The trace of an exemplar beside the chart: what it is and where its spans worked.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { formatClock, formatCount, formatDay, formatDuration, formatShare, formatWithUnit, plural } from "../../base/format";
import { type SelfParts, selfParts } from "../../model/self_parts";
import { colorClass } from "../../model/service_color";
import type { ShownTrace } from "../../model/shown_trace";
import { loadTrace } from "../trace/load_trace";

type Shown =
  | { readonly kind: "reading" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "read"; readonly trace: ShownTrace };

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
    void loadTrace(traceId, stop.signal).then((answer) => {
      if (stop.signal.aborted) return;
      if (answer.ok) shown.value = { kind: "read", trace: answer.value };
      else shown.value = { kind: "failed", message: answer.error.status === 404 ? "There is no trace with this ID." : answer.error.message };
    });
    return () => stop.abort();
  }, [traceId]);
  const { value } = shown;
  return (
    <aside class="panel" aria-label="Exemplar" aria-busy={value.kind === "reading"} data-testid="exemplar-panel">
      <div class="panel-head">
        <h2>{value.kind === "read" ? value.trace.name(value.trace.data.root) : "Trace"}</h2>
        <button class="button small" type="button" onClick={onClose}>
          Close <kbd>esc</kbd>
        </button>
      </div>
      {value.kind === "read" && <Facts trace={value.trace} />}
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

function Facts({ trace }: { readonly trace: ShownTrace }): VNode {
  const { root, length, serviceCount, errorCount } = trace.data;
  const start = trace.timeOf(0);
  return (
    <>
      <p class="panel-sub">
        <span class={`chip ${trace.colorClass(root)}`} />
        {trace.service(root)}
        <span class="muted">{formatClock(start)}, {formatDay(start, new Date())}</span>
      </p>
      <p class="panel-answer">
        <b>{formatDuration(length)}</b>, {formatCount(trace.count)} {plural(trace.count, "span")} of{" "}
        {formatCount(serviceCount)} {plural(serviceCount, "service")}
        {errorCount > 0 && <span class="err">, ! {formatCount(errorCount)} {plural(errorCount, "error")}</span>}
      </p>
      <Parts trace={trace} parts={selfParts(trace, kParts)} />
    </>
  );
}

/** One bar, the largest part first, and the same as a table. */
function Parts({ trace, parts: { parts, rest, restCount, total } }: { readonly trace: ShownTrace; readonly parts: SelfParts }): VNode {
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
              <td class="num">{formatWithUnit(trace.unit, selfTime)}</td>
              <td class="num strong">{formatShare(selfTime, total)}</td>
            </tr>
          ))}
          {restCount > 0 && (
            <tr>
              <td><span class="chip rest" /> rest, {formatCount(restCount)} {plural(restCount, "row")}</td>
              <td class="num">{formatWithUnit(trace.unit, rest)}</td>
              <td class="num strong">{formatShare(rest, total)}</td>
            </tr>
          )}
        </tbody>
      </table>
    </>
  );
}
