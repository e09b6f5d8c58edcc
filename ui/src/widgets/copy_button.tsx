// SPDX-License-Identifier: Apache-2.0
// A button that copies text and says for a moment that it did.
import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";
import { copyText } from "./clipboard";

const kShownMs = 1500;

export interface CopyButtonProps {
  readonly text: () => string;
  readonly small?: boolean;
  readonly children: ComponentChildren;
}

export function CopyButton({ text, small = false, children }: CopyButtonProps): VNode {
  const said = useSignal("");
  useEffect(() => {
    if (!said.value) return undefined;
    const timer = setTimeout(() => (said.value = ""), kShownMs);
    return () => clearTimeout(timer);
  }, [said.value]);
  const copy = async (): Promise<void> => {
    said.value = (await copyText(text())) ? "Copied" : "Not allowed";
  };
  return (
    <button class={small ? "button small" : "button"} type="button" onClick={() => void copy()}>
      {said.value || children}
      <span class="sr" role="status">{said.value}</span>
    </button>
  );
}
