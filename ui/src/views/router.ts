// SPDX-License-Identifier: Apache-2.0
// Where the reader is. The address is the whole state that a link must carry; pages read it from here and
// change it through here. Whose spans are looked at is a parameter that all pages have in common, so it stays.
import { signal } from "@preact/signals";
import { ask } from "../api/http";

const kTenant = "tenant";

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

/** undefined: as the server finds it. */
export function shownTenant(): string | undefined {
  return address.value.params.get(kTenant) || undefined;
}

/** The present page, of the spans of another tenant. */
export function goToTenant(tenant: string | undefined): void {
  setParams({ [kTenant]: tenant }, "push");
}

/** `target` as a link of ours is followed from here. */
function withTenant(target: string): string {
  const tenant = shownTenant();
  const { path, params } = addressOf(target);
  if (tenant === undefined || params.has(kTenant)) return target;
  params.set(kTenant, tenant);
  return `${path}?${params}`;
}

function show(next: Address): void {
  ask({ tenant: next.params.get(kTenant) || undefined });
  address.value = next;
}

export type HistoryStep = "push" | "replace";

export function goTo(target: string, step: HistoryStep = "push"): void {
  move(withTenant(target), step);
}

function move(target: string, step: HistoryStep): void {
  try {
    if (step === "push") history.pushState(null, "", target);
    else history.replaceState(null, "", target);
  } catch {
    // Browsers limit how often the address may change, say while j is held down. The page follows anyway.
  }
  show(addressOf(target));
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
  move(text ? `${path}?${text}` : path, step);
}

/** The link to one of our own pages that was clicked. */
function ownLinkOf({ target, defaultPrevented }: Event): HTMLAnchorElement | undefined {
  const link = target instanceof Element ? target.closest("a") : null;
  if (defaultPrevented || !link || link.hasAttribute("download") || link.origin !== location.origin) return undefined;
  return link.pathname.startsWith("/api/") ? undefined : link;
}

/** Keeps clicks on links to our own pages inside the page that is loaded. */
export function startRouter(): void {
  show(address.value);
  addEventListener("popstate", () => show(shownAddress()));
  addEventListener("auxclick", carryTenant);
  addEventListener("click", (event) => {
    const link = carryTenant(event);
    if (!link || link.target || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    goTo(link.pathname + link.search);
  });
}

/** So that a page in a tab of its own shows the same tenant. */
function carryTenant(event: Event): HTMLAnchorElement | undefined {
  const link = ownLinkOf(event);
  if (link && shownTenant() !== undefined) link.href = withTenant(link.pathname + link.search);
  return link;
}
