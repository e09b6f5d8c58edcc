// SPDX-License-Identifier: Apache-2.0
// How long the selected span took against others like it: of the same operation, in earlier traces that begin as
// this one does. Columns on a logarithmic axis, and where the span stands among them.
import type { VNode } from "preact";
import { formatCount, formatDuration } from "../../base/format";
import type { ShownTrace } from "../../model/shown_trace";
import { histogramOf, percentileText, slowerText, slowerThan, usualOfRow } from "../../model/usual";
import type { LedgerReader } from "./ledger_reader";

const kColumns = 32;
const kLeast = 10;
/** Height of the columns and what stands below them. */
const kHeight = 40;
const kGap = 0.3;
/** Left of it a label ends at its mark, right of it it begins there. */
const kMiddle = 50;
/** What a text below the axis needs, in per cent. */
const kTextRoom = 28;

export interface SpanHistoryProps {
  readonly trace: ShownTrace;
  readonly row: number;
  readonly ledger: LedgerReader;
}

export function SpanHistory({ trace, row, ledger }: SpanHistoryProps): VNode | null {
  const known = ledger.value?.usual;
  const usual = usualOfRow(trace, known, row);
  const nanos = trace.duration(row);
  const histogram = usual && usual.count >= kLeast ? histogramOf(usual, nanos, kColumns) : undefined;
  if (!known || !usual || !histogram) return null;
  const { medianNanos, p95Nanos, count } = usual;
  const said = `${slowerText(usual, nanos)}; usual median ${formatDuration(medianNanos)}, p95 ${formatDuration(p95Nanos)}, this span ${formatDuration(nanos)}`;
  const own = histogram.at(nanos);
  return (
    <section aria-label="Against what is usual" data-testid="span-history">
      <h3>
        <span title={known.reference}>Against {formatCount(count)} like it</span>
        <span class="strong" title={slowerText(usual, nanos)}>{percentileText(slowerThan(usual, nanos), count)}</span>
      </h3>
      <div class="history">
        <svg role="img" aria-label={said}>
          {histogram.columns.map(({ x, width, height }) => (
            <rect key={x} class="col" x={`${x + kGap}%`} width={`${width - 2 * kGap}%`} y={kHeight - Math.max(1, 30 * height)} height={Math.max(1, 30 * height)} />
          ))}
          <line class="rule" x1="0" x2="100%" y1="40.5" y2="40.5" />
          <line class="mark" x1={`${own}%`} x2={`${own}%`} y1="6" y2={kHeight} />
          <text class="mark-text" x={`${own}%`} dx={own > kMiddle ? -6 : 6} y="12" text-anchor={own > kMiddle ? "end" : "start"}>
            this span
          </text>
          <Ticks median={histogram.at(medianNanos)} p95={histogram.at(p95Nanos)}
            texts={[`p50 ${formatDuration(medianNanos)}`, `p95 ${formatDuration(p95Nanos)}`]} />
        </svg>
      </div>
    </section>
  );
}

interface TicksProps {
  readonly median: number;
  readonly p95: number;
  readonly texts: readonly [string, string];
}

/** The median's text ends at its mark, the other one's begins at its own, unless there is no room for it. */
function Ticks({ median, p95, texts }: TicksProps): VNode {
  const medianEnds = median > kTextRoom;
  const p95Ends = p95 > 100 - kTextRoom && p95 - median > 2 * kTextRoom;
  const p95At = p95Ends ? p95 : Math.min(100 - kTextRoom, Math.max(p95, medianEnds ? median : median + kTextRoom));
  return (
    <>
      {[median, p95].map((at) => (
        <line key={at} class="zero" x1={`${at}%`} x2={`${at}%`} y1="40" y2="44" />
      ))}
      <text x={`${median}%`} dx={medianEnds ? -2 : 0} y="54" text-anchor={medianEnds ? "end" : "start"}>
        {texts[0]}
      </text>
      <text x={`${p95At}%`} dx={p95Ends ? 0 : 2} y="54" text-anchor={p95Ends ? "end" : "start"}>
        {texts[1]}
      </text>
    </>
  );
}
