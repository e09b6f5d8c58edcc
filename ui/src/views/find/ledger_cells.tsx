// SPDX-License-Identifier: Apache-2.0
// Where the time of a trace went, in a row of the results: a strip of its largest parts, and the largest in words.
import type { VNode } from "preact";
import { type Ledger, shareText } from "../../model/ledger";
import { colorClass, hashedColor, kServiceColors } from "../../model/service_color";
import { LedgerStrip, type StripPart, StripPatterns } from "../../widgets/ledger_strip";

export function TraceStrip({ ledger }: { readonly ledger: Ledger | undefined }): VNode | null {
  if (!ledger) return null;
  const parts = ledger.rows.map(({ service, share, category }): StripPart => ({ class: colorClass(hashedColor(service)), share, category }));
  return <LedgerStrip parts={parts} label={ledger.rows.map(({ label, share }) => `${label} ${shareText(share)}`).join(", ")} />;
}

export function LargestPart({ ledger }: { readonly ledger: Ledger | undefined }): VNode | null {
  const largest = ledger?.rows[0];
  if (!largest) return null;
  return (
    <span title={largest.label}>
      <span class="strong">{shareText(largest.share)}</span> {largest.label}
    </span>
  );
}

const kClasses = Array.from({ length: kServiceColors + 1 }, (_, index) => colorClass(index));

export function StripColors(): VNode {
  return <StripPatterns classes={kClasses} />;
}
