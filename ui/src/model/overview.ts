// SPDX-License-Identifier: Apache-2.0
// The overview above the waterfall: one thin lane for each level of the tree. A lane is a row of cells, so
// that a level of 100 000 spans costs no more rectangles than it has cells. Long spans are painted first,
// short ones over them, errors last: what is rare stays visible.
import { serviceIndexOf, type ServiceColors } from "./service_color";
import type { SpanNode, SpanTree } from "./span_tree";

export interface OverviewBar {
  readonly color: number;
  readonly error: boolean;
  /** In cells. */
  readonly from: number;
  readonly to: number;
}

export interface OverviewLane {
  readonly level: number;
  readonly bars: readonly OverviewBar[];
}

export const kOverviewCells = 1000;
export const kOverviewLanes = 8;
const kErrorFlag = 128;

/** Up to eight levels: from the top, or in deeper traces from the first level that branches. */
export function overviewLanes(tree: SpanTree, colors: ServiceColors): readonly OverviewLane[] {
  const first = firstLevel(tree);
  const count = Math.min(kOverviewLanes, tree.depth);
  const levels: SpanNode[][] = Array.from({ length: count }, () => []);
  for (const node of tree.nodes) levels[node.level - first]?.push(node);
  return levels.map((nodes, index) => ({ level: first + index, bars: laneBars(nodes, tree.length, colors) }));
}

function firstLevel(tree: SpanTree): number {
  if (tree.depth <= kOverviewLanes) return 1;
  const sizes = new Map<number, number>();
  for (const { level } of tree.nodes) sizes.set(level, (sizes.get(level) ?? 0) + 1);
  let level = 1;
  while (level + kOverviewLanes <= tree.depth && sizes.get(level) === 1) ++level;
  return level;
}

function laneBars(nodes: readonly SpanNode[], length: number, colors: ServiceColors): OverviewBar[] {
  const cells = new Uint8Array(kOverviewCells);
  const cellOf = (nanos: number): number => (length > 0 ? (nanos / length) * kOverviewCells : 0);
  const isError = ({ span }: SpanNode): number => Number(span.status === "error");
  const painted = [...nodes].sort((a, b) => isError(a) - isError(b) || b.end - b.start - (a.end - a.start));
  for (const node of painted) {
    const from = Math.min(kOverviewCells - 1, Math.floor(cellOf(node.start)));
    const to = length > 0 ? Math.max(from + 1, Math.round(cellOf(node.end))) : kOverviewCells;
    const color = 1 + serviceIndexOf(colors, node.span.resource.service);
    cells.fill(color, from, to);
    if (isError(node)) cells.fill(color | kErrorFlag, from, Math.min(to, from + 6));
  }
  return runs(cells);
}

function runs(cells: Uint8Array): OverviewBar[] {
  const bars: OverviewBar[] = [];
  for (let from = 0; from < cells.length; ) {
    const cell = cells[from]!;
    let to = from + 1;
    while (to < cells.length && cells[to] === cell) ++to;
    if (cell !== 0) bars.push({ color: (cell & ~kErrorFlag) - 1, error: (cell & kErrorFlag) !== 0, from, to });
    from = to;
  }
  return bars;
}
