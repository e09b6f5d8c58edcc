// SPDX-License-Identifier: Apache-2.0
// The ledger of a trace as the server answers it: each instant of the root's time has one owner, so the rows add
// up to the trace; and the verdict, a sentence whose phrases name rows and spans.

import type { UsualTrace } from "./usual";

export type LedgerCategory = "self" | "network" | "callee" | "wait" | "idle" | "missing";

export interface LedgerRow {
  readonly service: string;
  readonly operation: string;
  readonly category: LedgerCategory;
  /** The caller of a network, the name of a callee. */
  readonly peer: string;
  readonly value: string;
  readonly label: string;
  readonly nanos: number;
  /** Whole per cent; with the rest they are 100. */
  readonly share: number;
  readonly usualNanos: number | undefined;
  /** So many per cent of the usual traces spend less here. */
  readonly slowerThan: number | undefined;
  readonly count: number;
  /** What is saved at most by making it faster. */
  readonly dragNanos: number;
  readonly ambiguousNanos: number;
  readonly parallelWith: string | undefined;
  /** Ids, the largest first. */
  readonly spans: readonly string[];
}

export type VerdictKind = "total" | "plain" | "row" | "rest" | "error";

export interface VerdictPart {
  readonly text: string;
  readonly kind: VerdictKind;
  readonly row: number | undefined;
  readonly spanId: string | undefined;
}

export interface Ledger {
  readonly durationNanos: number;
  readonly rows: readonly LedgerRow[];
  readonly rest: { readonly rows: number; readonly nanos: number; readonly share: number };
  readonly verdict: readonly VerdictPart[];
  readonly notes: readonly string[];
  readonly usual: UsualTrace | undefined;
  readonly skewedServers: number;
}

/** The rows that the verdict tells together, as its rest; the largest first. */
export function rowsOfRest({ rows, verdict }: Pick<Ledger, "rows" | "verdict">): readonly LedgerRow[] {
  const told = new Set(verdict.map(({ row }) => row));
  return rows.filter((_, index) => !told.has(index));
}

export interface LedgerPart {
  /** The row it is; undefined: the rest. */
  readonly row: LedgerRow | undefined;
  readonly index: number;
  readonly label: string;
  readonly nanos: number;
  readonly share: number;
  readonly usualNanos: number | undefined;
  /** Per cent of the bar. */
  readonly x: number;
  readonly width: number;
}

/** The largest rows as parts of one bar, what is left as the last part. */
export function ledgerParts({ rows, rest, durationNanos, usual }: Ledger, count: number): readonly LedgerPart[] {
  const percent = (nanos: number): number => (durationNanos > 0 ? (100 * nanos) / durationNanos : 0);
  const parts: LedgerPart[] = [];
  let x = 0;
  const add = (part: Omit<LedgerPart, "x" | "width">): void => {
    parts.push({ ...part, x, width: percent(part.nanos) });
    x += percent(part.nanos);
  };
  const shown = rows.slice(0, count).filter(({ share }, index) => index === 0 || share > 0);
  shown.forEach((row, index) => add({ ...row, row, index }));
  const hidden = rows.slice(shown.length);
  const nanos = hidden.reduce((sum, row) => sum + row.nanos, rest.nanos);
  const left = hidden.length + rest.rows;
  if (left === 0) return parts;
  const share = hidden.reduce((sum, row) => sum + row.share, rest.share);
  const usualShown = shown.reduce((sum, { usualNanos }) => sum + (usualNanos ?? 0), 0);
  const usualNanos = usual && rows.some((row) => row.usualNanos !== undefined) ? Math.max(0, usual.nanos - usualShown) : undefined;
  add({ row: undefined, index: shown.length, label: `rest, ${left} ${left === 1 ? "row" : "rows"}`, nanos, share, usualNanos });
  return parts;
}

/** A share of nothing says so: what is there is not 0 %. */
export function shareText(share: number): string {
  return share === 0 ? "under 1\u202f%" : `${share}\u202f%`;
}
