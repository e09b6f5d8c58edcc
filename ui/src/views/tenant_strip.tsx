// SPDX-License-Identifier: Apache-2.0
// Whose spans are shown, where that is to be said: the server keeps tenants apart, or has spans of its own.
import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { whenTenantIsWanted } from "../api/http";
import { goToTenant, shownTenant } from "./router";

/** What the server said when it was not told whose spans are meant. */
const wanted = signal("");
whenTenantIsWanted((said) => (wanted.value = said));

/** Why there is nothing to show before a tenant is named; undefined: there may be something. */
export function tenantWanted(): string | undefined {
  return shownTenant() === undefined && wanted.value ? wanted.value : undefined;
}

export function TenantStrip(): VNode | null {
  const tenant = shownTenant();
  if (tenant === undefined && !wanted.value) return null;
  const choose = (event: Event): void => {
    event.preventDefault();
    const named = new FormData(event.currentTarget as HTMLFormElement).get("tenant");
    if (typeof named === "string" && named.trim()) goToTenant(named.trim());
  };
  return (
    <form class="file-strip tenant-strip" onSubmit={choose} data-testid="tenant-strip">
      {tenant === undefined && <p>This server keeps tenants apart. Whose spans are to be shown?</p>}
      <label class="field">
        <span>Tenant</span>
        <input key={tenant} name="tenant" type="text" defaultValue={tenant ?? ""} autocomplete="off" spellcheck={false} required data-testid="tenant-input" />
      </label>
      <button class="button" type="submit">
        Show
      </button>
      {tenant !== undefined && !wanted.value && (
        <button class="button" type="button" onClick={() => goToTenant(undefined)} data-testid="leave-tenant">
          Leave
        </button>
      )}
    </form>
  );
}
