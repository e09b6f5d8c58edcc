// SPDX-License-Identifier: Apache-2.0

/** Calls back when the reader, the system or a printer changes the theme. Returns how to stop it. */
export function watchTheme(changed: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = new MutationObserver(changed);
  system.addEventListener("change", changed);
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-printing"] });
  return () => {
    system.removeEventListener("change", changed);
    chosen.disconnect();
  };
}
