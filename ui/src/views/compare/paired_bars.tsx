// SPDX-License-Identifier: Apache-2.0
// Two ledgers as bars on one time scale, part under part in the same order, so that the lengths say how much
// slower one is and the colours where. Texture is category: stripes are network.
import type { VNode } from "preact";
import { formatDuration } from "../../base/format";
import { StripPatterns } from "../../widgets/ledger_strip";
import type { LedgerCategory } from "../../model/ledger";

export interface BarPart {
  readonly label: string;
  /** The class of its colour; "" for the rest. */
  readonly color: string;
  readonly category: LedgerCategory | undefined;
  readonly first: number;
  readonly second: number;
}

export interface PairedBarsProps {
  readonly names: readonly [first: string, second: string];
  /** What is written beside the name. */
  readonly amounts: readonly [first: string, second: string];
  readonly parts: readonly BarPart[];
}

export function PairedBars({ names, amounts, parts }: PairedBarsProps): VNode {
  const [first, second] = [parts.map((part) => part.first), parts.map((part) => part.second)];
  const longest = Math.max(total(first), total(second), 1);
  const colors = [...new Set(parts.filter(({ category }) => category === "network").map(({ color }) => color))];
  return (
    <div class="cmp" data-testid="paired-bars">
      <StripPatterns classes={colors} />
      {[first, second].map((nanos, at) => (
        <div class="cmp-row" key={at}>
          <span class="cmp-l">
            <b>{names[at]}</b> <span class="muted">{amounts[at]}</span>
          </span>
          <Bar name={names[at]!} parts={parts} nanos={nanos} longest={longest} />
        </div>
      ))}
    </div>
  );
}

function total(nanos: readonly number[]): number {
  return nanos.reduce((sum, each) => sum + Math.max(0, each), 0);
}

interface BarProps {
  readonly name: string;
  readonly parts: readonly BarPart[];
  readonly nanos: readonly number[];
  readonly longest: number;
}

const kHeight = 20;

function Bar({ name, parts, nanos, longest }: BarProps): VNode {
  let x = 0;
  const said = parts.map(({ label }, at) => `${label} ${formatDuration(nanos[at]!)}`).join(", ");
  return (
    <svg height={kHeight} role="img" aria-label={`${name}: ${said}`} data-testid="paired-bar">
      {parts.map((part, at) => {
        const width = (100 * Math.max(0, nanos[at]!)) / longest;
        const left = x;
        x += width;
        return width > 0 && (
          <g key={at} class={part.color || undefined}>
            <rect class={shapeOf(part)} fill={part.category === "network" ? `url(#strip-${part.color})` : undefined}
              x={`${left}%`} width={`${width}%`} y="0" height={kHeight}>
              <title>{`${part.label}, ${formatDuration(nanos[at]!)}`}</title>
            </rect>
            <line class="cut" x1={`${x}%`} x2={`${x}%`} y1="0" y2={kHeight} />
          </g>
        );
      })}
    </svg>
  );
}

/** What nobody's span covers is pale. */
function shapeOf({ category }: BarPart): string | undefined {
  if (category === undefined) return "part-rest";
  if (category === "network") return undefined;
  return category === "wait" || category === "idle" || category === "missing" ? "total" : "self";
}
