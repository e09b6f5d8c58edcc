// SPDX-License-Identifier: Apache-2.0
// The screens: their names, where they are, and the keys that lead there from anywhere.
import { useKeyPairs } from "../widgets/keyboard";
import type { KeyHint } from "../widgets/keys_strip";
import { goTo } from "./router";

export type Screen = "find" | "compare" | "services" | "metrics";

// /metrics is where the server's own are scraped.
export const kScreens: readonly { readonly screen: Screen; readonly href: string; readonly label: string; readonly keys: string }[] = [
  { screen: "find", href: "/find", label: "Find", keys: "g f" },
  { screen: "compare", href: "/compare", label: "Compare", keys: "g c" },
  { screen: "services", href: "/services", label: "Services", keys: "g s" },
  { screen: "metrics", href: "/chart", label: "Metrics", keys: "g m" },
];

export const kScreensHint: KeyHint = { keys: kScreens.map(({ keys }) => keys), action: "Find, Compare, Services, Metrics" };

export function useScreenKeys(): void {
  useKeyPairs(Object.fromEntries(kScreens.map(({ keys, href }) => [keys, () => goTo(href)])));
}
