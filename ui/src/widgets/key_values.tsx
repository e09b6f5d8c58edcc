// SPDX-License-Identifier: Apache-2.0
// A list of names and values, one line each; long names are cut, long values wrap.
import type { VNode } from "preact";

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

export function KeyValues({ items }: { readonly items: readonly KeyValue[] }): VNode {
  if (items.length === 0) return <p class="muted">None.</p>;
  return (
    <dl class="kv">
      {items.map(({ key, value }, index) => (
        <div key={`${index} ${key}`} data-testid="attribute-row" data-key={key}>
          <dt title={key}>{key}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
