// SPDX-License-Identifier: Apache-2.0
// Who calls whom: services, and what they call that sends no spans itself, a database, a queue, a host. Built
// from answers of TraceQL metrics; cut to what is near one service, without the calls that are rare.
import type { InstantSeries } from "./metrics";
import { type Attribute, attributeText } from "./trace";

export type NodeKind = "service" | "database" | "queue" | "host" | "client";

export interface GraphNode {
  /** Of its kind and name. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  /** Calls a second that reach it. */
  readonly rate: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Calls a second. */
  readonly rate: number;
  /** Seconds; NaN where it is not known. */
  readonly p95: number;
}

export interface ServiceGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

const kService = "resource.service.name";
const kCaller = "parent.resource.service.name";

interface EdgeQuery {
  readonly filter: string;
  readonly by: readonly string[];
  readonly edge: (texts: readonly string[], services: ReadonlySet<string>) => readonly [from: string, to: string] | undefined;
}

const service = (name: string): string => `service ${name}`;

const kEdgeQueries: readonly EdgeQuery[] = [
  {
    filter: `${kCaller} != ${kService}`,
    by: [kCaller, kService],
    edge: ([caller, callee]) => (caller && callee ? [service(caller), service(callee)] : undefined),
  },
  {
    filter: "nestedSetParent < 0 && kind = server",
    by: [kService],
    edge: ([callee]) => (callee ? ["client client", service(callee)] : undefined),
  },
  {
    filter: "kind = client && span.db.system.name != nil",
    by: [kService, "span.db.namespace", "span.server.address", "span.db.system.name"],
    edge: databaseEdge,
  },
  {
    // As it was named before.
    filter: "kind = client && span.db.system != nil && span.db.system.name = nil",
    by: [kService, "span.db.name", "span.server.address", "span.db.system"],
    edge: databaseEdge,
  },
  {
    filter: "kind = producer && span.messaging.destination.name != nil",
    by: [kService, "span.messaging.destination.name"],
    edge: ([producer, queue]) => (producer && queue ? [service(producer), `queue ${queue}`] : undefined),
  },
  {
    filter: "kind = consumer && span.messaging.destination.name != nil",
    by: [kService, "span.messaging.destination.name"],
    edge: ([consumer, queue]) => (consumer && queue ? [`queue ${queue}`, service(consumer)] : undefined),
  },
  {
    filter: "kind = client && span:childCount = 0 && span.db.system.name = nil && span.db.system = nil",
    by: [kService, "span.peer.service", "span.server.address"],
    edge: ([caller, peer, address], services) => {
      const name = peer || address;
      // The spans of a service that is known were lost, or come later: it is not another host.
      if (!caller || !name || services.has(name) || services.has(name.split(".")[0]!)) return undefined;
      return [service(caller), `host ${name}`];
    },
  },
];

function databaseEdge([caller, namespace, ...names]: readonly string[]): readonly [from: string, to: string] | undefined {
  // Redis numbers its databases, which tells nobody which it is.
  const name = [/^\d*$/.test(namespace ?? "") ? "" : namespace, ...names].find((text) => text);
  return caller && name ? [service(caller), `database ${name}`] : undefined;
}

export interface GraphQuery {
  readonly rate: string;
  readonly p95: string;
}

/** What to ask, in the order in which graphOf takes the answers. */
export const kGraphQueries: readonly GraphQuery[] = kEdgeQueries.map(({ filter, by }) => ({
  rate: `{ ${filter} } | rate() by (${by.join(", ")})`,
  p95: `{ ${filter} } | quantile_over_time(duration, .95) by (${by.join(", ")})`,
}));

export interface GraphAnswer {
  readonly rate: readonly InstantSeries[];
  readonly p95: readonly InstantSeries[];
}

/** `answers` in the order of kGraphQueries; one that is missing has no edges. */
export function graphOf(answers: readonly GraphAnswer[]): ServiceGraph {
  const services = new Set(answers[0]?.rate.flatMap(({ labels }) => textsOf(labels, kEdgeQueries[0]!.by)) ?? []);
  const edges = new Map<string, GraphEdge>();
  for (const [at, { rate, p95 }] of answers.entries()) {
    const { by, edge } = kEdgeQueries[at]!;
    const keyOf = (labels: readonly Attribute[]): string => textsOf(labels, by).join("\n");
    const lengths = new Map(p95.map(({ labels, value }) => [keyOf(labels), value]));
    for (const { labels, value } of rate) {
      const ends = value > 0 ? edge(textsOf(labels, by), services) : undefined;
      if (ends) addEdge(edges, { from: ends[0], to: ends[1], rate: value, p95: lengths.get(keyOf(labels)) ?? NaN });
    }
  }
  return withNodes(withoutShortcuts([...edges.values()]));
}

