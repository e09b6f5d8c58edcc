// SPDX-License-Identifier: Apache-2.0
// The ledger as one bar, its largest part first: where the time of the trace went, all of it. Above it the usual
// trace on the same scale, when that is known. Texture is category: stripes are network.
import type { VNode } from "preact";
import { formatWithUnit } from "../../base/format";
import { type Ledger, type LedgerPart, type LedgerRow, ledgerParts, shareText } from "../../model/ledger";
import type { TraceStore } from "./trace_store";

const kParts = 6;

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
  const { usualNanos, durationNanos } = ledger;
  if (usualNanos === undefined || !(durationNanos > 0)) return null;
  const width = Math.min(100, (100 * usualNanos) / durationNanos);
  let x = 0;
  const usual = parts.map((part) => {
    const own = part.row ? (100 * (part.usualNanos ?? 0)) / usualNanos : 100 - x;
    const bar = { ...part, x, width: Math.max(0, Math.min(own, 100 - x)) };
    x += bar.width;
    return bar;
  });
  return (
    <div class="ghost-row">
      <svg width={`${width}%`} aria-hidden="true">
        <Bar store={store} parts={usual} height={6} />
      </svg>
      <svg width="100%" aria-hidden="true">
        <text x={`${width}%`} dx="8" y="6">
          usual, {formatWithUnit(store.trace.unit, usualNanos)}
        </text>
      </svg>
    </div>
  );
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
