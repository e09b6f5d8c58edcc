// SPDX-License-Identifier: Apache-2.0
// A page whose code is loaded when it is first gone to.
import { signal } from "@preact/signals";
import type { ComponentType, VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { Screen } from "./screens";
import { TopBar } from "./top_bar";

type Loaded<Props> =
  | { readonly kind: "not yet" }
  | { readonly kind: "failed" }
  | { readonly kind: "here"; readonly View: ComponentType<Props> };

export function lateView<Props extends object>(page: Screen | undefined, load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const loaded = signal<Loaded<Props>>({ kind: "not yet" });
  const start = (): void => {
    if (loaded.value.kind === "here") return;
    void load().then((View) => (loaded.value = { kind: "here", View }), () => (loaded.value = { kind: "failed" }));
  };
  return function LateView(props: Props): VNode {
    useEffect(start, []);
    const { value } = loaded;
    if (value.kind === "here") return <value.View {...props} />;
    return (
      <div class="page">
        <TopBar {...(page ? { page } : {})} />
        <main aria-busy={value.kind === "not yet"}>
          {value.kind === "failed" && (
            <p class="message" role="alert">
              This page could not be loaded. Reload to try again.
            </p>
          )}
        </main>
      </div>
    );
  };
}
