// SPDX-License-Identifier: Apache-2.0
// Places a graph from left to right. Dagre is loaded when the first graph is drawn.
import type { DrawnGraph, DrawnNode, PlacedGraph, PlacedNode, Point } from "./drawn_graph";

const kLeastRadius = 9;
const kMostRadius = 17;
/** Above a node, and its name below. */
const kLabelHeight = 18;
export const kLineHeight = 14;
const kLetter = 6.4;
const kMargin = 24;
const kMostWidth = 6;

/** `rankGap` is what lies between two columns at least, in pixels. */
export async function placeGraph({ nodes, edges }: DrawnGraph, rankGap: number): Promise<PlacedGraph> {
  const { Graph, layout } = await import("@dagrejs/dagre");
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", ranksep: rankGap, nodesep: 10, marginx: kMargin, marginy: kMargin });
  graph.setDefaultEdgeLabel(() => ({}));
  const most = Math.max(...nodes.map(({ weight }) => weight), 1e-9);
  const radiusOf = ({ weight }: DrawnNode): number => kLeastRadius + (kMostRadius - kLeastRadius) * Math.sqrt(weight / most);
  for (const node of nodes) {
    const letters = Math.max(...textsOf(node).map((text) => text.length));
    const size = 2 * radiusOf(node);
    graph.setNode(node.id, { width: Math.max(size, letters * kLetter), height: size + 2 * kLabelHeight + belowName(node) });
  }
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const placed = new Map(nodes.map((node): [string, PlacedNode] => {
    const { x, y } = graph.node(node.id);
    return [node.id, { ...node, x, y: y - belowName(node) / 2, radius: radiusOf(node) }];
  }));
  const top = Math.max(...edges.map(({ weight }) => weight), 1e-9);
  return {
    nodes: [...placed.values()],
    edges: edges.map((edge) => {
      // Every other point lies between two ranks, where a curve needs none.
      const { points } = graph.edge(edge.from, edge.to) as { readonly points: readonly Point[] };
      const between = points.slice(1, -1).filter((_, at) => at % 2 === 1);
      const line = lineBetween(placed.get(edge.from)!, placed.get(edge.to)!, between);
      return { ...edge, ...line, width: Math.max(1, kMostWidth * Math.sqrt(edge.weight / top)) };
    }),
    width,
    height,
  };
}

const textsOf = ({ name, lines, alarm }: DrawnNode): readonly string[] => [name, ...lines, alarm];

function belowName({ lines, alarm }: DrawnNode): number {
  return kLineHeight * (lines.length + Number(alarm !== ""));
}

/** From the side of one node to the side of the other, over what dagre found between them, without corners. */
function lineBetween(from: PlacedNode, to: PlacedNode, between: readonly Point[]): { readonly path: string; readonly middle: Point; readonly end: Point } {
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
  const half = points[Math.floor(points.length / 2)]!;
  const before = points[Math.floor((points.length - 1) / 2)]!;
  return { path, middle: { x: (half.x + before.x) / 2, y: (half.y + before.y) / 2 }, end };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
