// SPDX-License-Identifier: Apache-2.0
// Attributes of a span, one line each, long values laid out; under the pointer or the focus what can be done with
// one: find it here, search for it, group the ledger by it, copy and pin it.
import type { VNode } from "preact";
import { type Attribute, type AttributeValue, attributeText } from "../../model/trace";
import { longValue } from "../../model/value_text";
import { CopyButton } from "../../widgets/copy_button";
import { setParams } from "../router";
import { pinnedKeys, togglePinned } from "./pinned_keys";
import type { TraceStore } from "./trace_store";

export interface AttributeListProps {
  readonly store: TraceStore;
  readonly scope: "span" | "resource" | "event" | "link" | "instrumentation";
  readonly attributes: readonly Attribute[];
}

export function AttributeList({ store, scope, attributes }: AttributeListProps): VNode {
  if (attributes.length === 0) return <p class="muted">None.</p>;
  return (
    <dl class="kv">
      {attributes.map((attribute, index) => (
        <Line key={`${index} ${attribute.key}`} store={store} scope={scope} attribute={attribute} />
      ))}
    </dl>
  );
}

interface LineProps {
  readonly store: TraceStore;
  readonly scope: AttributeListProps["scope"];
  readonly attribute: Attribute;
}

function Line({ store, scope, attribute: { key, value } }: LineProps): VNode {
  const text = attributeText(value);
  const long = longValue(key, text);
  return (
    <div class={long ? "is-long" : undefined} data-testid="attribute-row" data-key={key}>
      <dt title={key}>{key}</dt>
      <dd>
        {long ? (
          <pre class={long.kind} tabIndex={0} aria-label={key}>
            {long.text}
          </pre>
        ) : (
          text
        )}
        <Actions store={store} name={fieldName(scope, key)} pinned={scope === "span" || scope === "resource" ? key : undefined} value={value} />
      </dd>
    </div>
  );
}

interface ActionsProps {
  readonly store: TraceStore;
  readonly name: string;
  readonly value: AttributeValue;
  /** The key under which it can be pinned. */
  readonly pinned: string | undefined;
}

function Actions({ store, name, value, pinned }: ActionsProps): VNode {
  const literal = traceqlLiteral(value);
  const filter = literal === undefined ? undefined : `{ ${name} = ${literal} }`;
  return (
    <span class="kv-actions">
      {filter && (
        <>
          <button type="button" onClick={() => store.finder.look(filter)}>
            Find here
          </button>
          <a href={`/find?q=${encodeURIComponent(filter)}`}>Search</a>
        </>
      )}
      <button type="button" onClick={() => setParams({ tab: "ledger", by: name }, "push")}>
        Group by
      </button>
      <CopyButton small text={() => attributeText(value)}>
        Copy
      </CopyButton>
      {pinned !== undefined && (
        <button type="button" aria-pressed={pinnedKeys.value.includes(pinned)} onClick={() => togglePinned(pinned)}>
          {pinnedKeys.value.includes(pinned) ? "Unpin" : "Pin"}
        </button>
      )}
    </span>
  );
}

/** As TraceQL names it; names with signs of the language in them are quoted. */
function fieldName(scope: AttributeListProps["scope"], key: string): string {
  return `${scope}.${/[^\w.\-/:]/.test(key) ? `"${key.replace(/[\\"]/g, "\\$&")}"` : key}`;
}

/** Undefined for what TraceQL cannot compare with. */
function traceqlLiteral(value: AttributeValue): string | undefined {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  return typeof value === "number" && Number.isFinite(value) ? String(value) : undefined;
}
