// SPDX-License-Identifier: Apache-2.0
// Where the spans of a trace worked: self time by service and name, the largest parts and the rest. With spans
// side by side it may be more than the trace lasted, so shares are of all of it.
import type { ShownTrace } from "./shown_trace";

export interface SelfPart {
  readonly service: string;
  readonly name: string;
  readonly color: number;
  readonly selfTime: number;
}

export interface SelfParts {
  /** Largest first. */
  readonly parts: readonly SelfPart[];
  readonly rest: number;
  /** How many parts the rest is made of. */
  readonly restCount: number;
  readonly total: number;
}

export function selfParts(trace: ShownTrace, count: number): SelfParts {
  const { service, name } = trace.data.columns;
  const sums = new Map<string, { readonly service: string; readonly name: string; readonly color: number; selfTime: number }>();
  for (let row = 0; row < trace.count; ++row) {
    const key = `${service[row]} ${name[row]}`;
    let sum = sums.get(key);
    if (!sum) sums.set(key, (sum = { service: trace.service(row), name: trace.name(row), color: trace.color(row), selfTime: 0 }));
    sum.selfTime += trace.data.selfTime[row]!;
  }
  const sorted = [...sums.values()].sort((a, b) => b.selfTime - a.selfTime || (a.name < b.name ? -1 : 1));
  const parts = sorted.slice(0, count);
  const timeOf = (some: readonly SelfPart[]): number => some.reduce((sum, { selfTime }) => sum + selfTime, 0);
  return { parts, rest: timeOf(sorted.slice(count)), restCount: sorted.length - parts.length, total: timeOf(sorted) };
}
