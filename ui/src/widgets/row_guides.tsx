// SPDX-License-Identifier: Apache-2.0
// The lines that lead down a tree to the name of a row, one for each level: one element however many they are, and
// sized by an attribute, because the page allows no inline style.
import type { VNode } from "preact";

/** Deeper rows are not indented further: the name needs the room. */
export const kMostGuides = 16;
const kGuideWidth = 12;

export function RowGuides({ level }: { readonly level: number }): VNode | null {
  return level > 0 ? <svg class="guides" width={Math.min(kMostGuides, level) * kGuideWidth} aria-hidden="true" /> : null;
}
