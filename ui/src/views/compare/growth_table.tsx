// SPDX-License-Identifier: Apache-2.0
// Where the time grew: a row for each part with its mean in both sets, the difference as a bar with its interval,
// and what it is of either set's time.
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { formatIn, kThinSpace, type Unit, unitForTrace } from "../../base/format";
import type { ColorOf } from "../../model/service_color";
import { type GrownPart, type GrowthRow, type GrowthTable as Growth, type SetComparison } from "../../model/set_comparison";

export interface GrowthTableProps {
  readonly comparison: SetComparison;
  readonly table: Growth;
  readonly colorOf: ColorOf;
  /** Of the chosen row; -1: none. */
  readonly place: number;
  readonly allRows: boolean;
  /** How many rows there are unless all are asked for. */
  readonly most: number;
  readonly onChoose: (place: number) => void;
  readonly onAllRows: () => void;
}

export function GrowthTable({ comparison, table, colorOf, place, allRows, most, onChoose, onAllRows }: GrowthTableProps): VNode {
  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => body.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" }), [place]);
  const unit = unitForTrace(Math.max(table.now, table.usual));
  const scale = growthScale(table.rows);
  const canFold = comparison.parts.length > most + 1;
  return (
    <section class="section">
      <header class="h">
        <h2>Where the time grew</h2>
        <p>mean per trace, largest growth first; all rows sum to the difference</p>
        {canFold && (
          <button class="button small" type="button" aria-pressed={allRows} data-testid="all-rows" onClick={onAllRows}>
            All {comparison.parts.length} rows <kbd>a</kbd>
          </button>
        )}
      </header>
      <table class="dt growth" data-testid="growth-table">
        <colgroup>
          <col class="c-label" /><col class="c-ms" /><col class="c-ms" /><col class="c-grew" /><col /><col class="c-share" /><col class="c-share" />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Service, operation</th>
            <th scope="col" class="num">Set, {unit.name}</th>
            <th scope="col" class="num">Rest, {unit.name}</th>
            <th scope="col" class="num">Grew by</th>
            <th scope="col" class="c-bar">Mean difference and its 95{kThinSpace}% interval</th>
            <th scope="col" class="num c-of">Set</th>
            <th scope="col" class="num c-of">Rest</th>
          </tr>
        </thead>
        <tbody ref={body}>
          {table.rows.map((each, at) => (
            <Row key={each.index} row={each} unit={unit} scale={scale} color={each.part ? colorOf(each.part.service) : ""} current={place === at}
              onChoose={() => onChoose(place === at ? -1 : at)} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td>Sum</td>
            <td class="num">{formatIn(unit, table.now)}</td>
            <td class="num">{formatIn(unit, table.usual)}</td>
            <td class="num">{signed(unit, table.now - table.usual)}</td>
            <td class="c-bar" />
            <td class="num c-of">100{kThinSpace}%</td>
            <td class="num c-of">100{kThinSpace}%</td>
          </tr>
        </tfoot>
      </table>
    </section>
  );
}

interface RowProps {
  readonly row: GrowthRow;
  readonly unit: Unit;
  readonly scale: GrowthScale;
  readonly color: string;
  readonly current: boolean;
  readonly onChoose: () => void;
}

function Row({ row: { part, label, now, usual, nowShare, usualShare }, unit, scale, color, current, onChoose }: RowProps): VNode {
  const standsOut = part?.standsOut ?? false;
  return (
    <tr class="tight" data-testid="growth-row" data-label={label} aria-current={current ? "true" : undefined} onClick={onChoose}>
      <td title={label}>
        <span class="names">
          <span class={part ? `chip ${color} ${part.category}` : "chip rest"} />
          <Label part={part} label={label} />
          {standsOut && <span class="tag">stands out</span>}
        </span>
      </td>
      <td class="num">{formatIn(unit, now)}</td>
      <td class="num muted">{formatIn(unit, usual)}</td>
      <td class={standsOut ? "num strong" : "num"}>{signed(unit, now - usual)}</td>
      <td class="c-bar" title={part && `95 % interval ${signed(unit, part.low)} to ${signed(unit, part.high)} ${unit.name}`}>
        <svg aria-hidden="true">
          <line class="zero" x1={`${scale.zero}%`} x2={`${scale.zero}%`} y1="0" y2="16" />
          <GrowthBar scale={scale} nanos={now - usual} />
          {part && <Whisker scale={scale} low={part.low} high={part.high} />}
        </svg>
      </td>
      <td class="num c-of">{nowShare}{kThinSpace}%</td>
      <td class="num muted c-of">{usualShare}{kThinSpace}%</td>
    </tr>
  );
}

/** The service is told apart from what it does. */
function Label({ part, label }: { readonly part: GrownPart | undefined; readonly label: string }): VNode {
  const kind = part?.standsOut ? "op strong" : "op";
  if (!part || !label.startsWith(part.service)) return <span class={kind}>{label}</span>;
  const rest = label.slice(part.service.length).replace(/^, /, "").trim();
  return (
    <>
      <span class="svc">{part.service}</span>
      <span class={kind}>{rest || "own work"}</span>
    </>
  );
}

/** +639; in the unit of the table. */
export function signed(unit: Unit, nanos: number): string {
  return nanos === 0 ? "0" : `${nanos < 0 ? "−" : "+"}${formatIn(unit, Math.abs(nanos))}`;
}

export interface GrowthScale {
  /** Where no difference is, in per cent of the width. */
  readonly zero: number;
  readonly perNano: number;
}

const kMargin = 8;

function growthScale(rows: readonly GrowthRow[]): GrowthScale {
  let [least, most] = [0, 0];
  for (const { part, now, usual } of rows) {
    // An interval wider than what it is of is cut, lest it makes everything else small.
    const growth = now - usual;
    const room = 1.5 * Math.abs(growth);
    least = Math.min(least, growth, part ? Math.max(part.low, growth - room) : 0);
    most = Math.max(most, growth, part ? Math.min(part.high, growth + room) : 0);
  }
  return scaleOf(least, most);
}

/** A scale on which both ends of a range and 0 lie. */
export function scaleOf(least: number, most: number): GrowthScale {
  const perNano = (100 - 2 * kMargin) / Math.max(1, most - least);
  return { zero: kMargin - least * perNano, perNano };
}

const kThinnest = 0.15;

export function GrowthBar({ scale, nanos }: { readonly scale: GrowthScale; readonly nanos: number }): VNode | null {
  if (nanos === 0) return null;
  const width = Math.max(kThinnest, Math.abs(nanos) * scale.perNano);
  return <rect class="grow" x={`${nanos < 0 ? scale.zero - width : scale.zero}%`} width={`${width}%`} y="5" height="6" />;
}

/** Not drawn where it is too short to be seen. */
function Whisker({ scale, low, high }: { readonly scale: GrowthScale; readonly low: number; readonly high: number }): VNode | null {
  const at = (nanos: number): number => Math.max(0, Math.min(100, scale.zero + nanos * scale.perNano));
  const [from, to] = [at(low), at(high)];
  return to - from < 0.5 ? null : <line class="whisker" x1={`${from}%`} x2={`${to}%`} y1="14" y2="14" />;
}
