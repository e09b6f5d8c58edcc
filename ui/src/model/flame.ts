// SPDX-License-Identifier: Apache-2.0
// The flame graph: the tree as boxes below one another. By time a box stands when its span ran. Merged, spans
// with the same path of services and names are one box as wide as all of them took together, the widest first:
// many small calls become one large one.
import type { ShownTrace } from "./shown_trace";

export interface FlameBox {
  /** The span, or of a merged box the longest of its spans. */
  readonly row: number;
  readonly level: number;
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** How long its spans worked themselves. */
  readonly self: number;
  readonly failed: boolean;
}

export interface Flame {
  readonly boxes: readonly FlameBox[];
  readonly levels: number;
  readonly from: number;
  readonly to: number;
}

export function timeFlame(trace: ShownTrace, from: number, to: number): Flame {
  const boxes: FlameBox[] = [];
  const { depth } = trace.data.columns;
  let levels = 0;
  for (let row = from; row < to; ++row) {
    const level = depth[row]! - depth[from]!;
    levels = Math.max(levels, level + 1);
    boxes.push({ row, level, from: trace.start(row), to: trace.end(row), count: 1, self: trace.data.selfTime[row]!, failed: trace.failed(row) });
  }
  return { boxes, levels, from: trace.start(from), to: boxes.reduce((end, box) => Math.max(end, box.to), trace.end(from)) };
}

interface Merged {
  readonly level: number;
  readonly parent: Merged | undefined;
  readonly below: Map<string, Merged>;
  row: number;
  count: number;
  time: number;
  self: number;
  failed: boolean;
  from: number;
}

export function mergedFlame(trace: ShownTrace, from: number, to: number): Flame {
  const top: Merged = { level: -1, parent: undefined, below: new Map(), row: from, count: 0, time: 0, self: 0, failed: false, from: 0 };
  const nodes = new Array<Merged>(to - from);
  const { name, service } = trace.data.columns;
  for (let row = from; row < to; ++row) {
    const above = trace.parent(row);
    const parent = above < from ? top : nodes[above - from]!;
    const key = `${service[row]} ${name[row]}`;
    let node = parent.below.get(key);
    if (!node) {
      node = { level: parent.level + 1, parent, below: new Map(), row, count: 0, time: 0, self: 0, failed: false, from: 0 };
      parent.below.set(key, node);
    }
    add(node, trace, row);
    nodes[row - from] = node;
  }
  return layOut(top);
}

function add(node: Merged, trace: ShownTrace, row: number): void {
  ++node.count;
  node.time += trace.duration(row);
  node.self += trace.data.selfTime[row]!;
  node.failed ||= trace.failed(row);
  if (trace.duration(row) > trace.duration(node.row)) node.row = row;
}

/** A box is as wide as its spans worked themselves and all boxes below it are. */
function layOut(top: Merged): Flame {
  const order: Merged[] = [top];
  for (let at = 0; at < order.length; ++at) for (const below of order[at]!.below.values()) order.push(below);
  const widths = new Map<Merged, number>();
  for (const node of [...order].reverse()) {
    const width = (widths.get(node) ?? 0) + node.self;
    widths.set(node, width);
    if (node.parent) widths.set(node.parent, (widths.get(node.parent) ?? 0) + width);
  }
  const boxes: FlameBox[] = [];
  let levels = 0;
  for (const node of order) {
    let at = node.from;
    for (const below of [...node.below.values()].sort((a, b) => widths.get(b)! - widths.get(a)! || a.row - b.row)) {
      below.from = at;
      at += widths.get(below)!;
      boxes.push({ row: below.row, level: below.level, from: below.from, to: at, count: below.count, self: below.self, failed: below.failed });
      levels = Math.max(levels, below.level + 1);
    }
  }
  return { boxes, levels, from: 0, to: widths.get(top) ?? 0 };
}
