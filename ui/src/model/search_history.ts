// SPDX-License-Identifier: Apache-2.0
// The queries that were asked in this browser, the last one first, each once.

const kKey = "clew-history";
const kMaxKept = 50;

export function withQuery(history: readonly string[], query: string): readonly string[] {
  return query ? [query, ...history.filter((each) => each !== query)].slice(0, kMaxKept) : history;
}

/** What is kept; nothing of what this page did not write. */
export function historyOf(text: string | null): readonly string[] {
  try {
    const kept: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(kept) ? kept.filter((each) => typeof each === "string").slice(0, kMaxKept) : [];
  } catch {
    return [];
  }
}

export function readHistory(): readonly string[] {
  try {
    return historyOf(localStorage.getItem(kKey));
  } catch {
    return []; // Storage may be forbidden.
  }
}

export function rememberQuery(query: string): void {
  try {
    localStorage.setItem(kKey, JSON.stringify(withQuery(readHistory(), query)));
  } catch {
    // Then there is no history.
  }
}

export function forgetQueries(): void {
  try {
    localStorage.removeItem(kKey);
  } catch {
    // There was none.
  }
}
