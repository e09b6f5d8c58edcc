// SPDX-License-Identifier: Apache-2.0
// A button that opens a panel below itself. Escape, and whatever happens outside of it, closes it.
import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

export interface DropDownProps {
  readonly label: string;
  readonly testId: string;
  /** Given to whoever opens it by a key as well. */
  readonly open?: Signal<boolean>;
  readonly onOpen?: () => void;
  readonly children: (close: () => void) => ComponentChildren;
}

export function DropDown({ label, testId, open, onOpen, children }: DropDownProps): VNode {
  const own = useSignal(false);
  const shown = open ?? own;
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isOpen = shown.value;
  const close = (): void => {
    shown.value = false;
    button.current?.focus();
  };
  useEffect(() => {
    if (!isOpen) return undefined;
    onOpen?.();
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) shown.value = false;
    };
    addEventListener("pointerdown", outside);
    addEventListener("focusin", outside);
    return () => {
      removeEventListener("pointerdown", outside);
      removeEventListener("focusin", outside);
    };
  }, [isOpen]);
  // What is opened by a key is gone on with by keys, at once.
  useLayoutEffect(() => {
    if (isOpen) root.current?.querySelector<HTMLElement>(".drop-panel input, .drop-panel button")?.focus();
  }, [isOpen]);
  return (
    <div class="drop" ref={root} onKeyDown={(event) => {
      if (event.key !== "Escape" || !shown.value) return;
      event.preventDefault();
      event.stopPropagation();
      close();
    }}>
      <button ref={button} class="add" type="button" aria-expanded={isOpen} data-testid={testId} onClick={() => (shown.value = !shown.value)}>
        {label}
      </button>
      {isOpen && <div class="drop-panel">{children(close)}</div>}
    </div>
  );
}
