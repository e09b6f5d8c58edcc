// SPDX-License-Identifier: Apache-2.0
// What is drawn for a row, by a context that writes down what it is asked for. A nanosecond is a pixel.
import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import type { ShownTrace } from "../../model/shown_trace";
import { type SpanSketch, sketchTrace } from "../../model/test_trace";
import { traceRows } from "../../model/trace_rows";
import { type UsualTrace, usualKey } from "../../model/usual";
import { drawLanes } from "./draw_lanes";
import type { LanePalette } from "./lane_palette";
import { type JoinedRows, kNoneJoined, type Lanes } from "./lane_pen";

interface Stroke {
  readonly op: string;
  readonly args: readonly unknown[];
  readonly fill: string;
  readonly stroke: string;
  readonly font: string;
  readonly lineWidth: number;
}

const kLetter = 6;

/** Calls in their order, with the pen as it was. */
function recorder(): { readonly context: CanvasRenderingContext2D; readonly drawn: Stroke[] } {
  const drawn: Stroke[] = [];
  const pen: Record<string, unknown> = {};
  const context = new Proxy(pen, {
    get(_, op: string) {
      if (op in pen) return pen[op];
      return (...args: unknown[]) => {
        const { fillStyle, strokeStyle, font, lineWidth } = pen as { fillStyle: string; strokeStyle: string; font: string; lineWidth: number };
        if (op === "measureText") return { width: String(args[0]).length * kLetter };
        drawn.push({ op, args, fill: fillStyle, stroke: strokeStyle, font, lineWidth });
        return undefined;
      };
    },
  });
  return { context: context as unknown as CanvasRenderingContext2D, drawn };
}

const kPalette: LanePalette = {
  ink: "ink", ink2: "ink2", label: "label", rule: "rule", zero: "zero", paper: "paper", tick: "tick", error: "error", font: "font", strongFont: "strong",
  series: Array.from({ length: 13 }, (_, at) => `work ${at}`),
  pale: Array.from({ length: 13 }, (_, at) => `wait ${at}`),
  heat: [],
};

const kSpans: readonly SpanSketch[] = [
  { id: 1, service: "edge", name: "GET", from: 0, to: 1000 },
  { id: 2, parent: 1, service: "pay", name: "charge", kind: 2, from: 100, to: 600, error: true, events: [[200, "lock"], [202, "near"], [203, "exception"], [400, "done"]] },
  { id: 3, parent: 1, service: "db", name: "read", from: 600, to: 900 },
];

const kUsual: UsualTrace = {
  nanos: 500, traces: 1000, slowerThan: 99, reference: "edge GET",
  spans: new Map([[usualKey(2, "pay", "charge"), {
    service: "pay", operation: "charge", kind: 2, count: 1000, medianNanos: 10, p95Nanos: 20, zeroCount: 0, buckets: [[100, 1000]],
  }]]),
};

const kWithoutEvents = kSpans.map(({ events, ...span }) => span);

interface Changes {
  readonly pathOn?: boolean;
  readonly usual?: UsualTrace;
  readonly grouped?: boolean;
  readonly joined?: JoinedRows;
  /** Rows of the screen. */
  readonly first?: number;
  readonly end?: number;
}

function drawnOf(trace: ShownTrace, { pathOn = false, usual, grouped = false, joined = kNoneJoined, first = 0, end }: Changes = {}): readonly Stroke[] {
  const { columns, groups } = trace.data;
  const rules = { from: 0, to: trace.count, folded: new Uint8Array(trace.count), opened: new Uint8Array(groups.total.length), kept: undefined };
  const shown = traceRows(columns, { ...rules, groups: grouped ? groups : undefined });
  const lanes: Lanes = { trace, shown, first, end: end ?? shown.rows.length, scale: { start: 0, end: 1000 }, ticks: [], width: 1000, pathOn, usual, joined };
  const { context, drawn } = recorder();
  drawLanes(context, kPalette, lanes);
  return drawn;
}

const boxes = (drawn: readonly Stroke[], color: string): readonly (readonly unknown[])[] =>
  drawn.filter(({ op, fill }) => op === "fillRect" && fill === color).map(({ args }) => args);

const arcs = (drawn: readonly Stroke[]): readonly (readonly unknown[])[] =>
  drawn.filter(({ op }) => op === "arc").map(({ args: [x, y, radius], fill }) => [x, y, radius, fill]);

test("an event is a tick with a head, and those too close to it are one that is bolder, red where an exception is among them", () => {
  const drawn = drawnOf(sketchTrace(kSpans));
  deepEqual(boxes(drawn, "ink"), [[399.5, 25, 1, 17]]);
  ok(boxes(drawn, "error").some(([x, y, width, height]) => x === 199 && y === 25 && width === 3 && height === 17));
  deepEqual(arcs(drawn), [[200, 27.5, 3.5, "error"], [400, 26.5, 2.5, "ink"]]);
  const heads = drawn.filter(({ op, stroke, lineWidth }) => op === "stroke" && stroke === "paper" && lineWidth === 1);
  equal(heads.length, 2, "each head has a halo");
});

test("a bolder tick has its number beside it, where neither the next tick nor the end of the bar nor what is written on it is in the way", () => {
  const countsOf = (to: number, ...times: readonly number[]): readonly unknown[] => {
    const events = times.map((at) => [at, "lock"] as const);
    const drawn = drawnOf(sketchTrace([{ id: 1, service: "pay", name: "charge", kind: 2, from: 0, to, events }]), { usual: kUsual });
    return drawn.filter(({ op, args: [text] }) => op === "fillText" && String(text).startsWith("×")).map(({ args: [text, x] }) => [text, x]);
  };
  deepEqual(countsOf(900, 200, 201, 202), [["×3", 205]]);
  deepEqual(countsOf(900, 200, 201, 219), [], "the next tick is near");
  deepEqual(countsOf(900, 885, 886), [], "the bar ends");
  deepEqual(countsOf(900, 880, 881), [["×2", 885]]);
  deepEqual(countsOf(60_000, 950, 951), [], "the duration and its chip stand on the bar");
  deepEqual(countsOf(60_000, 500, 501), [["×2", 505]]);
});

