// SPDX-License-Identifier: Apache-2.0
// Keys of a page: single keys without modifiers, or two in a row, never while the reader types into a field.
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

/** Whether the hints of the keys are shown. */
export const keysShown = signal(false);

export function toggleKeys(): void {
  keysShown.value = !keysShown.value;
  document.documentElement.toggleAttribute("data-keys", keysShown.value);
}

/** Returns false when it left the key alone, or what takes it back when the key was but the first of a pair. */
export type KeyAction = (event: KeyboardEvent) => void | false | (() => void);
export type KeyMap = Readonly<Record<string, KeyAction>>;

export function useKeys(keys: KeyMap): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || !isPlain(event)) return;
      const action = Object.hasOwn(current.current, event.key) ? current.current[event.key] : undefined;
      const done = action?.(event);
      if (action && done !== false) event.preventDefault();
      if (done) takeBack = done;
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

/** The second key of a pair comes so soon. */
const kPairMs = 800;

/** Of what the first key did by itself. */
let takeBack: (() => void) | undefined;

/** Two keys, one after the other: "g f". A first key that means something by itself has done that, which is taken back. */
export function useKeyPairs(pairs: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    let [first, at] = ["", 0];
    const onKey = (event: KeyboardEvent): void => {
      if (!isPlain(event)) return;
      const pair = event.timeStamp - at < kPairMs ? `${first} ${event.key}` : "";
      [first, at] = [event.key, event.timeStamp];
      const [act, undo] = [Object.hasOwn(pairs, pair) ? pairs[pair] : undefined, takeBack];
      takeBack = undefined;
      if (!act) return;
      event.preventDefault();
      undo?.();
      act();
    };
    // Before the keys of the page.
    addEventListener("keydown", onKey, { capture: true });
    return () => removeEventListener("keydown", onKey, { capture: true });
  }, []);
}

function isPlain(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

/** Enter and Space belong to the control that has the focus. */
export function isOnControl(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLElement && event.target.closest("button, a, summary") !== null;
}
