// SPDX-License-Identifier: Apache-2.0
// The attributes that the reader wants to see first, kept in this browser.
import { signal } from "@preact/signals";

const kKey = "clew-pinned";

function stored(): readonly string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(kKey) ?? "[]");
    return Array.isArray(value) ? value.filter((key): key is string => typeof key === "string") : [];
  } catch {
    return []; // Storage may be forbidden.
  }
}

export const pinnedKeys = signal<readonly string[]>(stored());

export function togglePinned(key: string): void {
  const now = pinnedKeys.value;
  pinnedKeys.value = now.includes(key) ? now.filter((other) => other !== key) : [...now, key];
  try {
    localStorage.setItem(kKey, JSON.stringify(pinnedKeys.value));
  } catch {
    // The choice then lasts as long as the page.
  }
}
