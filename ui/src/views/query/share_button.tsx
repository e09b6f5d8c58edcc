// SPDX-License-Identifier: Apache-2.0
// Copies the address of what is shown, with the time as it is now: who follows it tomorrow sees the same.
import type { VNode } from "preact";
import { fixedRange, type TimeRange } from "../../model/time_range";
import { copyText } from "../../widgets/clipboard";
import { CopyButton } from "../../widgets/copy_button";
import { useKeys } from "../../widgets/keyboard";
import type { KeyHint } from "../../widgets/keys_strip";

export const kShareHint: KeyHint = { keys: ["y"], action: "copy link" };

export interface ShareButtonProps {
  readonly address: () => string;
  readonly small?: boolean;
}

export function ShareButton({ address, small = true }: ShareButtonProps): VNode {
  useKeys({ y: () => void copyText(address()) });
  return (
    <CopyButton small={small} text={address}>
      Copy link <kbd>y</kbd>
    </CopyButton>
  );
}

export function fixedNow<Query extends TimeRange>(query: Query): Query {
  return { ...query, ...fixedRange(query, Date.now() / 1000) };
}

export function sharedAddress(path: string, params: URLSearchParams): string {
  const text = params.toString();
  return location.origin + (text ? `${path}?${text}` : path);
}
