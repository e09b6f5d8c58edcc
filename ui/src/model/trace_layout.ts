// SPDX-License-Identifier: Apache-2.0
// Everything about a trace that does not change while it is read: computed once from its spans.
import { type Unit, unitForTrace } from "../base/format";
import type { TimeScale } from "../base/time_scale";
import { overviewLanes, type OverviewLane } from "./overview";
import { assignColors, type ServiceColors } from "./service_color";
import { buildSpanTree, type SpanTree } from "./span_tree";
import type { Span } from "./trace";
import { type TraceFacts, traceFacts } from "./trace_facts";

export interface TraceLayout {
  readonly tree: SpanTree;
  readonly facts: TraceFacts;
  readonly colors: ServiceColors;
  readonly unit: Unit;
  readonly scale: TimeScale;
  readonly lanes: readonly OverviewLane[];
  readonly indexOf: ReadonlyMap<string, number>;
}

/** Undefined when there is no span. */
export function layoutTrace(spans: readonly Span[]): TraceLayout | undefined {
  const tree = buildSpanTree(spans);
  const facts = traceFacts(tree);
  if (!facts) return undefined;
  const colors = assignColors(tree.nodes);
  const scale = { start: 0, end: tree.length };
  return {
    tree,
    facts,
    colors,
    unit: unitForTrace(tree.length),
    scale,
    lanes: overviewLanes(tree, colors),
    indexOf: new Map(tree.nodes.map(({ key }, index) => [key, index])),
  };
}
