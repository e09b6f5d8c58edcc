// SPDX-License-Identifier: Apache-2.0
// Lines to type into a shell, with a button that copies them. Where they are too long the keyboard scrolls them.
import type { VNode } from "preact";
import { CopyButton } from "./copy_button";

export function ShellBox({ text }: { readonly text: string }): VNode {
  return (
    <div class="shell">
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
      <CopyButton small text={() => text}>
        Copy
      </CopyButton>
    </div>
  );
}
