// SPDX-License-Identifier: Apache-2.0
// What a service waits for: the mean of its calls by who has the time, one whole.
import type { Ledger, LedgerCategory, LedgerRow } from "./ledger";
import { wholeShares } from "./set_comparison";

export interface WaitPart {
  readonly label: string;
  /** Whose colour it has; "" of none. */
  readonly service: string;
  readonly category: LedgerCategory;
  /** Of a call on the average. */
  readonly nanos: number;
  /** Whole per cent; all parts are 100. */
  readonly share: number;
}

export interface ServiceWaits {
  readonly calls: number;
  /** Of a call, in nanoseconds. */
  readonly mean: number;
  /** There are more traces than those that were read. */
  readonly newestOnly: boolean;
  readonly parts: readonly WaitPart[];
}

const kNobody: Partial<Record<LedgerCategory, string>> = { wait: "in queues", idle: "pauses", missing: "missing spans" };

/** The largest parts, what is left as the last. */
export function waitParts(service: string, { rows, rest }: Pick<Ledger, "rows" | "rest">, calls: number, count: number): readonly WaitPart[] {
  const parts = new Map<string, Omit<WaitPart, "share">>();
  const add = (label: string, of: string, category: LedgerCategory, nanos: number): void => {
    const known = parts.get(label);
    parts.set(label, { label, service: of, category, nanos: nanos + (known?.nanos ?? 0) });
  };
  for (const row of rows) add(labelOf(row, service), kNobody[row.category] ? "" : row.service, row.category, row.nanos);
  const order = [...parts.values()].sort((a, b) => b.nanos - a.nanos || (a.label < b.label ? -1 : 1));
  const shown = order.slice(0, order.length === count + 1 && rest.rows === 0 ? count + 1 : count);
  const left = order.slice(shown.length);
  const nanos = left.reduce((sum, part) => sum + part.nanos, rest.nanos);
  if (left.length + rest.rows > 0) shown.push({ label: `rest, ${left.length + rest.rows} more`, service: "", category: "idle", nanos });
  const shares = wholeShares(shown.map((part) => part.nanos));
  return shown.map((part, at) => ({ ...part, nanos: part.nanos / Math.max(1, calls), share: shares[at]! }));
}

function labelOf({ category, service, peer }: LedgerRow, own: string): string {
  if (category === "network") return `network ${peer} → ${service}`;
  if (category === "callee") return peer || `callees of ${service} that send no spans`;
  return kNobody[category] ?? (service === own ? `${service} itself` : service);
}
