// SPDX-License-Identifier: Apache-2.0
// Holds the place of rows that are not in sight. It is sized by an attribute, because the page allows no inline style.
import type { VNode } from "preact";

export function RowSpacer({ rows, rowHeight }: { readonly rows: number; readonly rowHeight: number }): VNode | null {
  return rows > 0 ? <svg class="spacer" width="1" height={rows * rowHeight} aria-hidden="true" /> : null;
}