test("a failed span has a red cap that is higher than its bar, and no other has one", () => {
  const caps = boxes(drawnOf(sketchTrace(kSpans)), "error").filter(([, , width, height]) => width === 3 && height === 18);
  deepEqual(caps, [[100, 26, 3, 18]]);
});

test("siblings of which one failed have the cap at their first bar", () => {
  const alike = Array.from({ length: 6 }, (_, at): SpanSketch => ({ id: at + 2, parent: 1, service: "db", name: "read", from: 100 + at * 50, to: 120 + at * 50, error: at === 4 }));
  const trace = sketchTrace([kSpans[0]!, ...alike]);
  deepEqual(boxes(drawnOf(trace, { grouped: true }), "error"), [[100, 26, 3, 18]]);
});

test("a span that is slow for its kind has a strong chip behind its duration", () => {
  const drawn = drawnOf(sketchTrace(kWithoutEvents), { usual: kUsual });
  const texts = drawn.filter(({ op }) => op === "fillText");
  const chips = texts.filter(({ font }) => font === "strong");
  deepEqual(chips.map(({ args: [text], fill }) => [text, fill]), [["p99.9", "ink"]]);
  const [duration] = texts.filter(({ args: [, , y], font }) => font === "font" && y === chips[0]!.args[2]);
  equal(duration!.fill, "ink2");
  equal(chips[0]!.args[1], Number(duration!.args[1]) + String(duration!.args[0]).length * kLetter + 8);
  const halo = drawn[drawn.indexOf(chips[0]!) - 1]!;
  deepEqual([halo.op, halo.args[0], halo.stroke, halo.lineWidth], ["strokeText", "p99.9", "paper", 3]);
  equal(drawnOf(sketchTrace(kSpans)).some(({ font }) => font === "strong"), false, "none without what is usual");
});

test("the critical path is a line of ink with a halo of paper under the bar that owns the instant", () => {
  const trace = sketchTrace(kWithoutEvents);
  const drawn = drawnOf(trace, { pathOn: true });
  // Rows 0, 1, 2 and 0 again; the path is walked from its end or from its start.
  const byPlace = (all: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] => [...all].sort((a, b) => Number(a[0]) - Number(b[0]));
  deepEqual(byPlace(boxes(drawn, "ink")), [[0, 19, 100, 2], [100, 43, 500, 2], [600, 67, 300, 2], [900, 19, 100, 2]]);
  deepEqual(byPlace(boxes(drawn, "paper")), [[-1, 18, 102, 4], [99, 42, 502, 4], [599, 66, 302, 4], [899, 18, 102, 4]]);
  const places = (color: string): readonly number[] => drawn.flatMap(({ op, fill }, at) => (op === "fillRect" && fill === color ? [at] : []));
  ok(Math.max(...places("paper")) < Math.min(...places("ink")), "no halo lies on the line");
  deepEqual(byPlace(boxes(drawn, "label")), [[100, 20, 1, 24], [600, 44, 1, 24], [900, 20, 1, 48]], "owner to owner");
  deepEqual(boxes(drawnOf(trace), "ink"), [], "none when it is off");
});

/** The tip and the base of each arrow. */
const arrows = (drawn: readonly Stroke[]): readonly (readonly unknown[])[] =>
  drawn.flatMap(({ op, args: [x, y] }, at) => (op === "moveTo" && drawn[at + 1]?.op === "lineTo" ? [[x, y, drawn[at + 1]!.args[0]]] : []));

const kLinked: readonly SpanSketch[] = [
  { id: 1, from: 0, to: 1000, links: [99] },
  { id: 2, parent: 1, from: 100, to: 200 },
  { id: 3, parent: 1, from: 300, to: 400, links: [2, 1] },
  { id: 4, parent: 1, from: 500, to: 600 },
];

test("a span with links has an arrow out at its start, one that is named an arrow in, on the bar where there is no room beside it", () => {
  deepEqual(arrows(drawnOf(sketchTrace(kLinked))), [[5, 8, 9], [9, 14, 5], [98, 35, 94], [294, 59, 298]]);
});

test("dashed lines lead from the selected span to those that its links join it to, where they are in sight", () => {
  const trace = sketchTrace(kLinked);
  const linesOf = (changes: Changes): readonly unknown[] => drawnOf(trace, changes).filter(({ op }) => op === "bezierCurveTo").map(({ args }) => args);
  const joined: JoinedRows = { row: 2, from: [1], to: [] };
  deepEqual(linesOf({}), []);
  deepEqual(linesOf({ joined }), [[270, 59, 70, 35, 94, 35]]);
  deepEqual(linesOf({ joined, first: 2 }), [[270, 11, 70, -13, 94, -13]], "the way leads out of sight");
  deepEqual(linesOf({ joined, first: 3 }), [], "both are above");
  deepEqual(linesOf({ joined: { row: 0, from: [], to: [2] } }), [[333, 59, 33, 11, 9, 11]], "to the right where there is no room");
  const dashes = drawnOf(trace, { joined }).filter(({ op }) => op === "setLineDash").map(({ args: [dash] }) => dash);
  deepEqual(dashes, [[3, 3], []], "what is drawn next is not dashed");
});
