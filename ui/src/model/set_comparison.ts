// SPDX-License-Identifier: Apache-2.0
// Where a set of traces spends more than another, as the server answers it; and what of it a table and two bars
// show. docs/comparison.md has the rules.
import type { LedgerCategory, VerdictPart } from "./ledger";

/** A part of the time, what it takes a trace on the average in both sets. Nanoseconds. */
export interface GrownPart {
  readonly label: string;
  readonly service: string;
  readonly category: LedgerCategory;
  readonly now: number;
  readonly usual: number;
  /** The 95 % interval of how much it grew. */
  readonly low: number;
  readonly high: number;
  /** No chance, and enough to matter. */
  readonly standsOut: boolean;
}

export interface SetFacts {
  readonly traces: number;
  /** There are more than were read. */
  readonly newestOnly: boolean;
  readonly mean: number;
  readonly median: number;
}

/** Of so many traces so many. */
export interface Support {
  readonly with: number;
  readonly traces: number;
}

export interface AttributeValue {
  readonly key: string;
  /** undefined: to have none. */
  readonly value: string | undefined;
  /** Finds the traces. */
  readonly query: string;
}

export interface AttributeShare extends AttributeValue {
  /** Of what the set takes more, the share on traces with it. */
  readonly explained: number;
  readonly riskRatio: number;
  readonly riskRatioLow: number;
  readonly riskRatioHigh: number;
  readonly set: Support;
  readonly rest: Support;
  /** On the same traces. */
  readonly copies: readonly AttributeValue[];
}

export type LeftOutReason = "selected" | "identifier" | "duration";

export interface Example {
  readonly traceId: string;
  readonly duration: number;
}

export interface Examples {
  readonly typical: readonly Example[];
  readonly slowest: readonly Example[];
}

/** What happens more or less often in visits of a service. */
export interface ChangedVisits {
  readonly kind: "errors" | "missing";
  readonly where: string;
  /** What is missing. */
  readonly what: string;
  readonly share: number;
  readonly usualShare: number;
  readonly visits: number;
}

export interface SetComparison {
  readonly verdict: readonly VerdictPart[];
  readonly nothingStandsOut: boolean;
  /** It is of what nobody waited for. */
  readonly detached: boolean;
  /** Of the set, the traces of a kind that the rest has too. */
  readonly compared: number;
  /** Of the rest, from periods that were slow themselves. */
  readonly leftOut: number;
  readonly mix: number;
  readonly set: SetFacts;
  readonly rest: SetFacts;
  /** By how much they grew, most first. */
  readonly parts: readonly GrownPart[];
  readonly visits: readonly ChangedVisits[];
  readonly attributes: readonly AttributeShare[];
  readonly attributesLeftOut: readonly { readonly key: string; readonly reason: LeftOutReason }[];
  readonly examples: { readonly set: Examples; readonly rest: Examples };
  readonly durations: { readonly from: number; readonly to: number; readonly set: readonly number[]; readonly rest: readonly number[] };
  readonly notes: readonly string[];
}

/** A row of the table; without a part it is what the others sum up to. */
export interface GrowthRow {
  readonly part: GrownPart | undefined;
  /** In SetComparison.parts; -1 of the rest. */
  readonly index: number;
  readonly label: string;
  readonly now: number;
  readonly usual: number;
  /** Whole per cent of either set's time, 100 with all others. */
  readonly nowShare: number;
  readonly usualShare: number;
}

export interface GrowthTable {
  readonly rows: readonly GrowthRow[];
  readonly hidden: number;
  readonly now: number;
  readonly usual: number;
}

/** The parts that stand out and the largest others, by how much they grew, and one row for what is left. */
export function growthTable(parts: readonly GrownPart[], count: number): GrowthTable {
  const size = ({ now, usual }: GrownPart): number => Math.max(now, usual);
  const order = parts.map((_, index) => index).sort((x, y) => {
    const [left, right] = [parts[x]!, parts[y]!];
    return Number(right.standsOut) - Number(left.standsOut) || size(right) - size(left) || x - y;
  });
  const shown = new Set(order.slice(0, parts.length === count + 1 ? parts.length : count));
  const sum = (value: (part: GrownPart) => number, of: readonly GrownPart[]): number => of.reduce((total, part) => total + value(part), 0);
  const left = parts.filter((_, index) => !shown.has(index));
  const rows = parts.flatMap((part, index) => (shown.has(index) ? [{ part, index, label: part.label, now: part.now, usual: part.usual }] : []));
  const all = left.length === 0 ? rows : [...rows, {
    part: undefined, index: -1, label: `rest, ${left.length} parts`, now: sum(({ now }) => now, left), usual: sum(({ usual }) => usual, left),
  }];
  const [nowShares, usualShares] = [wholeShares(all.map(({ now }) => now)), wholeShares(all.map(({ usual }) => usual))];
  return {
    rows: all.map((row, at) => ({ ...row, nowShare: nowShares[at]!, usualShare: usualShares[at]! })),
    hidden: left.length,
    now: sum(({ now }) => now, parts),
    usual: sum(({ usual }) => usual, parts),
  };
}

/** Whole per cent that add up to 100, by the largest remainder. */
export function wholeShares(amounts: readonly number[]): readonly number[] {
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  if (!(total > 0)) return amounts.map(() => 0);
  const exact = amounts.map((amount) => (100 * amount) / total);
  const shares = exact.map(Math.floor);
  const left = 100 - shares.reduce((sum, share) => sum + share, 0);
  const order = exact.map((_, at) => at).sort((x, y) => exact[y]! - shares[y]! - (exact[x]! - shares[x]!) || x - y);
  for (const at of order.slice(0, left)) ++shares[at]!;
  return shares;
}
