// SPDX-License-Identifier: Apache-2.0
// In the place of any page, while the server does not answer because it has not been told whose spans are meant.
import type { VNode } from "preact";
import { address } from "./router";
import { kScreens } from "./screens";
import { TopBar } from "./top_bar";

export function TenantPage({ said }: { readonly said: string }): VNode {
  const page = kScreens.find(({ href }) => href === address.value.path)?.screen;
  return (
    <div class="page">
      <TopBar {...(page ? { page } : {})} />
      <main>
        <div class="message" role="alert" data-testid="tenant-wanted">
          <h1>No tenant is named.</h1>
          <p>
            The server says: <code>{said}</code>
          </p>
          <p>
            Name it in the field Tenant on top of this page. It is kept in the address, as in <code>{address.value.path}?tenant=shop</code>,
            so a link shows the same spans.
          </p>
        </div>
      </main>
    </div>
  );
}
