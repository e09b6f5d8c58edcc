// SPDX-License-Identifier: Apache-2.0
// Places the graph from left to right. Dagre is loaded when the first graph is drawn.
import type { CutGraph, GraphEdge, GraphNode } from "../../model/service_graph";

export interface PlacedNode extends GraphNode {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

export interface PlacedEdge extends GraphEdge {
  readonly path: string;
  /** Of its label. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface PlacedGraph {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly width: number;
  readonly height: number;
}

const kLeastRadius = 9;
const kMostRadius = 17;
const kLabelHeight = 18;
const kLetter = 6.4;
const kMargin = 24;
const kMostWidth = 6;

export async function placeGraph({ nodes, edges }: CutGraph): Promise<PlacedGraph> {
  const { Graph, layout } = await import("@dagrejs/dagre");
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", ranksep: 72, nodesep: 10, marginx: kMargin, marginy: kMargin });
  graph.setDefaultEdgeLabel(() => ({}));
  const most = Math.max(...nodes.map(({ rate }) => rate), 1e-9);
  const radiusOf = (rate: number): number => kLeastRadius + (kMostRadius - kLeastRadius) * Math.sqrt(rate / most);
  for (const { id, name, rate } of nodes) {
    const size = 2 * radiusOf(rate);
    graph.setNode(id, { width: Math.max(size, name.length * kLetter), height: size + 2 * kLabelHeight });
  }
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const placed = new Map(nodes.map((node): [string, PlacedNode] => {
    const { x, y } = graph.node(node.id);
    return [node.id, { ...node, x, y, radius: radiusOf(node.rate) }];
  }));
  const top = Math.max(...edges.map(({ rate }) => rate), 1e-9);
  return {
    nodes: [...placed.values()],
    edges: edges.map((edge) => {
      // Every other point lies between two ranks, where a curve needs none.
      const { points } = graph.edge(edge.from, edge.to) as { readonly points: readonly Point[] };
      const between = points.slice(1, -1).filter((_, at) => at % 2 === 1);
      const line = lineBetween(placed.get(edge.from)!, placed.get(edge.to)!, between);
      return { ...edge, ...line, width: Math.max(1, kMostWidth * Math.sqrt(edge.rate / top)) };
    }),
    width,
    height,
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** From the side of one node to the side of the other, over what dagre found between them, without corners. */
function lineBetween(from: PlacedNode, to: PlacedNode, between: readonly Point[]): { readonly path: string; readonly x: number; readonly y: number } {
  const way = from.x <= to.x ? 1 : -1;
  const start = { x: from.x + way * (from.radius + 3), y: from.y };
  const end = { x: to.x - way * (to.radius + 3), y: to.y };
  const points = [start, ...between, end];
  let path = `M${round(start.x)} ${round(start.y)}`;
  for (let at = 1; at < points.length; ++at) {
    const [one, other] = [points[at - 1]!, points[at]!];
    const middle = (one.x + other.x) / 2;
    path += `C${round(middle)} ${round(one.y)} ${round(middle)} ${round(other.y)} ${round(other.x)} ${round(other.y)}`;
  }
  const middle = points[Math.floor(points.length / 2)]!;
  const before = points[Math.floor((points.length - 1) / 2)]!;
  return { path, x: (middle.x + before.x) / 2, y: (middle.y + before.y) / 2 };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
