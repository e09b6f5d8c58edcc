// SPDX-License-Identifier: Apache-2.0
// What a narrow screen shows in place of the waterfall: the ten largest rows of the ledger, then the spans that
// own most of the critical path as cards. Without a ledger the cards alone.
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { formatOffset, formatShare, formatWithUnit } from "../../base/format";
import { percentAt, percentWide } from "../../base/time_scale";
import { type Ledger, ledgerParts, shareText } from "../../model/ledger";
import type { ShownTrace } from "../../model/shown_trace";
import { LedgerChip, selectRow } from "./ledger_bar";
import type { LedgerReader } from "./ledger_reader";
import type { TraceStore } from "./trace_store";

const kRows = 10;
const kCards = 20;

export function PhoneList({ store, ledger }: { readonly store: TraceStore; readonly ledger: LedgerReader }): VNode {
  const { trace } = store;
  const cards = useMemo(() => pathOwners(trace), [trace]);
  return (
    <section class="phone" aria-label="Ledger and spans">
      {ledger.value && <Rows store={store} ledger={ledger.value} />}
      <h2 class="phone-h">Spans on the path, longest first</h2>
      {cards.map((row) => (
        <Card key={row} store={store} row={row} />
      ))}
    </section>
  );
}

function pathOwners(trace: ShownTrace): readonly number[] {
  const { pathTime } = trace.data;
  const rows: number[] = [];
  pathTime.forEach((time, row) => time > 0 && rows.push(row));
  return rows.sort((a, b) => pathTime[b]! - pathTime[a]! || a - b).slice(0, kCards);
}

function Rows({ store, ledger }: { readonly store: TraceStore; readonly ledger: Ledger }): VNode {
  const { trace } = store;
  return (
    <>
      <h2 class="phone-h">
        <span>Ledger, largest rows</span>
        <span>sum {formatWithUnit(trace.unit, ledger.durationNanos)}</span>
      </h2>
      <ol class="plist">
        {ledgerParts(ledger, kRows).map(({ row, label, nanos, share }) => (
          <li key={label}>
            <button type="button" disabled={!row} onClick={() => row && selectRow(store, row)}>
              <LedgerChip row={row} of={row ? trace.classOfService(row.service) : ""} />
              <span class="o">{row && row.category !== "network" ? row.operation || row.value || label : label}</span>
              <span class="num">{formatWithUnit(trace.unit, nanos)}</span>
              <span class="num share">{shareText(share)}</span>
              {row && <span class="sub">{[row.service, [row.category, row.category === "callee" ? row.peer : ""].join(" ").trim()].filter(Boolean).join(", ")}</span>}
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}

function Card({ store, row }: { readonly store: TraceStore; readonly row: number }): VNode {
  const { trace } = store;
  const { length, pathTime, selfTime } = trace.data;
  const scale = { start: 0, end: length };
  return (
    <button type="button" class={`pcard ${trace.colorClass(row)}`} aria-current={row === store.span.value ? "true" : undefined}
      onClick={() => store.select(row, "push")} data-testid="span-card">
      <span class="pcard-1">
        <span class="chip" />
        {trace.failed(row) && <span class="bang" aria-hidden="true">!</span>}
        <span class="op">{trace.name(row)}</span>
        <span class="d">{formatWithUnit(trace.unit, trace.duration(row))}</span>
      </span>
      <span class="pcard-2">
        <span>{trace.service(row)}</span>
        <span>{formatOffset(trace.unit, trace.start(row))}</span>
        <span>self {formatWithUnit(trace.unit, selfTime[row]!)}</span>
        <span>{formatShare(pathTime[row]!, length)}</span>
      </span>
      <svg aria-hidden="true">
        <line class="rule" x1="0" x2="100%" y1="13.5" y2="13.5" />
        <rect class="self" x={`${percentAt(scale, trace.start(row))}%`} width={`${Math.max(0.3, percentWide(scale, trace.start(row), trace.end(row)))}%`} y="2" height="9" rx="2" />
      </svg>
    </button>
  );
}
