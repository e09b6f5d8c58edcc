// SPDX-License-Identifier: Apache-2.0
// The graph: services are circles in their colour, what sends no spans is dashed. A red arc is the share of
// errors. The table and the list of calls say the same in words.
import type { VNode } from "preact";
import { formatDuration, formatNumber } from "../../base/format";
import { kSecond } from "../../base/time";
import { colorClass, hashedColor } from "../../model/service_color";
import type { ServiceStats } from "../../model/service_stats";
import { changeOf } from "../../model/service_stats";
import type { PlacedEdge, PlacedGraph, PlacedNode } from "./graph_layout";

export interface GraphDrawingProps {
  readonly graph: PlacedGraph;
  readonly stats: ReadonlyMap<string, ServiceStats>;
  /** The id of a node. */
  readonly chosen: string | undefined;
  readonly onChoose: (node: PlacedNode) => void;
}

const kMaxLabels = 24;
const kHot = 0.2;
/** Larger ones are scrolled, not shrunk until nobody reads them. */
const kMaxFitted = 60;

export function GraphDrawing({ graph, stats, chosen, onChoose }: GraphDrawingProps): VNode {
  const { nodes, edges, width, height } = graph;
  const isHot = ({ to }: PlacedEdge): boolean => to.startsWith("service ") && changeOf(stats.get(to.slice(8)) ?? kUnknown) >= kHot;
  const isLabelled = (edge: PlacedEdge): boolean =>
    edge.p95 > 0 && (edges.length <= kMaxLabels || edge.from === chosen || edge.to === chosen);
  return (
    <svg class={nodes.length <= kMaxFitted ? "is-fitted" : undefined} width={Math.ceil(width)} height={Math.ceil(height)} role="img"
      viewBox={`0 0 ${Math.ceil(width)} ${Math.ceil(height)}`} data-testid="service-graph"
      aria-label={`Graph of ${nodes.length} nodes and ${edges.length} calls; the table and the list of calls say the same`}>
      {edges.map((edge) => (
        <path key={`${edge.from}\n${edge.to}`} class={isHot(edge) ? "edge-line edge-hot" : "edge-line"} d={edge.path} stroke-width={edge.width.toFixed(2)}>
          <title>{edgeWords(edge)}</title>
        </path>
      ))}
      {nodes.map((node) => (
        <Node key={node.id} node={node} errorShare={node.kind === "service" ? stats.get(node.name)?.errorShare ?? 0 : 0}
          chosen={node.id === chosen} onChoose={() => onChoose(node)} />
      ))}
      {edges.filter(isLabelled).map((edge) => (
        <text key={`${edge.from}\n${edge.to}`} class={isHot(edge) ? "edge-label hot" : "edge-label"} x={edge.x} y={edge.y - 4} text-anchor="middle">
          {formatDuration(edge.p95 * kSecond)}
        </text>
      ))}
    </svg>
  );
}

const kUnknown: ServiceStats = { name: "", rate: 0, errorShare: 0, p50: NaN, p95: NaN, p99: NaN, line: [], before: NaN };

function edgeWords({ from, to, rate, p95 }: PlacedEdge): string {
  const name = (id: string): string => id.slice(id.indexOf(" ") + 1);
  return `${name(from)} to ${name(to)}, ${formatNumber(rate * 60)} a minute${p95 > 0 ? `, p95 ${formatDuration(p95 * kSecond)}` : ""}`;
}

interface NodeProps {
  readonly node: PlacedNode;
  readonly errorShare: number;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

const kFailing = 0.01;

function Node({ node, errorShare, chosen, onChoose }: NodeProps): VNode {
  const { x, y, radius, name, kind } = node;
  return (
    <g class={kind === "service" ? `node ${colorClass(hashedColor(name))}` : "node"} data-node={node.id} onClick={onChoose}>
      <title>{`${name}, ${formatNumber(node.rate * 60)} a minute`}</title>
      <Shape node={node} />
      {errorShare >= kFailing && <ErrorArc x={x} y={y} radius={radius + 3} share={errorShare} />}
      {chosen && <circle class="node-pick" cx={x} cy={y} r={radius + 7} />}
      <text class="node-name" x={x} y={y + radius + 14} text-anchor="middle">{name}</text>
    </g>
  );
}

function Shape({ node: { x, y, radius: r, kind } }: { readonly node: PlacedNode }): VNode {
  switch (kind) {
    case "service":
      return <circle class="node-fill" cx={x} cy={y} r={r} />;
    case "client":
      return <circle class="node-inferred" cx={x} cy={y} r={r} />;
    case "host":
      return <rect class="node-inferred" x={x - r} y={y - r} width={2 * r} height={2 * r} rx="3" />;
    case "queue": {
      const high = r * 0.65;
      const third = (2 * r) / 3;
      const walls = [1, 2].map((at) => `M${x - r + at * third} ${y - high}v${2 * high}`).join("");
      return <path class="node-inferred" d={`M${x - r} ${y - high}h${2 * r}v${2 * high}h${-2 * r}z${walls}`} />;
    }
    case "database": {
      const [wide, high] = [r * 0.85, r * 0.8];
      const lid = `c0 4 ${2 * wide} 4 ${2 * wide} 0`;
      return <path class="node-inferred" d={`M${x - wide} ${y - high}v${2 * high}${lid}v${-2 * high}c0 -4 ${-2 * wide} -4 ${-2 * wide} 0${lid}`} />;
    }
  }
}

/** Longer for more; a share of one in five goes all round. */
function ErrorArc({ x, y, radius, share }: { readonly x: number; readonly y: number; readonly radius: number; readonly share: number }): VNode {
  const round = 2 * Math.PI * radius;
  const part = Math.min(1, Math.sqrt(share / 0.2)) * round;
  return (
    <circle class="node-err" cx={x} cy={y} r={radius} stroke-dasharray={`${part.toFixed(1)} ${(round - part).toFixed(1)}`} transform={`rotate(-90 ${x} ${y})`} />
  );
}
