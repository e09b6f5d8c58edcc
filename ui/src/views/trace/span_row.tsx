// SPDX-License-Identifier: Apache-2.0
// One row of the waterfall: where the span hangs, its name, its self time, its bar.
import type { VNode } from "preact";
import { formatIn, formatShare, formatWithUnit, middleEllipsis } from "../../base/format";
import { serviceClass } from "../../model/service_color";
import { spanBar } from "../../model/span_bar";
import type { SpanNode } from "../../model/span_tree";
import type { TraceLayout } from "../../model/trace_layout";
import { TwistIcon } from "../../widgets/icons";
import { GridLines } from "../../widgets/time_axis";
import { BarShapes } from "./bar_shapes";

/** Deeper rows are not indented further: the name needs the room. */
const kMostGuides = 16;
const kNameLetters = 41;
/** From this share of the trace on, a self time is set off. */
const kHotShare = 0.1;

export interface SpanRowProps {
  readonly index: number;
  readonly layout: TraceLayout;
  readonly lines: readonly number[];
  /** The share of the lane, in per cent, that a duration takes. */
  readonly labelWidth: number;
  readonly rowNumber: number;
  readonly open: boolean;
  readonly selected: boolean;
  readonly tabStop: boolean;
  readonly onSelect: (index: number) => void;
  readonly onToggle: (index: number) => void;
}

export function SpanRow(props: SpanRowProps): VNode {
  const { index, layout, lines, selected } = props;
  const { tree, unit } = layout;
  const node = tree.nodes[index]!;
  const { span } = node;
  const error = span.status === "error";
  const hot = node.selfTime >= kHotShare * tree.length && node.selfTime > 0;
  return (
    <div
      class={`row wf-cols ${serviceClass(layout.colors, span.resource.service)}${error ? " is-error" : ""}`}
      role="row"
      aria-level={node.level}
      aria-posinset={node.position}
      aria-setsize={node.siblings}
      aria-rowindex={props.rowNumber}
      aria-expanded={node.childCount > 0 ? props.open : undefined}
      aria-selected={selected}
      aria-label={rowLabel(node, layout)}
      tabIndex={props.tabStop ? 0 : -1}
      onClick={() => props.onSelect(index)}
      onDblClick={() => props.onToggle(index)}
      data-testid="span-row"
      data-name={span.name}
      data-service={span.resource.service}
      data-span={node.key}
    >
      <NameCell {...props} node={node} />
      <div class={hot ? "selfcell hot" : "selfcell"} role="gridcell">
        {formatIn(unit, node.selfTime)}
      </div>
      <div class="lane" role="gridcell">
        <svg aria-hidden="true">
          <GridLines positions={lines} />
          <BarShapes
            bar={spanBar(node, tree.origin, layout.scale, props.labelWidth)}
            error={error}
            label={formatWithUnit(unit, node.end - node.start)}
          />
        </svg>
      </div>
    </div>
  );
}

function NameCell({ node, index, open, onToggle }: SpanRowProps & { readonly node: SpanNode }): VNode {
  const { span } = node;
  const toggle = (event: Event): void => {
    event.stopPropagation();
    onToggle(index);
  };
  return (
    <div class="name" role="gridcell">
      <span class="guides">
        {Array.from({ length: Math.min(kMostGuides, node.level - 1) }, (_, guide) => (
          <i key={guide} />
        ))}
      </span>
      {node.childCount > 0 ? (
        <button class="twist" type="button" tabIndex={-1} aria-label={open ? "Fold" : "Unfold"} onClick={toggle}
          onDblClick={(event) => event.stopPropagation()} data-testid="span-toggle">
          <TwistIcon open={open} />
        </button>
      ) : (
        <span class="twist" />
      )}
      <span class="chip" />
      <span class="svc">{span.resource.service}</span>
      {span.status === "error" && (
        <span class="bang" aria-hidden="true">
          !
        </span>
      )}
      <span class="op" title={span.name}>
        {middleEllipsis(span.name, kNameLetters)}
      </span>
      {!open && node.childCount > 0 && <span class="tag">+{node.descendants}</span>}
      {node.level > kMostGuides + 1 && <span class="tag">level {node.level}</span>}
      {node.orphan && <span class="tag">parent missing</span>}
    </div>
  );
}

function rowLabel(node: SpanNode, { tree, unit }: TraceLayout): string {
  const total = node.end - node.start;
  return [
    `${node.span.resource.service} ${node.span.name}`,
    formatWithUnit(unit, total),
    `${formatShare(total, tree.length)} of trace`,
    `self ${formatWithUnit(unit, node.selfTime)}`,
    ...(node.span.status === "error" ? ["error"] : []),
    ...(node.orphan ? ["parent missing"] : []),
  ].join(", ");
}
