// SPDX-License-Identifier: Apache-2.0
// Two traces as one tree. A span of A is also one of B when their parents are, and both are the same child of
// theirs: of the same service and name, and the same one of such siblings by start. All of it is arrays, row by
// row in the order of the tree, so that two traces of 100,000 spans are merged within a frame or two.
import { assignColors, colorClass, kRestColor } from "./service_color";
import type { ShownTrace } from "./shown_trace";
import { kNoRow } from "./trace_columns";

export interface PairRows {
  readonly count: number;
  /** The row of either trace; -1 where it has none. */
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly depth: Uint32Array;
  /** With all below it. */
  readonly subtree: Uint32Array;
}

export class TracePair {
  readonly a: ShownTrace;
  readonly b: ShownTrace;
  readonly rows: PairRows;
  /** Of the longer trace, nanoseconds. */
  readonly length: number;
  /** The largest difference of a row and all below it. */
  readonly changes: Float64Array;
  readonly #colors: ReadonlyMap<string, number>;

  constructor(a: ShownTrace, b: ShownTrace) {
    this.a = a;
    this.b = b;
    this.rows = mergedRows(a, b);
    this.length = Math.max(a.data.length, b.data.length);
    this.#colors = assignColors(selfTimes([a, b]));
    this.changes = largestChanges(this);
  }

  /** One of the traces that have the row, A if both do. */
  #of(row: number): readonly [ShownTrace, number] {
    const [a, b] = [this.rows.a[row]!, this.rows.b[row]!];
    return a >= 0 ? [this.a, a] : [this.b, b];
  }
  service(row: number): string {
    const [trace, at] = this.#of(row);
    return trace.service(at);
  }
  name(row: number): string {
    const [trace, at] = this.#of(row);
    return trace.name(at);
  }
  label(row: number): string {
    return `${this.service(row)} ${this.name(row)}`;
  }
  /** The colour of a service in both traces. */
  classOf(service: string): string {
    return colorClass(this.#colors.get(service) ?? kRestColor);
  }
  /** undefined where a trace has none. */
  durationInA(row: number): number | undefined {
    const at = this.rows.a[row]!;
    return at < 0 ? undefined : this.a.duration(at);
  }
  durationInB(row: number): number | undefined {
    const at = this.rows.b[row]!;
    return at < 0 ? undefined : this.b.duration(at);
  }
  /** How much longer it is in A. A span that the other does not have differs by all of itself. */
  difference(row: number): number {
    return (this.durationInA(row) ?? 0) - (this.durationInB(row) ?? 0);
  }
  failedInA(row: number): boolean {
    const at = this.rows.a[row]!;
    return at >= 0 && this.a.failed(at);
  }
  failedInB(row: number): boolean {
    const at = this.rows.b[row]!;
    return at >= 0 && this.b.failed(at);
  }
  /** -1: none has the span. */
  find(spanOfA: string, spanOfB: string): number {
    const [a, b] = [spanOfA ? this.a.find(spanOfA) : -1, spanOfB ? this.b.find(spanOfB) : -1];
    const inA = a < 0 ? -1 : this.rows.a.indexOf(a);
    return inA >= 0 || b < 0 ? inA : this.rows.b.indexOf(b);
  }
  /** The rows that are seen: nothing below those that are folded, and of `least` only what differs so much, with
   * what is above it. */
  visible(folded: ReadonlySet<number>, least: number): Uint32Array {
    const { count, subtree } = this.rows;
    const seen: number[] = [];
    for (let row = 0; row < count; ) {
      if (this.changes[row]! < least) {
        row += subtree[row]!;
        continue;
      }
      seen.push(row);
      row += folded.has(row) ? subtree[row]! : 1;
    }
    return Uint32Array.from(seen);
  }
  /** -1 at the top. */
  parent(row: number): number {
    const { depth } = this.rows;
    let above = row - 1;
    while (above >= 0 && depth[above]! >= depth[row]!) --above;
    return above;
  }
}

function selfTimes(traces: readonly ShownTrace[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const trace of traces) {
    for (let row = 0; row < trace.count; ++row) {
      const service = trace.service(row);
      sums.set(service, (sums.get(service) ?? 0) + trace.data.selfTime[row]!);
    }
  }
  return sums;
}

