// SPDX-License-Identifier: Apache-2.0
import type { VNode } from "preact";

export function BrandIcon(): VNode {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <circle cx="8.5" cy="9" r="6.75" />
      <path d="M3.4 6.2C6 4.6 10.6 5 13.6 8.2M2 10.3c3-1.8 8-1 10.6 2.8M5 14.6c.9-1.4 2.7-2 4.6-1.6M10.6 15.4c2.2 2.2 5 2.9 8.4 1.4" />
    </svg>
  );
}

/** Points down when open, right when closed. */
export function TwistIcon({ open }: { readonly open: boolean }): VNode {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true">
      <path d={open ? "M3 4.5 6 7.5 9 4.5" : "M4.5 3 7.5 6 4.5 9"} />
    </svg>
  );
}
