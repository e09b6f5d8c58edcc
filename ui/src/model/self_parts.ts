// SPDX-License-Identifier: Apache-2.0
// Where the spans of a trace worked: self time by service and name, the largest parts and the rest. With spans
// side by side it may be more than the trace lasted, so shares are of all of it.
import { serviceIndexOf, type ServiceColors } from "./service_color";
import type { SpanTree } from "./span_tree";

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

export function selfParts({ nodes }: SpanTree, colors: ServiceColors, count: number): SelfParts {
  const sums = new Map<string, { service: string; name: string; color: number; selfTime: number }>();
  for (const { span, selfTime } of nodes) {
    const { service } = span.resource;
    const key = JSON.stringify([service, span.name]);
    const sum = sums.get(key) ?? { service, name: span.name, color: serviceIndexOf(colors, service), selfTime: 0 };
    sum.selfTime += selfTime;
    sums.set(key, sum);
  }
  const sorted = [...sums.values()].sort((a, b) => b.selfTime - a.selfTime || (a.name < b.name ? -1 : 1));
  const parts = sorted.slice(0, count);
  const timeOf = (some: readonly SelfPart[]): number => some.reduce((sum, { selfTime }) => sum + selfTime, 0);
  return { parts, rest: timeOf(sorted.slice(count)), restCount: sorted.length - parts.length, total: timeOf(sorted) };
}
