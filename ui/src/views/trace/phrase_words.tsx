// SPDX-License-Identifier: Apache-2.0
// The words of a phrase of the verdict, its share in front set off.
import type { VNode } from "preact";

export function PhraseWords({ text }: { readonly text: string }): VNode {
  const [, share, rest] = /^((?:under )?\d+\s%)?([^]*)$/.exec(text) ?? [];
  return (
    <>
      {share && <strong>{share}</strong>}
      {rest}
    </>
  );
}
