// SPDX-License-Identifier: Apache-2.0
// What the chosen service waits for, as one bar that is all of a call's time.
import type { VNode } from "preact";
import { formatCount, formatDuration, kThinSpace, plural } from "../../base/format";
import { shareText } from "../../model/ledger";
import { colorClass, hashedColor } from "../../model/service_color";
import type { ServiceWaits, WaitPart } from "../../model/service_waits";
import { LedgerStrip, StripPatterns } from "../../widgets/ledger_strip";

export function WaitsFor({ waits }: { readonly waits: ServiceWaits }): VNode {
  const { calls, mean, newestOnly, parts } = waits;
  const bar = parts.map((part) => ({ class: classOf(part), share: part.share, category: part.category }));
  return (
    <section class="waits" aria-label="Waits for" data-testid="service-waits">
      <h3>
        Waits for
        <span class="muted">
          mean per call {formatDuration(mean)}, {formatCount(calls)} {plural(calls, "call")}{newestOnly && " in the newest traces"}; sums to 100{kThinSpace}%
        </span>
      </h3>
      <StripPatterns classes={[...new Set(bar.map((part) => part.class))]} />
      <LedgerStrip parts={bar} height={16} label={parts.map(({ label, share }) => `${label} ${shareText(share)}`).join(", ")} />
      <ul>
        {parts.map((part) => (
          <li key={part.label} title={part.label}>
            <span class={`chip ${classOf(part)} ${part.category}`} />
            <span class="op">{part.label}</span>
            <span class="strong">{shareText(part.share)}</span>
            <span class="muted">{formatDuration(part.nanos)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function classOf({ service }: WaitPart): string {
  return service ? colorClass(hashedColor(service)) : "s-rest";
}
