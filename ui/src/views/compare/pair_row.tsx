// SPDX-License-Identifier: Apache-2.0
// One span of two traces: where it hangs, how long it took in both, and by how much longer in A. What the bars say
// is in the label of the row.
import type { VNode } from "preact";
import { formatCount, formatIn, formatWithUnit, middleEllipsis, type Unit } from "../../base/format";
import type { TracePair } from "../../model/trace_pair";
import { TwistIcon } from "../../widgets/icons";
import { kMostGuides, RowGuides } from "../../widgets/row_guides";
import { GrowthBar, type GrowthScale, signed } from "./growth_table";

export interface PairRowProps {
  readonly pair: TracePair;
  readonly row: number;
  readonly rowNumber: number;
  readonly unit: Unit;
  readonly scale: GrowthScale;
  readonly open: boolean;
  readonly selected: boolean;
  readonly tabStop: boolean;
  readonly onSelect: () => void;
  readonly onToggle: () => void;
}

const kNameLetters = 41;
/** From this share of the longer trace on, a difference is set off. */
const kLargeShare = 0.05;

export function PairRow(props: PairRowProps): VNode {
  const { pair, row, unit, scale, selected } = props;
  const [a, b] = [pair.durationInA(row), pair.durationInB(row)];
  const difference = pair.difference(row);
  const large = Math.abs(difference) >= kLargeShare * pair.length;
  const below = pair.rows.subtree[row]! - 1;
  return (
    <div class={`row pair-cols ${pair.classOf(pair.service(row))}${pair.failedInA(row) || pair.failedInB(row) ? " is-error" : ""}`} role="row"
      aria-level={pair.rows.depth[row]! + 1} aria-rowindex={props.rowNumber} aria-expanded={below > 0 ? props.open : undefined} aria-selected={selected}
      aria-label={labelOf(pair, row, unit)} tabIndex={props.tabStop ? 0 : -1} onClick={props.onSelect} onDblClick={props.onToggle}
      data-testid="pair-row" data-name={pair.name(row)} data-service={pair.service(row)}>
      <NameCell {...props} below={below} />
      <div class={a === undefined ? "num muted" : "num"} role="gridcell">{a === undefined ? "none" : formatIn(unit, a)}</div>
      <div class="num muted" role="gridcell">{b === undefined ? "none" : formatIn(unit, b)}</div>
      <div class="pair-bars" role="gridcell">
        <svg height="16" aria-hidden="true">
          {a !== undefined && <rect class="self" x="0" width={`${share(a, pair.length)}%`} y="2" height="6" />}
          {b !== undefined && <rect class="bar-svc-b" x=".5" width={`${share(b, pair.length)}%`} y="9.5" height="4" />}
        </svg>
      </div>
      <div class={large ? "num strong" : "num"} role="gridcell">{changeOf(a, b) ?? signed(unit, difference)}</div>
      <div class="pair-diff" role="gridcell">
        <svg height="16" aria-hidden="true">
          <line class="zero" x1={`${scale.zero}%`} x2={`${scale.zero}%`} y1="0" y2="16" />
          {a !== undefined && b !== undefined && <GrowthBar scale={scale} nanos={difference} />}
        </svg>
      </div>
    </div>
  );
}

function share(nanos: number, whole: number): number {
  return whole > 0 ? Math.max(0.1, (100 * nanos) / whole) : 0;
}

function changeOf(a: number | undefined, b: number | undefined): string | undefined {
  if (a === undefined) return "only in B";
  return b === undefined ? "only in A" : undefined;
}

function labelOf(pair: TracePair, row: number, unit: Unit): string {
  const [a, b] = [pair.durationInA(row), pair.durationInB(row)];
  const said = [pair.label(row)];
  if (a !== undefined) said.push(`A ${formatWithUnit(unit, a)}`);
  if (b !== undefined) said.push(`B ${formatWithUnit(unit, b)}`);
  said.push(changeOf(a, b) ?? `A − B ${signed(unit, pair.difference(row))}`);
  const failed = [pair.failedInA(row) && "A", pair.failedInB(row) && "B"].filter(Boolean);
  if (failed.length > 0) said.push(`error in ${failed.join(" and ")}`);
  return said.join(", ");
}

function NameCell({ pair, row, open, onToggle, below }: PairRowProps & { readonly below: number }): VNode {
  const depth = pair.rows.depth[row]!;
  const name = pair.name(row);
  const [failedInA, failedInB] = [pair.failedInA(row), pair.failedInB(row)];
  const toggle = (event: Event): void => {
    event.stopPropagation();
    onToggle();
  };
  return (
    <div class="name" role="gridcell">
      <RowGuides level={depth} />
      {below > 0 ? (
        <button class="twist" type="button" tabIndex={-1} aria-label={open ? "Fold" : "Unfold"} onClick={toggle}
          onDblClick={(event) => event.stopPropagation()} data-testid="pair-toggle">
          <TwistIcon open={open} />
        </button>
      ) : <span class="twist" />}
      <span class="chip" />
      <span class="svc">{pair.service(row)}</span>
      {(failedInA || failedInB) && <span class="bang" aria-hidden="true">!</span>}
      {failedInA !== failedInB && <span class="tag">in {failedInA ? "A" : "B"}</span>}
      <span class="op" title={name}>{middleEllipsis(name, kNameLetters)}</span>
      {!open && below > 0 && <span class="tag">+{formatCount(below)}</span>}
      {depth > kMostGuides && <span class="tag">level {depth + 1}</span>}
    </div>
  );
}
