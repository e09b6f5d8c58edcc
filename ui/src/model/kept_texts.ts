// SPDX-License-Identifier: Apache-2.0
// Lists of texts that are kept in this browser, each under its own key.

/** What is kept; nothing of what this page did not write. */
export function textsOf(text: string | null): readonly string[] {
  try {
    const kept: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(kept) ? kept.filter((each): each is string => typeof each === "string") : [];
  } catch {
    return [];
  }
}

/** As it stands in the storage; for textsOf. */
export function storedText(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // Storage may be forbidden.
  }
}

/** Where storage is forbidden they last as long as the page. */
export function keepTexts(key: string, texts: readonly string[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(texts));
  } catch {
    // As said.
  }
}