function largestChanges(pair: TracePair): Float64Array {
  const { count, depth } = pair.rows;
  const largest = new Float64Array(count);
  const deepest: number[] = []; // by depth, of rows below that are not yet taken
  for (let row = count - 1; row >= 0; --row) {
    const level = depth[row]!;
    const below = deepest[level + 1] ?? 0;
    deepest[level + 1] = 0;
    const missing = pair.rows.a[row]! < 0 || pair.rows.b[row]! < 0;
    largest[row] = Math.max(Math.abs(pair.difference(row)), below, missing ? 1 : 0);
    deepest[level] = Math.max(deepest[level] ?? 0, largest[row]!);
  }
  return largest;
}

/** What tells siblings apart, as a number that both traces share. */
class Keys {
  readonly #known = new Map<string, number>();

  of(trace: ShownTrace): Uint32Array {
    const { service, name, count } = trace.data.columns;
    const byTexts = new Map<number, number>();
    const keys = new Uint32Array(count);
    for (let row = 0; row < count; ++row) {
      // Texts are numbered: a pair of them is looked up as text only once.
      const texts = service[row]! * 0x200000 + name[row]!;
      let key = byTexts.get(texts);
      if (key === undefined) {
        const text = JSON.stringify([trace.service(row), trace.name(row)]);
        key = this.#known.get(text) ?? this.#known.size;
        this.#known.set(text, key);
        byTexts.set(texts, key);
      }
      keys[row] = key;
    }
    return keys;
  }
}

function mergedRows(a: ShownTrace, b: ShownTrace): PairRows {
  const keys = new Keys();
  const [keysOfA, keysOfB] = [keys.of(a), keys.of(b)];
  const rowsA: number[] = [];
  const rowsB: number[] = [];
  const depths: number[] = [];
  // What is still to come, the next on top. A tree may be deeper than calls can be.
  const stack: (readonly [a: number, b: number, depth: number])[] = [];
  const push = (childrenOfA: readonly number[], childrenOfB: readonly number[], depth: number): void => {
    const matched = matchedChildren(childrenOfA, childrenOfB, keysOfA, keysOfB);
    for (let at = matched.length - 1; at >= 0; --at) stack.push([...matched[at]!, depth]);
  };
  push(rootsOf(a), rootsOf(b), 0);
  for (let next = stack.pop(); next; next = stack.pop()) {
    const [inA, inB, depth] = next;
    rowsA.push(inA);
    rowsB.push(inB);
    depths.push(depth);
    push(inA < 0 ? [] : a.children(inA), inB < 0 ? [] : b.children(inB), depth + 1);
  }
  const depth = Uint32Array.from(depths);
  return { count: depth.length, a: Int32Array.from(rowsA), b: Int32Array.from(rowsB), depth, subtree: subtreesOf(depth) };
}

function rootsOf({ data: { columns: { parent, subtree, count } } }: ShownTrace): readonly number[] {
  const roots: number[] = [];
  for (let row = 0; row < count; row += subtree[row]!) if (parent[row] === kNoRow) roots.push(row);
  return roots;
}

/** In the order of A; what only B has stands before what follows it there. */
function matchedChildren(ofA: readonly number[], ofB: readonly number[], keysOfA: Uint32Array, keysOfB: Uint32Array): (readonly [number, number])[] {
  if (ofB.length === 0) return ofA.map((row) => [row, -1] as const);
  const waiting = new Map<number, number[]>();
  ofB.forEach((row, at) => {
    const same = waiting.get(keysOfB[row]!);
    if (same) same.push(at);
    else waiting.set(keysOfB[row]!, [at]);
  });
  for (const same of waiting.values()) same.reverse();
  const partners = ofA.map((row) => waiting.get(keysOfA[row]!)?.pop() ?? -1);
  const taken = new Set(partners);
  const merged: (readonly [number, number])[] = [];
  let next = 0;
  const addOnlyInB = (end: number): void => {
    for (; next < end; ++next) if (!taken.has(next)) merged.push([-1, ofB[next]!]);
  };
  ofA.forEach((row, at) => {
    const partner = partners[at]!;
    if (partner >= 0) addOnlyInB(partner);
    merged.push([row, partner < 0 ? -1 : ofB[partner]!]);
  });
  addOnlyInB(ofB.length);
  return merged;
}

function subtreesOf(depth: Uint32Array): Uint32Array {
  const subtree = new Uint32Array(depth.length);
  const below: number[] = []; // by depth, the sizes of those that have no parent yet
  for (let row = depth.length - 1; row >= 0; --row) {
    const level = depth[row]!;
    subtree[row] = 1 + (below[level + 1] ?? 0);
    below[level + 1] = 0;
    below[level] = (below[level] ?? 0) + subtree[row]!;
  }
  return subtree;
}
