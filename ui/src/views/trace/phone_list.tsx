// SPDX-License-Identifier: Apache-2.0
// What a narrow screen shows in place of the waterfall: the ten spans with the most self time.
import type { VNode } from "preact";
import { formatShare, formatWithUnit } from "../../base/format";
import { serviceClass } from "../../model/service_color";
import { mostSelfTime } from "../../model/trace_facts";
import type { TraceLayout } from "../../model/trace_layout";

const kShown = 10;

export interface PhoneListProps {
  readonly layout: TraceLayout;
  readonly onSelect: (index: number) => void;
}

export function PhoneList({ layout, onSelect }: PhoneListProps): VNode {
  const { tree, unit, colors } = layout;
  return (
    <section class="phone" aria-label="Spans with the most self time">
      <h2 class="phone-h">Most self time</h2>
      <ol class="plist">
        {mostSelfTime(tree.nodes, kShown).map((index) => {
          const { span, selfTime } = tree.nodes[index]!;
          return (
            <li key={index}>
              <button type="button" onClick={() => onSelect(index)}>
                <span class={`chip ${serviceClass(colors, span.resource.service)}`} />
                <span class="o">{span.name}</span>
                <span class="num">{formatWithUnit(unit, selfTime)}</span>
                <span class="num share">{formatShare(selfTime, tree.length)}</span>
                <span class="sub">{span.resource.service}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
