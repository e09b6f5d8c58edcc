// SPDX-License-Identifier: Apache-2.0
// What stands together in the panel, under its title.
import type { ComponentChildren, VNode } from "preact";

export function Group({ title, count, children }: { readonly title: string; readonly count?: number; readonly children: ComponentChildren }): VNode {
  return (
    <section aria-label={title}>
      <h3>
        <span>{title}</span>
        {count !== undefined && <span>{count}</span>}
      </h3>
      {children}
    </section>
  );
}
