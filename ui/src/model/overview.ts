// SPDX-License-Identifier: Apache-2.0
// The overview above the waterfall: one thin lane for each level of the tree. A lane is a row of cells, so
// that a level of 100 000 spans costs no more rectangles than it has cells. Long spans are painted first,
// short ones over them, errors last: what is rare stays visible.
import { kErrorStatus, type TraceColumns } from "./trace_columns";

export interface OverviewBar {
  readonly color: number;
  readonly error: boolean;
  /** In cells. */
  readonly from: number;
  readonly to: number;
}

export interface Overview {
  /** Of the first lane, 1 for roots. */
  readonly firstLevel: number;
  readonly lanes: readonly (readonly OverviewBar[])[];
  /** Who owns the critical path. */
  readonly path: readonly OverviewBar[];
}

export const kOverviewCells = 1000;
export const kOverviewLanes = 6;
const kErrorFlag = 128;

export interface OverviewInput {
  readonly columns: TraceColumns;
  /** By row. */
  readonly color: (row: number) => number;
  readonly length: number;
  readonly depth: number;
  readonly path: { readonly span: Uint32Array; readonly from: Float64Array; readonly to: Float64Array };
}

/** Up to six levels: from the top, or in deeper traces from the first level that branches. */
export function overviewOf(input: OverviewInput): Overview {
  const { columns, depth } = input;
  const first = firstLevel(columns, depth);
  const levels: number[][] = Array.from({ length: Math.min(kOverviewLanes, depth) }, () => []);
  for (let row = 0; row < columns.count; ++row) levels[columns.depth[row]! - first]?.push(row);
  return { firstLevel: first + 1, lanes: levels.map((rows) => runs(laneCells(input, rows))), path: runs(pathCells(input)) };
}

function firstLevel(columns: TraceColumns, depth: number): number {
  if (depth <= kOverviewLanes) return 0;
  const sizes = new Uint32Array(depth);
  for (const level of columns.depth) ++sizes[level]!;
  let level = 0;
  while (level + kOverviewLanes < depth && sizes[level] === 1) ++level;
  return level;
}

function cellsFrom(length: number, from: number, to: number): readonly [number, number] {
  if (!(length > 0)) return [0, kOverviewCells];
  const first = Math.min(kOverviewCells - 1, Math.max(0, Math.floor((from / length) * kOverviewCells)));
  return [first, Math.max(first + 1, Math.round((to / length) * kOverviewCells))];
}

function laneCells({ columns, color, length }: OverviewInput, rows: number[]): Uint8Array {
  const { start, duration, status } = columns;
  const cells = new Uint8Array(kOverviewCells);
  const failed = (row: number): boolean => status[row] === kErrorStatus;
  const painted = rows.sort((a, b) => Number(failed(a)) - Number(failed(b)) || duration[b]! - duration[a]!);
  for (const row of painted) {
    const [from, to] = cellsFrom(length, start[row]!, start[row]! + duration[row]!);
    cells.fill(1 + color(row), from, to);
    if (failed(row)) cells.fill((1 + color(row)) | kErrorFlag, from, Math.min(to, from + 6));
  }
  return cells;
}

function pathCells({ color, length, path }: OverviewInput): Uint8Array {
  const cells = new Uint8Array(kOverviewCells);
  for (let at = 0; at < path.span.length; ++at) {
    const [from, to] = cellsFrom(length, path.from[at]!, path.to[at]!);
    cells.fill(1 + color(path.span[at]!), from, to);
  }
  return cells;
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
