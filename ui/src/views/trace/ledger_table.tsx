// SPDX-License-Identifier: Apache-2.0
// The ledger as a table: each instant of the root's time has one owner, so its rows add up to the trace. Grouped
// by owner, or by service, operation, category or any attribute.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { formatCount, formatWithUnit, plural } from "../../base/format";
import { type Ledger, type LedgerRow, shareText } from "../../model/ledger";
import { address, setParams } from "../router";
import { LedgerChip, selectRow } from "./ledger_bar";
import type { LedgerReader } from "./ledger_reader";
import type { TraceStore } from "./trace_store";

const kGroupings = [["", "owner"], ["service", "service"], ["operation", "operation"], ["category", "category"]] as const;
/** Where each row is of one category; the time of a service, or of an attribute's value, is of several. */
const kOfOneCategory: readonly string[] = ["", "operation", "category"];

export interface LedgerTableProps {
  readonly store: TraceStore;
  readonly ledger: LedgerReader;
}

export function LedgerTable({ store, ledger }: LedgerTableProps): VNode {
  const by = address.value.params.get("by") ?? "";
  useEffect(() => ledger.want(by), [by, ledger]);
  const answer = ledger.get(by);
  return (
    <div class="sheet" data-testid="ledger-table">
      <Grouping by={by} />
      {!answer && <p class="muted">Reading the ledger</p>}
      {answer && !answer.ok && <p role="alert">There is no ledger: {answer.error.message}</p>}
      {answer?.ok && <Rows store={store} ledger={answer.value} categories={kOfOneCategory.includes(by)} />}
    </div>
  );
}

function Grouping({ by }: { readonly by: string }): VNode {
  const attribute = kGroupings.some(([value]) => value === by) ? "" : by;
  const typed = useSignal(attribute);
  useEffect(() => {
    typed.value = attribute;
  }, [attribute]);
  const pick = (value: string): void => setParams({ by: value || undefined }, "push");
  return (
    <form class="sheet-tools" onSubmit={(event) => (event.preventDefault(), pick(typed.value.trim()))}>
      <span class="muted">Group by</span>
      <div class="segment" role="group" aria-label="Group by">
        {kGroupings.map(([value, name]) => (
          <button key={name} class="button" type="button" aria-pressed={by === value} onClick={() => pick(value)}>
            {name}
          </button>
        ))}
      </div>
      <label class="field">
        <span class="sr">Attribute to group by</span>
        <input type="text" placeholder="or an attribute, as resource.host.name" value={typed.value} spellcheck={false} autocomplete="off"
          onInput={(event) => (typed.value = event.currentTarget.value)} />
      </label>
    </form>
  );
}

/** On paper, where the bar alone would leave out what is small. */
export function PrintedLedger({ store, ledger }: LedgerTableProps): VNode | null {
  const answer = ledger.get("");
  if (!answer?.ok) return null;
  return (
    <section class="sheet" aria-label="Ledger rows" data-testid="printed-ledger">
      <Rows store={store} ledger={answer.value} categories />
    </section>
  );
}

interface RowsProps {
  readonly store: TraceStore;
  readonly ledger: Ledger;
  /** Whether the category of each row is said. */
  readonly categories: boolean;
}

function Rows({ store, ledger, categories }: RowsProps): VNode {
  const { unit } = store.trace;
  const { rest } = ledger;
  const time = (nanos: number): string => formatWithUnit(unit, nanos);
  const usual = ledger.rows.some(({ usualNanos }) => usualNanos !== undefined);
  return (
    <table>
      <thead>
        <tr>
          <th>Owner</th>
          {categories && <th>Category</th>}
          <th class="num">Share</th>
          <th class="num">Time</th>
          {usual && <th class="num">Usual</th>}
          {usual && <th class="num">Slower than</th>}
          <th class="num">Spans</th>
          <th class="num">Can be saved</th>
        </tr>
      </thead>
      <tbody>
        {ledger.rows.map((row, index) => (
          <tr key={index} aria-selected={row.spans.includes(store.trace.spanId(store.span.value))}>
            <td>
              <button type="button" class="names" onClick={() => selectRow(store, row)} disabled={row.spans.length === 0}>
                <LedgerChip row={row} of={store.trace.classOfService(row.service)} /> {row.label || row.value || "none"}
              </button>
            </td>
            {categories && <td>{row.category}</td>}
            <td class="num strong">{shareText(row.share)}</td>
            <td class="num">{time(row.nanos)}</td>
            {usual && <td class="num">{row.usualNanos === undefined ? "" : time(row.usualNanos)}</td>}
            {usual && <td class="num">{row.slowerThan === undefined ? "" : `${row.slowerThan}\u202f%`}</td>}
            <td class="num">{formatCount(row.count)}</td>
            <td class="num">{savedText(row, time)}</td>
          </tr>
        ))}
        {rest.rows > 0 && (
          <tr>
            <td>
              <LedgerChip row={undefined} of="" /> rest, {formatCount(rest.rows)} {plural(rest.rows, "row")}
            </td>
            {categories && <td />}
            <td class="num strong">{shareText(rest.share)}</td>
            <td class="num">{time(rest.nanos)}</td>
            <td colSpan={usual ? 4 : 2} />
          </tr>
        )}
      </tbody>
      <tfoot>
        <tr>
          <td>Sum</td>
          {categories && <td />}
          <td class="num strong">{shareText(100)}</td>
          <td class="num">{time(ledger.durationNanos)}</td>
          <td colSpan={usual ? 4 : 2} />
        </tr>
      </tfoot>
    </table>
  );
}

function savedText({ dragNanos, nanos, parallelWith }: LedgerRow, time: (nanos: number) => string): string {
  const saved = dragNanos >= nanos ? "all of it" : `at most ${time(dragNanos)}`;
  return parallelWith ? `${saved}, beside ${parallelWith}` : saved;
}
