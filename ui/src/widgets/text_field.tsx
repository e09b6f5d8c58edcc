// SPDX-License-Identifier: Apache-2.0
// A field that says what it is in front of its value.
import type { ComponentChildren, VNode } from "preact";

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly testId: string;
  readonly placeholder: string;
  readonly class?: string;
  readonly list?: string;
  readonly mono?: boolean;
  readonly numeric?: boolean;
  /** Why the value cannot be used. */
  readonly wrong?: string | false;
  readonly children?: ComponentChildren;
}

export function TextField(props: TextFieldProps): VNode {
  return (
    <label class={`field ${props.class ?? ""} ${props.wrong ? "is-wrong" : ""}`} title={props.wrong || undefined}>
      <span class="field-label">{props.label}</span>
      <input
        class={props.mono ? "mono" : undefined}
        type="text"
        inputMode={props.numeric ? "numeric" : undefined}
        value={props.value}
        list={props.list}
        placeholder={props.placeholder}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        aria-invalid={props.wrong ? "true" : undefined}
        data-testid={props.testId}
        onInput={(event) => props.onValue(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
      {props.children}
    </label>
  );
}
