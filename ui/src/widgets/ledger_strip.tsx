// SPDX-License-Identifier: Apache-2.0
// A bar the size of a word: the parts of a whole one beside the other, what is left as the last. Texture is
// category: stripes are network, a dashed edge is what sends no spans itself.
import type { VNode } from "preact";

export interface StripPart {
  /** The class of its colour. */
  readonly class: string;
  /** Per cent of the whole. */
  readonly share: number;
  readonly category: string;
}

export interface LedgerStripProps {
  readonly parts: readonly StripPart[];
  /** What it says, for who cannot see it. */
  readonly label: string;
  /** Of the bar, which stands in the middle of 16 px. */
  readonly height?: number;
}

const kHeight = 16;

export function LedgerStrip({ parts, label, height = 10 }: LedgerStripProps): VNode {
  const y = (kHeight - height) / 2;
  let x = 0;
  const placed = parts.map((part) => {
    const at = x;
    x += part.share;
    return { ...part, at };
  });
  return (
    <svg class="strip" role="img" aria-label={label}>
      <rect class="part-rest" x="0" width="100%" y={y} height={height} />
      {placed.filter(({ share }) => share > 0).map(({ class: color, share, category, at }) => (
        <g key={at} class={color}>
          <rect class={kShapes[category] ?? "self"} x={`${at}%`} width={`${share}%`} y={y} height={height} fill={category === "network" ? `url(#strip-${color})` : undefined} />
          <line class="cut" x1={`${at + share}%`} x2={`${at + share}%`} y1={y} y2={y + height} />
        </g>
      ))}
    </svg>
  );
}

const kShapes: Readonly<Record<string, string>> = { callee: "part-callee", wait: "total", idle: "total", missing: "total", network: "part-network" };

/** The stripes of each colour, once for all strips of a page. */
export function StripPatterns({ classes }: { readonly classes: readonly string[] }): VNode {
  return (
    <svg class="strip-patterns" width="0" height="0" aria-hidden="true">
      <defs>
        {classes.map((color) => (
          <pattern key={color} id={`strip-${color}`} class={color} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect class="stripe-bg" width="6" height="6" />
            <line class="stripe" x1="1" x2="1" y1="0" y2="6" />
          </pattern>
        ))}
      </defs>
    </svg>
  );
}
