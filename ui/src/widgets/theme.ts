// SPDX-License-Identifier: Apache-2.0
// Light or dark: the system decides until the reader does; the choice is kept in this browser.

const kKey = "clew-theme";
export type Theme = "light" | "dark";

export function storedTheme(): Theme | undefined {
  try {
    const value = localStorage.getItem(kKey);
    return value === "light" || value === "dark" ? value : undefined;
  } catch {
    return undefined; // Storage may be forbidden.
  }
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
}

export function toggleTheme(): void {
  const system: Theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const shown = document.documentElement.dataset["theme"] ?? system;
  const next: Theme = shown === "dark" ? "light" : "dark";
  applyTheme(next);
  try {
    localStorage.setItem(kKey, next);
  } catch {
    // The choice then lasts as long as the page.
  }
}
