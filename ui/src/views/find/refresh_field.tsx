// SPDX-License-Identifier: Apache-2.0
// How often the page asks again by itself. The address says it, as it does all else.
import type { VNode } from "preact";

const kRefreshes = [
  { key: "10s", label: "Refresh 10 s", seconds: 10 },
  { key: "30s", label: "Refresh 30 s", seconds: 30 },
  { key: "1m", label: "Refresh 1 min", seconds: 60 },
] as const;

/** What an address may say of it; undefined: not by itself. */
export function refreshFrom(text: string | null): (typeof kRefreshes)[number] | undefined {
  return kRefreshes.find(({ key }) => key === text);
}

export interface RefreshFieldProps {
  readonly chosen: string | undefined;
  readonly onChoose: (key: string | undefined) => void;
}

export function RefreshField({ chosen, onChoose }: RefreshFieldProps): VNode {
  return (
    <label class={chosen ? "refresh is-on" : "refresh"}>
      <span class="sr">Ask again by itself</span>
      <select value={chosen ?? ""} data-testid="refresh" onChange={(event) => onChoose(event.currentTarget.value || undefined)}>
        <option value="">Refresh off</option>
        {kRefreshes.map(({ key, label }) => (
          <option key={key} value={key}>
            {label.replaceAll(/(\d) /g, "$1\u202f")}
          </option>
        ))}
      </select>
    </label>
  );
}
