// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { kDemoSpans, type SpanSketch, sketchTrace } from "./test_trace";
import { type GraphBy, traceGraph, type TraceGraph } from "./trace_graph";

const [kServer, kClient, kProducer, kConsumer] = [2, 3, 4, 5];

function graphOf(sketches: readonly SpanSketch[], by: GraphBy = "service", most = 100): TraceGraph {
  const trace = sketchTrace(sketches);
  return traceGraph(trace, by, 0, trace.count, most);
}

const namesOf = ({ nodes }: TraceGraph) => nodes.map(({ name, caller }) => (caller < 0 ? name : `${nodes[caller]!.name} > ${name}`));

/** The shop calls pay over the network, twice pay's database, and works itself. */
const kShop: readonly SpanSketch[] = [
  { id: 1, service: "shop", name: "GET /", kind: kServer, from: 0, to: 100 },
  { id: 2, parent: 1, service: "shop", name: "charge", kind: kClient, from: 10, to: 90 },
  { id: 3, parent: 2, service: "pay", name: "Charge", kind: kServer, from: 15, to: 80 },
  { id: 4, parent: 3, service: "pay", name: "SELECT", kind: kClient, peer: "ledger-db", from: 20, to: 40 },
  { id: 5, parent: 3, service: "pay", name: "SELECT", kind: kClient, peer: "ledger-db", from: 40, to: 70, error: true },
];

test("spans of one service are a node, what it calls is an edge with its network", () => {
  const graph = graphOf(kShop);
  deepEqual(namesOf(graph), ["shop", "shop > pay", "pay > ledger-db"]);
  deepEqual(graph.nodes.map(({ kind, spans, self, path }) => [kind, spans, self, path]), [["spans", 2, 20, 20], ["spans", 3, 15, 15], ["callee", 0, 50, 50]]);
  deepEqual(graph.nodes.map(({ calls, waited, network, networkPath }) => [calls, waited, network, networkPath]), [[0, 0, 0, 0], [1, 80, 15, 15], [2, 50, 0, 0]]);
});

test("the times of nodes and networks are those of the path", () => {
  for (const by of ["service", "operation"] as const) {
    equal(graphOf(kShop, by).nodes.reduce((sum, { path, networkPath }) => sum + path + networkPath, 0), 100);
  }
});

test("errors are those of the spans, and of a callee the calls that failed; the slowest span is known", () => {
  const { nodes } = graphOf(kShop);
  deepEqual(nodes.map(({ errors }) => errors), [0, 1, 1]);
  deepEqual(nodes.map(({ slowest }) => slowest), [0, 2, 4]);
});

test("by operation each name is a node of its own", () => {
  deepEqual(namesOf(graphOf(kShop, "operation")), ["GET /", "GET / > charge", "charge > Charge", "Charge > SELECT", "SELECT > ledger-db"]);
  deepEqual(namesOf(graphOf(kDemoSpans)), ["traefik", "traefik > uservice3", "uservice3 > uservice4"]);
});

test("a service that is reached over two paths is two nodes, one that calls itself as well", () => {
  const graph = graphOf([
    { id: 1, service: "a", from: 0, to: 100 },
    { id: 2, parent: 1, service: "b", from: 0, to: 40 },
    { id: 3, parent: 2, service: "c", from: 0, to: 10 },
    { id: 4, parent: 1, service: "c", from: 50, to: 70 },
    { id: 5, parent: 4, service: "c", kind: kClient, from: 50, to: 60 },
    { id: 6, parent: 5, service: "c", kind: kServer, from: 52, to: 58 },
  ]);
  deepEqual(namesOf(graph), ["a", "a > b", "b > c", "a > c", "c > c"]);
  deepEqual([...graph.nodeOf], [0, 1, 2, 3, 3, 4]);
});

test("nobody waits for a consumer, and a queue without a name is none", () => {
  const spans = (peer: string): readonly SpanSketch[] => [
    { id: 1, service: "shop", kind: kProducer, peer, from: 0, to: 10 },
    { id: 2, parent: 1, service: "mail", kind: kConsumer, from: 8, to: 50 },
  ];
  const named = graphOf(spans("orders"));
  deepEqual(named.nodes.map(({ kind, name, waited }) => [kind, name, waited]), [["spans", "shop", 0], ["spans", "mail", 0], ["queue", "orders", 8]]);
  deepEqual(namesOf(graphOf(spans(""))), ["shop", "shop > mail"]);
});

test("a call counts as long as its caller was there", () => {
  const { nodes } = graphOf([{ id: 1, service: "a", from: 0, to: 10 }, { id: 2, parent: 1, service: "b", from: 5, to: 30 }]);
  deepEqual(nodes.map(({ self, waited }) => [self, waited]), [[5, 0], [25, 5]]);
});

test("what took least is folded, and still adds up", () => {
  const calls = Array.from({ length: 10 }, (_, at): SpanSketch => ({ id: 2 + at, parent: 1, service: `s${at}`, from: 10 * at, to: 10 * at + at + 1, error: at === 0 }));
  const graph = graphOf([{ id: 1, service: "a", from: 0, to: 100 }, ...calls, { id: 20, parent: 2, service: "deep", from: 0, to: 1 }], "service", 4);
  deepEqual(graph.nodes.map(({ kind, name }) => (kind === "rest" ? "rest" : name)), ["a", "s9", "s8", "s7", "rest"]);
  const rest = graph.nodes[4]!;
  deepEqual([rest.folded, rest.spans, rest.errors, rest.self, rest.calls, rest.caller], [8, 8, 1, 28, 7, 0]);
  equal(graph.folded, 8);
  equal(graph.nodeOf[2], 4);
});

test("a rest has the network within it and counts an error once", () => {
  const shop = graphOf(kShop, "service", 1).nodes[1]!;
  deepEqual([shop.folded, shop.spans, shop.errors, shop.calls, shop.waited, shop.network, shop.self], [2, 3, 1, 1, 80, 15, 65]);
  const bank: readonly SpanSketch[] = [{ id: 4, parent: 3, service: "pay", kind: kClient, from: 20, to: 70 }, { id: 5, parent: 4, service: "bank", kind: kServer, from: 30, to: 60 }];
  const [first, rest] = graphOf([...kShop.slice(0, 3), ...bank], "service", 1).nodes;
  deepEqual([first!.self, rest!.self, rest!.network, rest!.path + rest!.networkPath + first!.path], [20, 65, 15, 100]);
});

test("a subtree alone begins with its own root, and a chain is as deep as it is", () => {
  const trace = sketchTrace(kShop);
  const { nodes, first } = traceGraph(trace, "service", 2, 5, 100);
  deepEqual([nodes[0]!.name, nodes[0]!.caller, first], ["pay", -1, 2]);
  const chain = Array.from({ length: 1000 }, (_, at): SpanSketch => ({ id: at + 1, ...(at > 0 ? { parent: at } : {}), service: `s${at % 2}`, from: at, to: 2000 - at }));
  const graph = graphOf(chain, "service", 200);
  deepEqual([graph.nodes.length, graph.folded], [201, 800]);
});
