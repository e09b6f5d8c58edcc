// SPDX-License-Identifier: Apache-2.0
// The graph of services as it is drawn: the table and the list of calls say the same in words.
import { formatDuration, formatNumber } from "../../base/format";
import { kSecond } from "../../base/time";
import { colorClass, hashedColor } from "../../model/service_color";
import type { GraphEdge, GraphNode, NodeKind, ServiceGraph } from "../../model/service_graph";
import { changeOf, type ServiceStats } from "../../model/service_stats";
import type { DrawnEdge, DrawnGraph, DrawnNode, NodeShape } from "../../widgets/graph/drawn_graph";

const kShapes: Readonly<Record<NodeKind, NodeShape>> = { service: "circle", client: "dashed-circle", host: "box", queue: "queue", database: "drum" };
const kHot = 0.2;
/** A ring for fewer errors would be a dot. */
const kFailing = 0.01;

/** `stats` by the name of a service. */
export function drawnServices({ nodes, edges }: ServiceGraph, stats: ReadonlyMap<string, ServiceStats>): DrawnGraph {
  return { nodes: nodes.map((node) => drawnNode(node, stats)), edges: edges.map((edge) => drawnEdge(edge, stats)) };
}

function drawnNode({ id, kind, name, rate }: GraphNode, stats: ReadonlyMap<string, ServiceStats>): DrawnNode {
  const isService = kind === "service";
  const errorShare = isService ? stats.get(name)?.errorShare ?? 0 : 0;
  const failing = errorShare >= kFailing;
  return {
    id, name, weight: rate, lines: [], alarm: "", canBeChosen: isService,
    shape: kShapes[kind],
    color: isService ? colorClass(hashedColor(name)) : "",
    errorShare: failing ? errorShare : 0,
    said: `${name}, ${formatNumber(rate * 60)} a minute${failing ? `, ${formatNumber(100 * errorShare)} % errors` : ""}`,
  };
}

function drawnEdge({ from, to, rate, p95 }: GraphEdge, stats: ReadonlyMap<string, ServiceStats>): DrawnEdge {
  const name = (id: string): string => id.slice(id.indexOf(" ") + 1);
  const callee = to.startsWith("service ") ? stats.get(name(to)) : undefined;
  const length = p95 > 0 ? formatDuration(p95 * kSecond) : "";
  return {
    from, to, weight: rate, label: length,
    hot: callee !== undefined && changeOf(callee) >= kHot,
    said: `${name(from)} to ${name(to)}, ${formatNumber(rate * 60)} a minute${length && `, p95 ${length}`}`,
  };
}
