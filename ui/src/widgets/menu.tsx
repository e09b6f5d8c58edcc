// SPDX-License-Identifier: Apache-2.0
// A button that opens a short list of actions. Arrow keys walk it, Escape and a click elsewhere close it.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { copyText } from "./clipboard";

export interface MenuItem {
  readonly name: string;
  /** What it came to is shown for a moment: "Copied". */
  readonly act: () => Promise<string>;
  /** Why it cannot be done now. */
  readonly reason?: string | undefined;
}

export interface MenuProps {
  readonly name: string;
  readonly items: readonly MenuItem[];
  readonly testId: string;
  readonly small?: boolean;
}

export function copyItem(name: string, text: () => string): MenuItem {
  return { name, act: async () => ((await copyText(text())) ? "Copied" : "Not allowed") };
}

const kShownMs = 1500;

export function Menu({ name, items, testId, small = false }: MenuProps): VNode {
  const open = useSignal(false);
  const said = useSignal("");
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const { value: isOpen } = open;
  // At once: keys that follow the one that opened it are for the list.
  useLayoutEffect(() => {
    if (isOpen) box.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
  }, [isOpen]);
  useEffect(() => {
    if (!isOpen) return undefined;
    const close = (event: Event): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) open.value = false;
    };
    addEventListener("pointerdown", close);
    return () => removeEventListener("pointerdown", close);
  }, [isOpen]);
  useEffect(() => {
    if (!said.value) return undefined;
    const timer = setTimeout(() => (said.value = ""), kShownMs);
    return () => clearTimeout(timer);
  }, [said.value]);
  const pick = async (item: MenuItem): Promise<void> => {
    if (item.reason) return;
    open.value = false;
    button.current?.focus();
    said.value = "…";
    said.value = await item.act();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isOpen) return;
    event.stopPropagation();
    const list = [...(box.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape") {
      open.value = false;
      button.current?.focus();
    } else if (step !== 0) {
      event.preventDefault();
      list[(list.indexOf(document.activeElement as HTMLElement) + step + list.length) % list.length]?.focus();
    }
  };
  return (
    <div class="menu" ref={box} onKeyDown={onKeyDown}>
      <button ref={button} class={small ? "button small" : "button"} type="button" aria-haspopup="menu" aria-expanded={isOpen} onClick={() => (open.value = !isOpen)} data-testid={testId}>
        <span role="status">{said.value || name}</span>
      </button>
      {isOpen && (
        <div class="menu-list" role="menu" aria-label={name}>
          {items.map((item) => (
            <button key={item.name} type="button" role="menuitem" tabIndex={-1} aria-disabled={item.reason ? true : undefined} onClick={() => void pick(item)}>
              {item.name}
              {item.reason && <span class="why">{item.reason}</span>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
