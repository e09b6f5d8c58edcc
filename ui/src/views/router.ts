// SPDX-License-Identifier: Apache-2.0
// Where the reader is. The address is the whole state that a link must carry; pages read it from here and
// change it through here.
import { signal } from "@preact/signals";

export interface Address {
  readonly path: string;
  readonly params: URLSearchParams;
}

function addressOf(target: string): Address {
  const url = new URL(target, location.origin);
  return { path: url.pathname, params: url.searchParams };
}

const shownAddress = (): Address => addressOf(location.pathname + location.search);

export const address = signal<Address>(shownAddress());

export type HistoryStep = "push" | "replace";

export function goTo(target: string, step: HistoryStep = "push"): void {
  try {
    if (step === "push") history.pushState(null, "", target);
    else history.replaceState(null, "", target);
  } catch {
    // Browsers limit how often the address may change, say while j is held down. The page follows anyway.
  }
  address.value = addressOf(target);
}

/** Changes parameters of the present page; undefined removes one. */
export function setParams(changes: Readonly<Record<string, string | undefined>>, step: HistoryStep = "replace"): void {
  const { path, params: present } = address.value;
  const params = new URLSearchParams(present);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) params.delete(name);
    else params.set(name, value);
  }
  const text = params.toString();
  goTo(text ? `${path}?${text}` : path, step);
}

/** Keeps clicks on links to our own pages inside the page that is loaded. */
export function startRouter(): void {
  addEventListener("popstate", () => (address.value = shownAddress()));
  addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.pathname.startsWith("/api/")) return;
    event.preventDefault();
    goTo(link.pathname + link.search);
  });
}
