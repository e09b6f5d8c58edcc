// SPDX-License-Identifier: Apache-2.0
// The fields that the reader added as facets, kept in this browser: the one added last is the last.

import { keepTexts, storedText, textsOf } from "./kept_texts";

const kKey = "clew-facets";
/** Each asks the server once for every query. */
export const kMostOwnFacets = 8;

/** Added, or taken away again. */
export function withOwnFacet(own: readonly string[], field: string): readonly string[] {
  return own.includes(field) ? own.filter((each) => each !== field) : [...own, field].slice(0, kMostOwnFacets);
}

/** What is kept of them; nothing of what this page did not write. */
export function ownFacetsOf(text: string | null): readonly string[] {
  return [...new Set(textsOf(text).filter((each) => each !== ""))].slice(0, kMostOwnFacets);
}

export const readOwnFacets = (): readonly string[] => ownFacetsOf(storedText(kKey));

export const keepOwnFacets = (own: readonly string[]): void => keepTexts(kKey, own);
