// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { criticalPath, pathTimes } from "./critical_path";
import { kDemoSpans, sketchColumns, type SpanSketch } from "./test_trace";

/** "1 0-10" for each stretch, by the ids of the spans. */
function pathOf(spans: readonly SpanSketch[]): readonly string[] {
  const columns = sketchColumns(spans);
  const { span, from, to } = criticalPath(columns);
  return Array.from(span, (row, at) => `${columns.spanId[8 * row + 7]} ${from[at]}-${to[at]}`);
}

test("what no child covers is the span's own", () => {
  deepEqual(pathOf([{ id: 1, from: 0, to: 100 }, { id: 2, parent: 1, from: 10, to: 40 }, { id: 3, parent: 1, from: 60, to: 90 }]),
    ["1 0-10", "2 10-40", "1 40-60", "3 60-90", "1 90-100"]);
});

test("of children that run side by side the one that finishes last owns the time", () => {
  deepEqual(pathOf([{ id: 1, from: 0, to: 100 }, { id: 2, parent: 1, from: 0, to: 60 }, { id: 3, parent: 1, from: 40, to: 100 }]),
    ["2 0-40", "3 40-100"]);
  deepEqual(pathOf([{ id: 1, from: 0, to: 100 }, { id: 2, parent: 1, from: 0, to: 100 }, { id: 3, parent: 1, from: 40, to: 60 }]), ["2 0-100"]);
});

test("a child that ends when the next begins is on the path", () => {
  deepEqual(pathOf([{ id: 1, from: 0, to: 20 }, { id: 2, parent: 1, from: 0, to: 10 }, { id: 3, parent: 1, from: 10, to: 20 }]), ["2 0-10", "3 10-20"]);
});

test("children are clipped to their parents from the top down", () => {
  deepEqual(pathOf([{ id: 1, from: 0, to: 30 }, { id: 2, parent: 1, from: 15, to: 35 }, { id: 3, parent: 2, from: 20, to: 40 }]), ["1 0-15", "2 15-20", "3 20-30"]);
  deepEqual(pathOf([{ id: 1, from: 0, to: 30 }, { id: 2, parent: 1, from: 40, to: 50 }]), ["1 0-30"]);
});

test("nobody waits for a consumer", () => {
  deepEqual(pathOf([{ id: 1, from: 0, to: 50, kind: 4 }, { id: 2, parent: 1, from: 10, to: 40, kind: 5 }]), ["1 0-50"]);
});

test("a root that lasts no time has no path", () => {
  deepEqual(pathOf([{ id: 1, from: 0, to: 0 }, { id: 2, parent: 1, from: 0, to: 10 }]), []);
});

test("the path of the demo is its database", () => {
  const columns = sketchColumns(kDemoSpans);
  equal(pathTimes(criticalPath(columns), columns.count)[6], 1_085_900_000);
});

/** Small numbers that look random and are always the same. */
function* dice(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    yield state >>> 8;
  }
}

test("a path has no gaps, adds up to the root, and each instant is its last-finishing running child's", () => {
  const next = dice(7);
  const below = (limit: number): number => next.next().value % limit;
  for (let round = 0; round < 300; ++round) {
    const spans: SpanSketch[] = [{ id: 1, from: below(5), to: 40 + below(40) }];
    for (let id = 2; id < 12; ++id) {
      const from = below(80);
      spans.push({ id, parent: 1 + below(id - 1), from, to: from + below(50) });
    }
    const columns = sketchColumns(spans);
    const { span, from, to } = criticalPath(columns);
    let at = spans[0]!.from;
    from.forEach((start, index) => {
      equal(start, at);
      ok(to[index]! > start);
      at = to[index]!;
      equal(span[index], ownerAt(columns, (start + at) / 2), `round ${round}, ${start}-${at}`);
    });
    equal(at, spans[0]!.to);
  }
});

/** The rule, instant by instant. */
function ownerAt({ start, duration, subtree }: ReturnType<typeof sketchColumns>, instant: number): number {
  let [owner, limit, least] = [0, start[0]! + duration[0]!, start[0]!];
  for (;;) {
    let best = -1;
    let bestKey: readonly number[] = [];
    for (let child = owner + 1; child < owner + subtree[owner]!; child += subtree[child]!) {
      const end = Math.min(limit, start[child]! + duration[child]!);
      const begin = Math.max(least, start[child]!);
      if (begin >= instant || end <= instant) continue;
      const key = [-end, Number(start[child]! + duration[child]! > limit), start[child]!, child];
      if (best < 0 || isLess(key, bestKey)) [best, bestKey] = [child, key];
    }
    if (best < 0) return owner;
    [owner, limit, least] = [best, Math.min(limit, start[best]! + duration[best]!), Math.max(least, start[best]!)];
  }
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  for (let at = 0; at < a.length; ++at) if (a[at] !== b[at]) return a[at]! < b[at]!;
  return false;
}
