// SPDX-License-Identifier: Apache-2.0
// A service keeps its colour: the index is a hash of its name. Two services of one trace that fall on the
// same index are told apart: the one with more self time keeps it, the other takes the next free one.
// Past the twelfth they share grey and are told apart by their label.
import { hashName } from "../base/hash";

export const kServiceColors = 12;
/** The grey that services past the twelfth share. */
export const kRestColor = kServiceColors;

export function hashedColor(service: string): number {
  return hashName(service) % kServiceColors;
}

/** The colour of each service, given how long each worked itself. */
export function assignColors(selfTime: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
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

/** The class of a service's colour, among the services of one view. */
export type ColorOf = (service: string) => string;

export function colorClass(index: number): string {
  return index < kServiceColors ? `s${index}` : "s-rest";
}
