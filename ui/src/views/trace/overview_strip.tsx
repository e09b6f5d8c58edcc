// SPDX-License-Identifier: Apache-2.0
// The overview: the whole trace, one thin lane for each level of the tree.
import type { VNode } from "preact";
import { formatWithUnit } from "../../base/format";
import { kOverviewCells, kOverviewLanes, type OverviewBar } from "../../model/overview";
import { colorClass } from "../../model/service_color";
import type { TraceLayout } from "../../model/trace_layout";

const kLaneHeight = 5;

export function Overview({ layout }: { readonly layout: TraceLayout }): VNode {
  const { lanes, tree, unit } = layout;
  const first = lanes[0]?.level ?? 1;
  const last = lanes.at(-1)?.level ?? 1;
  const levels = first === last ? `level ${first}` : `levels ${first}–${last}`;
  const top = Math.floor(((kOverviewLanes - lanes.length) * kLaneHeight) / 2);
  return (
    <div class="wf-cols strip">
      <p class="overview-note">
        <span>
          Overview, {levels} of {tree.depth}
        </span>
        <span>0 – {formatWithUnit(unit, tree.length)}</span>
      </p>
      <div class="overview">
        <svg role="img" aria-label={`Overview by tree level, ${levels} of ${tree.depth}`}>
          {lanes.map(({ level, bars }, lane) => bars.map((bar) => (
            <Bar key={`${level} ${bar.from}`} bar={bar} y={top + lane * kLaneHeight} />
          )))}
          <rect class="window" x="0" width="100%" y="-3.5" height="46" />
        </svg>
      </div>
    </div>
  );
}

function Bar({ bar, y }: { readonly bar: OverviewBar; readonly y: number }): VNode {
  const per = 100 / kOverviewCells;
  return (
    <rect
      class={bar.error ? "error-cap" : `${colorClass(bar.color)} self`}
      x={`${bar.from * per}%`}
      width={`${(bar.to - bar.from) * per}%`}
      y={y}
      height={kLaneHeight - 1}
    />
  );
}
