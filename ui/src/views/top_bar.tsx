// SPDX-License-Identifier: Apache-2.0
// The bar on top of every page: where to go, a box that jumps to a trace, theme and keys.
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { parseTraceId } from "../model/trace";
import { BrandIcon } from "../widgets/icons";
import { keysShown, toggleKeys, useKeys } from "../widgets/keyboard";
import { toggleTheme } from "../widgets/theme";
import { toggleZone, utcShown } from "../widgets/zone_choice";
import { OpenedFileStrip, OpenFileButton } from "./opened_file";
import { goTo } from "./router";
import { kScreens, type Screen } from "./screens";
import { TenantStrip } from "./tenant_strip";

export function TopBar({ page }: { readonly page?: Screen }): VNode {
  return (
    <div>
      <Bar {...(page ? { page } : {})} />
      <TenantStrip />
      <OpenedFileStrip />
    </div>
  );
}

function Bar({ page }: { readonly page?: Screen }): VNode {
  return (
    <header class="top">
      <a class="brand" href="/" aria-label="clew, home">
        <BrandIcon />
        clew
      </a>
      <nav class="nav" aria-label="Screens">
        {kScreens.map(({ screen, href, label, keys }) => (
          <a key={screen} href={href} aria-current={page === screen ? "page" : undefined}>
            {label}
            <kbd>{keys}</kbd>
          </a>
        ))}
      </nav>
      <span class="spring" />
      <TraceIdBox />
      <div class="top-tools hide-phone">
        <OpenFileButton />
        <button class="button" type="button" onClick={toggleZone} aria-pressed={utcShown.value} data-testid="zone-toggle">
          UTC <kbd>u</kbd>
        </button>
        <button class="button" type="button" onClick={toggleTheme} data-testid="theme-toggle">
          Theme
        </button>
        <button class="button" type="button" onClick={toggleKeys} aria-pressed={keysShown.value}>
          Keys <kbd class="always">?</kbd>
        </button>
      </div>
    </header>
  );
}

function TraceIdBox(): VNode {
  const input = useRef<HTMLInputElement>(null);
  useKeys({ t: () => input.current?.focus() });
  const jump = (event: Event): void => {
    event.preventDefault();
    const box = input.current;
    if (!box) return;
    const id = parseTraceId(box.value);
    box.setCustomValidity(id ? "" : "A trace ID is 1 to 32 hexadecimal digits.");
    box.reportValidity();
    if (!id) return;
    box.value = "";
    box.blur();
    goTo(`/trace/${id}`);
  };
  return (
    <form onSubmit={jump} noValidate role="search">
      <label class="field">
        <span class="sr">Go to trace</span>
        <input
          ref={input}
          type="text"
          placeholder="Trace ID"
          spellcheck={false}
          autocomplete="off"
          data-testid="trace-id-input"
          onInput={(event) => event.currentTarget.setCustomValidity("")}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
        />
        <kbd>t</kbd>
      </label>
    </form>
  );
}
