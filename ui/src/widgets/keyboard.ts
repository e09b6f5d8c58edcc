// SPDX-License-Identifier: Apache-2.0
// Keys of a page: single keys without modifiers, never while the reader types into a field.
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

/** Whether the hints of the keys are shown. */
export const keysShown = signal(false);

export function toggleKeys(): void {
  keysShown.value = !keysShown.value;
  document.documentElement.toggleAttribute("data-keys", keysShown.value);
}

/** Returns false when it left the key alone. */
export type KeyAction = (event: KeyboardEvent) => void | false;
export type KeyMap = Readonly<Record<string, KeyAction>>;

export function useKeys(keys: KeyMap): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target)) return;
      const action = Object.hasOwn(current.current, event.key) ? current.current[event.key] : undefined;
      if (action && action(event) !== false) event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

/** Enter and Space belong to the control that has the focus. */
export function isOnControl(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLElement && event.target.closest("button, a, summary") !== null;
}
