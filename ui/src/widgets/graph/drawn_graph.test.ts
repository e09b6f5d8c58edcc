// SPDX-License-Identifier: Apache-2.0
import { equal } from "node:assert/strict";
import { test } from "node:test";
import { type Direction, neighbourOf, type PlacedGraph, type PlacedNode } from "./drawn_graph";

const node = (id: string, x: number, y: number): PlacedNode =>
  ({ id, x, y, radius: 9, shape: "circle", name: id, color: "", weight: 1, lines: [], alarm: "", errorShare: 0, said: id, canBeChosen: true });
const edge = (from: string, to: string) => ({ from, to, weight: 1, label: "", hot: false, said: "", path: "", middle: { x: 0, y: 0 }, end: { x: 0, y: 0 }, width: 1 });

/** a calls b and c, and c calls d, which stands beside b. */
const kGraph: PlacedGraph = {
  nodes: [node("a", 0, 50), node("b", 100, 0), node("c", 100, 100), node("d", 200, 10)],
  edges: [edge("a", "b"), edge("a", "c"), edge("c", "d")],
  width: 200,
  height: 100,
};
const next = (id: string, direction: Direction): string | undefined => neighbourOf(kGraph, id, direction)?.id;

test("to the side calls are followed before what is near", () => {
  equal(next("a", "ArrowRight"), "b");
  equal(next("c", "ArrowRight"), "d");
  equal(next("d", "ArrowLeft"), "c");
  equal(next("b", "ArrowRight"), "d");
});

test("up and down the column is walked, and at its end nothing follows", () => {
  equal(next("b", "ArrowDown"), "c");
  equal(next("c", "ArrowUp"), "b");
  equal(next("b", "ArrowUp"), undefined);
  equal(next("a", "ArrowLeft"), undefined);
  equal(next("gone", "ArrowLeft"), undefined);
});
