// SPDX-License-Identifier: Apache-2.0
// The fields that the reader added as facets, kept in this browser: the one added last is the last.

const kKey = "clew-facets";
/** Each asks the server once for every query. */
export const kMostOwnFacets = 8;

/** Added, or taken away again. */
export function withOwnFacet(own: readonly string[], field: string): readonly string[] {
  return own.includes(field) ? own.filter((each) => each !== field) : [...own, field].slice(0, kMostOwnFacets);
}

/** What is kept; nothing of what this page did not write. */
export function ownFacetsOf(text: string | null): readonly string[] {
  try {
    const kept: unknown = JSON.parse(text ?? "[]");
    if (!Array.isArray(kept)) return [];
    return [...new Set(kept.filter((each): each is string => typeof each === "string" && each !== ""))].slice(0, kMostOwnFacets);
  } catch {
    return [];
  }
}

export function readOwnFacets(): readonly string[] {
  try {
    return ownFacetsOf(localStorage.getItem(kKey));
  } catch {
    return []; // Storage may be forbidden.
  }
}

export function keepOwnFacets(own: readonly string[]): void {
  try {
    localStorage.setItem(kKey, JSON.stringify(own));
  } catch {
    // They then last as long as the page.
  }
}
