// SPDX-License-Identifier: Apache-2.0
// A service keeps its colour: the index is a hash of its name. Two services of one trace that fall on the
// same index are told apart: the one with more self time keeps it, the other takes the next free one.
// Past the twelfth they share grey and are told apart by their label.
import { hashName } from "../base/hash";
import type { SpanNode } from "./span_tree";

export const kServiceColors = 12;
/** The grey that services past the twelfth share. */
export const kRestColor = kServiceColors;

export type ServiceColors = ReadonlyMap<string, number>;

export function hashedColor(service: string): number {
  return hashName(service) % kServiceColors;
}

export function assignColors(nodes: readonly SpanNode[]): ServiceColors {
  const selfTime = new Map<string, number>();
  for (const { span, selfTime: self } of nodes) {
    const { service } = span.resource;
    selfTime.set(service, (selfTime.get(service) ?? 0) + self);
  }
  const services = [...selfTime].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const colors = new Map<string, number>();
  const taken = new Set<number>();
  const give = (service: string, color: number): void => {
    colors.set(service, color);
    taken.add(color);
  };
  // First those whose own colour is free: a collision must not push a third service off its colour.
  const colored = services.slice(0, kServiceColors).map(([service]) => service);
  for (const service of colored) if (!taken.has(hashedColor(service))) give(service, hashedColor(service));
  for (const service of colored) {
    if (colors.has(service)) continue;
    let color = hashedColor(service);
    while (taken.has(color)) color = (color + 1) % kServiceColors;
    give(service, color);
  }
  return colors;
}

export function serviceIndexOf(colors: ServiceColors, service: string): number {
  return colors.get(service) ?? kRestColor;
}

export function colorClass(index: number): string {
  return index < kServiceColors ? `s${index}` : "s-rest";
}

export function serviceClass(colors: ServiceColors, service: string): string {
  return colorClass(serviceIndexOf(colors, service));
}
