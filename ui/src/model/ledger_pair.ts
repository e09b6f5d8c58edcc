// SPDX-License-Identifier: Apache-2.0
// What grew from one trace to another: the rows of both ledgers side by side, which add up to either trace, and a
// sentence whose amounts add up to the difference.
import { type Ledger, type LedgerCategory, type LedgerRow } from "./ledger";

export interface PairedPart {
  readonly label: string;
  readonly service: string;
  readonly category: LedgerCategory | undefined;
  readonly a: number;
  readonly b: number;
  /** The span that owns most of it in either trace, or "". */
  readonly spanOfA: string;
  readonly spanOfB: string;
}

const keyOf = ({ service, operation, category, peer, value }: LedgerRow): string => JSON.stringify([service, operation, category, peer, value]);

/** The parts of both, the largest first. */
export function pairedParts(a: Ledger, b: Ledger): readonly PairedPart[] {
  const parts = new Map<string, PairedPart>();
  for (const row of a.rows) {
    parts.set(keyOf(row), { label: row.label, service: row.service, category: row.category, a: row.nanos, b: 0, spanOfA: row.spans[0] ?? "", spanOfB: "" });
  }
  for (const row of b.rows) {
    const inA = parts.get(keyOf(row)) ?? { label: row.label, service: row.service, category: row.category, a: 0, b: 0, spanOfA: "", spanOfB: "" };
    parts.set(keyOf(row), { ...inA, b: row.nanos, spanOfB: row.spans[0] ?? "" });
  }
  return [...parts.values()].sort((x, y) => Math.max(y.a, y.b) - Math.max(x.a, x.b));
}

/** The largest parts, and the last for all others. */
export function shownParts(parts: readonly PairedPart[], a: Ledger, b: Ledger, count: number): readonly PairedPart[] {
  const shown = parts.slice(0, count);
  const rest = {
    label: "rest", service: "", category: undefined, spanOfA: "", spanOfB: "",
    a: shown.reduce((left, part) => left - part.a, a.durationNanos),
    b: shown.reduce((left, part) => left - part.b, b.durationNanos),
  };
  return rest.a > 0 || rest.b > 0 ? [...shown, rest] : shown;
}

export interface GrowthPhrase {
  /** Undefined: all that is not told. */
  readonly part: PairedPart | undefined;
  readonly nanos: number;
  /** The part, or what changed most of all that is not told. */
  readonly largest: PairedPart | undefined;
}

const kMostPhrases = 3;
/** A part is told when it is so much of all that changed. */
const kLeastShare = 0.1;

/** What makes A longer or shorter than B: the largest changes, and what all others come to. */
export function growthPhrases(parts: readonly PairedPart[], difference: number): readonly GrowthPhrase[] {
  const changes = parts.map((part) => ({ part, nanos: part.a - part.b })).sort((x, y) => Math.abs(y.nanos) - Math.abs(x.nanos));
  const all = changes.reduce((sum, { nanos }) => sum + Math.abs(nanos), 0);
  const told = changes.slice(0, kMostPhrases).filter(({ nanos }) => nanos !== 0 && Math.abs(nanos) >= kLeastShare * all);
  const phrases = told.map(({ part, nanos }): GrowthPhrase => ({ part, nanos, largest: part }));
  const rest = told.reduce((left, { nanos }) => left - nanos, difference);
  return rest === 0 ? phrases : [...phrases, { part: undefined, nanos: rest, largest: changes[told.length]?.part }];
}
