// SPDX-License-Identifier: Apache-2.0
// What is drawn for a row, by a context that writes down what it is asked for. A nanosecond is a pixel.
import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import type { ShownTrace } from "../../model/shown_trace";
import { type SpanSketch, sketchTrace } from "../../model/test_trace";
import { traceRows } from "../../model/trace_rows";
import { type UsualTrace, usualKey } from "../../model/usual";
import { drawLanes, type Lanes } from "./draw_lanes";
import type { LanePalette } from "./lane_palette";

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

interface Changes {
  readonly pathOn?: boolean;
  readonly usual?: UsualTrace;
  readonly grouped?: boolean;
}

function drawnOf(trace: ShownTrace, { pathOn = false, usual, grouped = false }: Changes = {}): readonly Stroke[] {
  const { columns, groups } = trace.data;
  const rules = { from: 0, to: trace.count, folded: new Uint8Array(trace.count), opened: new Uint8Array(groups.total.length), kept: undefined };
  const shown = traceRows(columns, { ...rules, groups: grouped ? groups : undefined });
  const lanes: Lanes = { trace, shown, first: 0, end: shown.rows.length, scale: { start: 0, end: 1000 }, ticks: [], width: 1000, pathOn, usual };
  const { context, drawn } = recorder();
  drawLanes(context, kPalette, lanes);
  return drawn;
}

const boxes = (drawn: readonly Stroke[], color: string): readonly (readonly unknown[])[] =>
  drawn.filter(({ op, fill }) => op === "fillRect" && fill === color).map(({ args }) => args);

test("an event is a tick with a head, an exception a red one, and what is too close to the one before is none", () => {
  const drawn = drawnOf(sketchTrace(kSpans));
  deepEqual(boxes(drawn, "ink"), [[199.5, 25, 1, 17], [399.5, 25, 1, 17]]);
  ok(boxes(drawn, "error").some(([x, y, width, height]) => x === 202.5 && y === 25 && width === 1 && height === 17));
  deepEqual(drawn.filter(({ op }) => op === "arc").map(({ args: [x, y], fill }) => [x, y, fill]), [[200, 26.5, "ink"], [203, 26.5, "error"], [400, 26.5, "ink"]]);
  const heads = drawn.filter(({ op, stroke, lineWidth }) => op === "stroke" && stroke === "paper" && lineWidth === 1);
  equal(heads.length, 3, "each head has a halo");
});

test("a failed span has a red cap that is higher than its bar, and no other has one", () => {
  const caps = boxes(drawnOf(sketchTrace(kSpans)), "error").filter(([, , width]) => width === 3);
  deepEqual(caps, [[100, 26, 3, 18]]);
});

test("siblings of which one failed have the cap at their first bar", () => {
  const alike = Array.from({ length: 6 }, (_, at): SpanSketch => ({ id: at + 2, parent: 1, service: "db", name: "read", from: 100 + at * 50, to: 120 + at * 50, error: at === 4 }));
  const trace = sketchTrace([kSpans[0]!, ...alike]);
  deepEqual(boxes(drawnOf(trace, { grouped: true }), "error"), [[100, 26, 3, 18]]);
});

const kUsual: UsualTrace = {
  nanos: 500, traces: 1000, slowerThan: 99, reference: "edge GET",
  spans: new Map([[usualKey(2, "pay", "charge"), {
    service: "pay", operation: "charge", kind: 2, count: 1000, medianNanos: 10, p95Nanos: 20, zeroCount: 0, buckets: [[100, 1000]],
  }]]),
};

test("a span that is slow for its kind has a strong chip behind its duration", () => {
  const drawn = drawnOf(sketchTrace(kSpans), { usual: kUsual });
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
  const trace = sketchTrace(kSpans.map(({ events, ...span }) => span));
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
