// SPDX-License-Identifier: Apache-2.0
// A graph as it is drawn: what a node is called, how much it weighs and what is written below it. Views make one
// of what they know.

/** Dashed is what sends no spans. */
export type NodeShape = "circle" | "dashed-circle" | "box" | "drum" | "queue" | "ring";

export interface DrawnNode {
  readonly id: string;
  readonly shape: NodeShape;
  readonly name: string;
  /** The class of its service's colour; "" without one. */
  readonly color: string;
  /** Its size, against the others. */
  readonly weight: number;
  /** Below its name. */
  readonly lines: readonly string[];
  /** Below those, in red; "" for none. */
  readonly alarm: string;
  /** Of 1: the ring around it. */
  readonly errorShare: number;
  /** All of it in words, which begin with what is written. */
  readonly said: string;
  readonly canBeChosen: boolean;
}

export interface DrawnEdge {
  /** Ids of nodes. */
  readonly from: string;
  readonly to: string;
  readonly weight: number;
  /** "" for none. */
  readonly label: string;
  readonly hot: boolean;
  readonly said: string;
}

export interface DrawnGraph {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}

export interface PlacedNode extends DrawnNode {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedEdge extends DrawnEdge {
  readonly path: string;
  /** Where its label stands in the middle of it, and at its end. */
  readonly middle: Point;
  readonly end: Point;
  readonly width: number;
}

export interface PlacedGraph {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly width: number;
  readonly height: number;
}

export type Direction = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";
const kSteps: Readonly<Record<Direction, Point>> = { ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 } };

export function isDirection(key: string): key is Direction {
  return Object.hasOwn(kSteps, key);
}

/** The next node in a direction: one joined to it before others, then what is straight before what is near. */
export function neighbourOf({ nodes, edges }: PlacedGraph, id: string, direction: Direction): PlacedNode | undefined {
  const now = nodes.find((node) => node.id === id);
  if (!now) return undefined;
  const { x, y } = kSteps[direction];
  const joined = new Set(edges.flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : [])));
  let best: PlacedNode | undefined;
  let least = Infinity;
  for (const node of nodes) {
    const [right, down] = [node.x - now.x, node.y - now.y];
    const along = right * x + down * y;
    const across = Math.abs(right * y) + Math.abs(down * x);
    if (along <= 1 || across > 4 * along) continue;
    const far = along + 2 * across;
    const cost = x !== 0 && joined.has(node.id) ? far / 1000 : far;
    if (cost < least) [best, least] = [node, cost];
  }
  return best;
}