function textsOf(labels: readonly Attribute[], keys: readonly string[]): readonly string[] {
  return keys.map((key) => {
    const label = labels.find((each) => each.key === key);
    const text = label ? attributeText(label.value) : "";
    return text === "nil" ? "" : text;
  });
}

/** Several series may be one edge: its rate is their sum, its p95 that of the slowest. */
function addEdge(edges: Map<string, GraphEdge>, edge: GraphEdge): void {
  const key = `${edge.from}\n${edge.to}`;
  const before = edges.get(key);
  if (!before) return void edges.set(key, edge);
  edges.set(key, { ...edge, rate: before.rate + edge.rate, p95: Math.max(before.p95 || 0, edge.p95 || 0) });
}

/** A call through a queue is drawn through it, not beside it as well. */
function withoutShortcuts(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  const targets = (id: string): ReadonlySet<string> => new Set(edges.filter(({ from }) => from === id).map(({ to }) => to));
  const queues = new Map(edges.filter(({ to }) => to.startsWith("queue ")).map(({ to }) => [to, targets(to)]));
  if (queues.size === 0) return edges;
  return edges.filter(({ from, to }) => !edges.some((first) => first.from === from && queues.get(first.to)?.has(to)));
}

function withNodes(edges: readonly GraphEdge[]): ServiceGraph {
  const rates = new Map<string, { in: number; out: number }>();
  const of = (id: string) => rates.get(id) ?? rates.set(id, { in: 0, out: 0 }).get(id)!;
  for (const { from, to, rate } of edges) {
    of(from).out += rate;
    of(to).in += rate;
  }
  const nodes = [...rates].map(([id, { in: reached, out }]): GraphNode => {
    const cut = id.indexOf(" ");
    return { id, kind: id.slice(0, cut) as NodeKind, name: id.slice(cut + 1), rate: reached || out };
  });
  return { nodes, edges };
}

export interface GraphCut {
  /** The id of a node; undefined for all. */
  readonly focus: string | undefined;
  /** Calls from it; Infinity for all that lead to it or away from it. */
  readonly depth: number;
  /** Edges with less than this part of the largest rate are left out; undefined for what can be taken in. */
  readonly least: number | undefined;
}

export interface CutGraph extends ServiceGraph {
  readonly hiddenEdges: number;
}

/** More edges than this are a thicket. */
const kMaxEdges = 48;
export const kLeasts: readonly number[] = [0, 0.01, 0.05, 0.2];

/** What is near the focus. An edge of the focus itself is never too rare. */
export function cutGraph({ nodes, edges }: ServiceGraph, { focus, depth, least }: GraphCut): CutGraph {
  const isFocus = nodes.some(({ id }) => id === focus);
  const near = isFocus && focus !== undefined ? walked(edges, focus, depth) : edges;
  const most = near.reduce((top, { rate }) => Math.max(top, rate), 0);
  const frequent = (part: number): readonly GraphEdge[] =>
    near.filter(({ from, to, rate }) => rate >= part * most || (isFocus && (from === focus || to === focus)));
  const part = least ?? kLeasts.find((each) => frequent(each).length <= kMaxEdges) ?? kLeasts.at(-1)!;
  const shown = frequent(part);
  const ends = new Set(shown.flatMap(({ from, to }) => [from, to]));
  return { nodes: nodes.filter(({ id }) => ends.has(id) || id === focus), edges: shown, hiddenEdges: near.length - shown.length };
}

/** In so many calls, forwards or backwards but not to and fro: callers of callers, callees of callees. */
function walked(edges: readonly GraphEdge[], focus: string, depth: number): readonly GraphEdge[] {
  const found = new Set<GraphEdge>();
  for (const [start, end] of [["from", "to"], ["to", "from"]] as const) {
    const seen = new Set([focus]);
    let ring = new Set([focus]);
    for (let step = 0; step < depth && ring.size > 0; ++step) {
      const next = edges.filter((edge) => ring.has(edge[start]));
      for (const edge of next) found.add(edge);
      ring = new Set(next.map((edge) => edge[end]).filter((id) => !seen.has(id)));
      for (const id of ring) seen.add(id);
    }
  }
  return edges.filter((edge) => found.has(edge));
}
