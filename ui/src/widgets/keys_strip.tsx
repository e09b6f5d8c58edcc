// SPDX-License-Identifier: Apache-2.0
// The strip at the foot of the page that names the keys, shown while ? is on.
import type { VNode } from "preact";

export interface KeyHint {
  readonly keys: readonly string[];
  readonly action: string;
}

export function KeysStrip({ hints }: { readonly hints: readonly KeyHint[] }): VNode {
  return (
    <aside class="keys" aria-label="Keyboard">
      {hints.map(({ keys, action }) => (
        <span key={action}>
          {keys.map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
          {action}
        </span>
      ))}
    </aside>
  );
}
