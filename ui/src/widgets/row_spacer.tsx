// SPDX-License-Identifier: Apache-2.0
// Holds the place of rows that are not in sight; on paper there is none. It is sized by an attribute, because the page allows no inline style.
import type { VNode } from "preact";
import { formatCount } from "../base/format";
import { printing } from "./printing";

export function RowSpacer({ rows, rowHeight }: { readonly rows: number; readonly rowHeight: number }): VNode | null {
  return rows > 0 && !printing.value ? <svg class="spacer" width="1" height={rows * rowHeight} aria-hidden="true" /> : null;
}

/** On paper: which rows [first, end) are there. */
export function PrintedPart({ first, end, count }: { readonly first: number; readonly end: number; readonly count: number }): VNode | null {
  if (!printing.value || end - first >= count) return null;
  return <p class="printed-part">Rows {formatCount(first + 1)} to {formatCount(end)} of {formatCount(count)}</p>;
}
