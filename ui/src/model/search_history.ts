// SPDX-License-Identifier: Apache-2.0
// The queries that were asked in this browser, the last one first, each once.

import { keepTexts, storedText, textsOf } from "./kept_texts";

const kKey = "clew-history";
const kMaxKept = 50;

export function withQuery(history: readonly string[], query: string): readonly string[] {
  return query ? [query, ...history.filter((each) => each !== query)].slice(0, kMaxKept) : history;
}

/** What is kept of them; nothing of what this page did not write. */
export function historyOf(text: string | null): readonly string[] {
  return textsOf(text).slice(0, kMaxKept);
}

export const readHistory = (): readonly string[] => historyOf(storedText(kKey));

export const rememberQuery = (query: string): void => keepTexts(kKey, withQuery(readHistory(), query));

export function forgetQueries(): void {
  try {
    localStorage.removeItem(kKey);
  } catch {
    // There was none.
  }
}
