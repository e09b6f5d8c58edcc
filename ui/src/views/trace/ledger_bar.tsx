// SPDX-License-Identifier: Apache-2.0
// The ledger as one bar, its largest part first: where the time of the trace went, all of it. Above it the usual
// trace on the same scale, when that is known. Texture is category: stripes are network.
import type { VNode } from "preact";
import { formatCount, formatWithUnit, plural } from "../../base/format";
import { type Ledger, type LedgerPart, type LedgerRow, ledgerParts, shareText } from "../../model/ledger";
import type { TraceStore } from "./trace_store";

const kParts = 6;
/** Per cent of the width behind which a label finds no room: it stands above the bar. */
const kLabelRoom = 86;

export function LedgerBar({ store, ledger }: { readonly store: TraceStore; readonly ledger: Ledger }): VNode {
  const parts = ledgerParts(ledger, kParts);
  const { trace } = store;
  const said = parts.map(({ label, share }) => `${label} ${shareText(share)}`).join(", ");
  return (
    <div class="ledger" role="group" aria-label="Ledger, parts sum to 100 %" data-testid="ledger-bar">
      <Usual store={store} ledger={ledger} parts={parts} />
      <svg class="ledger-bar" role="img" aria-label={said}>
        <Bar store={store} parts={parts} height={24} />
      </svg>
      <ul class={`ledger-parts p${parts.length}`}>
        {parts.map((part) => (
          <li key={part.label}>
            <button type="button" disabled={!part.row} onClick={() => part.row && selectRow(store, part.row)} title={part.label}>
              <span class="owner">
                <LedgerChip row={part.row} of={part.row ? trace.classOfService(part.row.service) : ""} />
                <span>{part.label}</span>
              </span>
              <span class="amount">
                <span class="share">{shareText(part.share)}</span>
                <span>{formatWithUnit(trace.unit, part.nanos)}</span>
                {part.usualNanos !== undefined && <span class="usual">usual {formatWithUnit(trace.unit, part.usualNanos)}</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Selects the span that owns most of a row. */
export function selectRow(store: TraceStore, { spans }: LedgerRow): void {
  const row = store.trace.find(spans[0] ?? "");
  if (row >= 0) store.select(row, "push");
}

export function LedgerChip({ row, of }: { readonly row: LedgerRow | undefined; readonly of: string }): VNode {
  return <span class={row ? `chip ${of} ${row.category}` : "chip rest"} />;
}

function Usual({ store, ledger, parts }: { readonly store: TraceStore; readonly ledger: Ledger; readonly parts: readonly LedgerPart[] }): VNode | null {
  const { usual, durationNanos, rows } = ledger;
  if (!usual || !(usual.nanos > 0) || !(durationNanos > 0)) return null;
  const { nanos } = usual;
  const width = Math.min(100, (100 * nanos) / durationNanos);
  const byRows = rows.some(({ usualNanos }) => usualNanos !== undefined);
  let x = 0;
  // Per cent of the usual trace, of which only so much is shown as there is room for.
  const shown = nanos / Math.min(nanos, durationNanos);
  const bars = (byRows ? parts : parts.slice(-1)).map((part, index, all) => {
    const own = index === all.length - 1 && !part.row ? 100 : (100 * shown * (part.usualNanos ?? 0)) / nanos;
    const bar = { ...part, nanos: part.usualNanos ?? nanos, x, width: Math.max(0, Math.min(own, 100 - x)) };
    x += bar.width;
    return bar;
  });
  const atEnd = width > kLabelRoom;
  return (
    <div class={atEnd ? "ghost-row is-long" : "ghost-row"} data-testid="usual-bar">
      <svg width={`${width}%`} role="img" aria-label={usualText(store, ledger, parts)}>
        <Bar store={store} parts={bars} height={6} />
      </svg>
      <svg width="100%" aria-hidden="true">
        <text x={atEnd ? "100%" : `${width}%`} dx={atEnd ? 0 : 8} y={atEnd ? -4 : 6} text-anchor={atEnd ? "end" : "start"}>
          usual, {formatWithUnit(store.trace.unit, nanos)}
        </text>
      </svg>
    </div>
  );
}

/** The same in words. */
function usualText(store: TraceStore, { usual }: Ledger, parts: readonly LedgerPart[]): string {
  const time = (nanos: number): string => formatWithUnit(store.trace.unit, nanos);
  const of = parts.filter(({ usualNanos }) => usualNanos !== undefined).map(({ label, usualNanos }) => `${label} ${time(usualNanos!)}`);
  const whole = `Usual trace ${time(usual!.nanos)}, of ${formatCount(usual!.traces)} ${plural(usual!.traces, "trace")}`;
  return [whole, ...of].join(", ");
}

function Bar({ store, parts, height }: { readonly store: TraceStore; readonly parts: readonly LedgerPart[]; readonly height: number }): VNode {
  return (
    <>
      {parts.map((part, index) => {
        const of = part.row ? store.trace.classOfService(part.row.service) : "";
        const striped = part.row?.category === "network";
        const shape = { x: `${part.x}%`, width: `${part.width}%`, y: 0, height };
        const id = `stripes-${height}-${index}`;
        return (
          <g key={index} class={of}>
            {striped && <Stripes id={id} />}
            <rect class={part.row ? (striped ? undefined : barClass(part.row)) : "part-rest"} {...shape} {...(striped ? { fill: `url(#${id})` } : {})}
              onClick={() => part.row && selectRow(store, part.row)}>
              <title>{`${part.label}, ${formatWithUnit(store.trace.unit, part.nanos)}`}</title>
            </rect>
            <line class="cut" x1={`${part.x + part.width}%`} x2={`${part.x + part.width}%`} y1="0" y2={height} />
          </g>
        );
      })}
    </>
  );
}

/** What nobody's span covers is pale. */
function barClass({ category }: LedgerRow): string {
  return category === "wait" || category === "idle" || category === "missing" ? "total" : "self";
}

function Stripes({ id }: { readonly id: string }): VNode {
  return (
    <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect class="stripe-bg" width="6" height="6" />
      <line class="stripe" x1="1" x2="1" y1="0" y2="6" />
    </pattern>
  );
}
