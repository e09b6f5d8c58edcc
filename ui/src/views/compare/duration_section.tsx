// SPDX-License-Identifier: Apache-2.0
// How long the traces of both sets took, and traces to look at.
import type { VNode } from "preact";
import { formatDuration } from "../../base/format";
import { logTicks, tickText } from "../../base/log_axis";
import { compareAddress } from "../../model/compare_query";
import { type Example, type SetComparison } from "../../model/set_comparison";
import { shortTraceId } from "../../model/trace";

export function DurationSection({ comparison }: { readonly comparison: SetComparison }): VNode {
  const { set, rest, examples } = comparison;
  const [typical, usual] = [examples.set.typical[0], examples.rest.typical[0]];
  return (
    <section aria-labelledby="durations-head">
      <header class="h">
        <h2 id="durations-head">Duration</h2>
        <span class="muted">log scale, each set to its own height; median {formatDuration(set.median)} and {formatDuration(rest.median)}</span>
      </header>
      <Bars comparison={comparison} />
      <Examples name="Typical of the set" traces={examples.set.typical} />
      <Examples name="Slowest of the set" traces={examples.set.slowest} />
      <Examples name="Typical of the rest" traces={examples.rest.typical} />
      {typical && usual && (
        <p class="exs">
          <a class="button line small" href={compareAddress({ kind: "pair", a: typical.traceId, b: usual.traceId })} data-testid="compare-examples">
            Compare the first of both <kbd>p</kbd>
          </a>
        </p>
      )}
    </section>
  );
}

const kHeight = 104;
const kLabels = 5;

function Bars({ comparison: { durations, set, rest } }: { readonly comparison: SetComparison }): VNode | null {
  const { from, to } = durations;
  const bins = durations.set.length;
  if (bins === 0 || from === 0) return null;
  const wide = 100 / bins;
  const bars = (counts: readonly number[], kind: string): readonly VNode[] => {
    const most = Math.max(1, ...counts);
    return counts.flatMap((count, bin) => {
      if (count === 0) return [];
      const height = Math.max(1, (kHeight * count) / most);
      return [<rect key={`${kind}${bin}`} class={kind} x={`${bin * wide + 0.15}%`} width={`${wide - 0.3}%`} y={kHeight - height} height={height} />];
    });
  };
  const label = `From ${formatDuration(from)} to ${formatDuration(to)}; the median is ${formatDuration(set.median)} in the set and ${formatDuration(rest.median)} in the rest`;
  return (
    <svg class="durations" height={kHeight + 20} role="img" aria-label={label} data-testid="durations">
      {bars(durations.rest, "a-rest")}
      {bars(durations.set, "a-box")}
      <line class="zero" x1="0" x2="100%" y1={kHeight} y2={kHeight} />
      {logTicks(from, to, kLabels).map((tick) => {
        const share = to > from ? Math.log(tick / from) / Math.log(to / from) : 0.5;
        return (
          <text key={tick} x={`${100 * share}%`} y={kHeight + 15} text-anchor={share < 0.04 ? "start" : share > 0.96 ? "end" : "middle"}>
            {tickText(tick)}
          </text>
        );
      })}
    </svg>
  );
}

function Examples({ name, traces }: { readonly name: string; readonly traces: readonly Example[] }): VNode | null {
  if (traces.length === 0) return null;
  return (
    <p class="exs" data-testid="examples">
      <span class="muted">{name}</span>
      {traces.map(({ traceId, duration }) => (
        <span key={traceId} class="ex-pair">
          <a class="ex mono" href={`/trace/${shortTraceId(traceId)}`} title={shortTraceId(traceId)}>{shortTraceId(traceId).slice(0, 8)}</a>{" "}
          <span class="muted">{formatDuration(duration)}</span>
        </span>
      ))}
    </p>
  );
}
