// SPDX-License-Identifier: Apache-2.0
// Everything about a trace that does not change while it is read, computed once, in a worker: typed arrays, so
// that it moves to the page without a copy, and texts as bytes.
import { criticalPath, type CriticalPath, pathTimes, rootRow } from "./critical_path";
import { type Overview, overviewOf } from "./overview";
import { assignColors, kRestColor } from "./service_color";
import { siblingGroups, type SiblingGroups } from "./sibling_groups";
import { buildSpanIds, type SpanIdTable } from "./span_ids";
import { type SelfTimes, selfTimes } from "./span_times";
import { TextTable } from "./text_table";
import { kErrorStatus, kNoRow, type TraceColumns } from "./trace_columns";

export interface TraceData extends SelfTimes {
  readonly columns: TraceColumns;
  /** Nanoseconds from the first start to the last end. */
  readonly length: number;
  /** Levels of the tree. */
  readonly depth: number;
  readonly root: number;
  readonly errorCount: number;
  readonly serviceCount: number;
  /** Of each service, by the number of its text. */
  readonly colors: ReadonlyMap<number, number>;
  readonly path: CriticalPath;
  readonly pathTime: Float64Array;
  /** The row that owns most of the critical path. */
  readonly longest: number;
  readonly groups: SiblingGroups;
  readonly overview: Overview;
  readonly ids: SpanIdTable;
  /** Which sibling a row is, from 1, and of how many. */
  readonly position: Uint32Array;
  readonly siblings: Uint32Array;
}

export function prepareTrace(columns: TraceColumns): TraceData {
  const { count, start, duration, depth } = columns;
  const self = selfTimes(columns);
  const path = criticalPath(columns);
  const pathTime = pathTimes(path, count);
  const services = servicesOf(columns, self.selfTime);
  let [length, levels, errorCount, longest] = [0, 0, 0, rootRow(columns)];
  for (let row = 0; row < count; ++row) {
    length = Math.max(length, start[row]! + duration[row]!);
    levels = Math.max(levels, depth[row]! + 1);
    if (columns.status[row] === kErrorStatus) ++errorCount;
    if (pathTime[row]! > pathTime[longest]!) longest = row;
  }
  const color = (row: number): number => services.get(columns.service[row]!) ?? kRestColor;
  return {
    columns,
    ...self,
    length,
    depth: levels,
    root: rootRow(columns),
    errorCount,
    serviceCount: services.size,
    colors: services,
    path,
    pathTime,
    longest,
    groups: siblingGroups(columns),
    overview: overviewOf({ columns, color, length, depth: levels, path }),
    ids: buildSpanIds(columns.spanId),
    ...places(columns),
  };
}

function servicesOf({ count, service, texts }: TraceColumns, selfTime: Float64Array): Map<number, number> {
  const sums = new Map<number, number>();
  for (let row = 0; row < count; ++row) sums.set(service[row]!, (sums.get(service[row]!) ?? 0) + selfTime[row]!);
  const table = new TextTable(texts);
  const colors = assignColors(new Map([...sums].map(([text, sum]) => [table.at(text), sum])));
  return new Map([...sums.keys()].map((text) => [text, colors.get(table.at(text)) ?? kRestColor]));
}

function places({ count, parent }: TraceColumns): Pick<TraceData, "position" | "siblings"> {
  const position = new Uint32Array(count);
  const siblings = new Uint32Array(count);
  const below = new Uint32Array(count + 1);
  for (let row = 0; row < count; ++row) {
    const above = parent[row] === kNoRow ? count : parent[row]!;
    position[row] = ++below[above]!;
  }
  for (let row = 0; row < count; ++row) siblings[row] = below[parent[row] === kNoRow ? count : parent[row]!]!;
  return { position, siblings };
}

/** The buffers that can be handed over instead of copied. */
export function buffersOf(data: TraceData): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const add = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) buffers.add(value.buffer as ArrayBuffer);
  };
  const parts = [data, data.columns, data.columns.texts, data.self, data.path, data.groups, data.ids];
  for (const part of parts) Object.values(part).forEach(add);
  return [...buffers];
}
