// SPDX-License-Identifier: Apache-2.0
// What both kinds of comparison have: the bar, the choice between them, and what to do with the answer.
import type { ComponentChildren, VNode } from "preact";
import { type CompareQuery, compareAddress, kDefaultTraces, type SetQuery, swapped } from "../../model/compare_query";
import { nextAddress, sameAddress } from "../../model/compare_shown";
import { fixedRange, kDefaultRange } from "../../model/time_range";
import { useKeys } from "../../widgets/keyboard";
import { type KeyHint, KeysStrip } from "../../widgets/keys_strip";
import { Menu, type MenuItem } from "../../widgets/menu";
import { ShareButton } from "../query/share_button";
import { address, goTo } from "../router";
import { TopBar } from "../top_bar";

export interface CompareFrameProps {
  readonly query: CompareQuery;
  readonly hints: readonly KeyHint[];
  /** What can be copied of the answer; none while there is none. */
  readonly copies: readonly MenuItem[];
  readonly busy: boolean;
  readonly children: ComponentChildren;
}

export function CompareFrame({ query, hints, copies, busy, children }: CompareFrameProps): VNode {
  const go = (next: CompareQuery): void => goTo(nextAddress(next, address.value.params));
  useKeys({
    x: () => go(otherKind(query)),
    s: () => go(swapped(query)),
  });
  return (
    <div class="page compare">
      <TopBar page="compare" />
      <main aria-busy={busy}>
        <div class="modes">
          <div class="segment" role="group" aria-label="What is compared">
            <ModeButton query={query} kind="sets" label="Set with set" />
            <ModeButton query={query} kind="pair" label="Trace with trace" />
          </div>
          <span class="muted" role="status">{busy && (query.kind === "pair" ? "Reading the traces" : "Comparing")}</span>
          <span class="spring" />
          <button class="button small" type="button" onClick={() => go(swapped(query))} data-testid="swap">
            Swap <kbd>s</kbd>
          </button>
          <ShareButton address={() => shareAddress(query)} />
          {copies.length > 0 && <Menu small name="Copy as" items={copies} testId="copy-menu" />}
        </div>
        {children}
      </main>
      <KeysStrip hints={hints} />
    </div>
  );
}

function shareAddress(query: CompareQuery): string {
  if (query.kind === "pair" || !query.asked) return location.href;
  const now = Date.now() / 1000;
  const fixed = (set: SetQuery): SetQuery => ({ ...set, ...fixedRange(set, now) });
  return location.origin + sameAddress({ ...query, set: fixed(query.set), rest: fixed(query.rest) }, address.value.params);
}

function ModeButton({ query, kind, label }: { readonly query: CompareQuery; readonly kind: CompareQuery["kind"]; readonly label: string }): VNode {
  const chosen = query.kind === kind;
  return (
    <button class="button small" type="button" aria-pressed={chosen} data-testid={`compare-${kind}`}
      onClick={() => !chosen && goTo(compareAddress(otherKind(query)))}>
      {label}
    </button>
  );
}

/** The last question of either kind, so that going back and forth loses nothing. */
const last: { sets: CompareQuery; pair: CompareQuery } = {
  sets: { kind: "sets", set: { q: "", ...kDefaultRange }, rest: { q: "", ...kDefaultRange }, asked: false, traces: kDefaultTraces },
  pair: { kind: "pair", a: "", b: "" },
};

function otherKind(query: CompareQuery): CompareQuery {
  last[query.kind] = query;
  return query.kind === "sets" ? last.pair : last.sets;
}
