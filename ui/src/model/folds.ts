// SPDX-License-Identifier: Apache-2.0
// The folded spans as the text of a link: their keys, or, when most are folded, "all" and the keys of those
// that are open, so that the link of a large trace stays short.
import type { SpanNode } from "./span_tree";

const kAll = "all";
const kBut = "-";
const kBetween = ".";

function foldableKeys(nodes: readonly SpanNode[]): readonly string[] {
  return nodes.filter(({ childCount }) => childCount > 0).map(({ key }) => key);
}

/** Keys that the trace does not have are left out. */
export function foldsFromText(text: string, nodes: readonly SpanNode[]): ReadonlySet<string> {
  if (text === "") return new Set();
  const isComplement = text === kAll || text.startsWith(kAll + kBut);
  const named = new Set(text.slice(isComplement ? (kAll + kBut).length : 0).split(kBetween));
  return new Set(foldableKeys(nodes).filter((key) => named.has(key) !== isComplement));
}

/** Undefined when nothing is folded. */
export function foldsToText(folds: ReadonlySet<string>, nodes: readonly SpanNode[]): string | undefined {
  if (folds.size === 0) return undefined;
  const keys = foldableKeys(nodes);
  const closed = keys.filter((key) => folds.has(key));
  if (closed.length <= keys.length / 2) return closed.join(kBetween);
  const open = keys.filter((key) => !folds.has(key));
  return open.length === 0 ? kAll : kAll + kBut + open.join(kBetween);
}
