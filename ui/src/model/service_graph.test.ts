// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import type { InstantSeries } from "./metrics";
import { cutGraph, graphOf, type ServiceGraph } from "./service_graph";

const series = (value: number, labels: Readonly<Record<string, string>>): InstantSeries => ({
  labels: Object.entries(labels).map(([key, text]) => ({ key, value: text })), value,
});
const call = (from: string, to: string, value: number): InstantSeries =>
  series(value, { "parent.resource.service.name": from, "resource.service.name": to });
const from = (name: string, value: number, labels: Readonly<Record<string, string>> = {}): InstantSeries =>
  series(value, { "resource.service.name": name, ...labels });
const kNone = { rate: [], p95: [] };
const edgesOf = ({ edges }: ServiceGraph) => edges.map((edge) => `${edge.from} > ${edge.to}`);

test("calls are edges with their rate and p95", () => {
  const graph = graphOf([{ rate: [call("shop", "cart", 3), call("shop", "idle", 0)], p95: [call("shop", "cart", 0.2)] }]);
  deepEqual(graph.edges, [{ from: "service shop", to: "service cart", rate: 3, p95: 0.2 }]);
  deepEqual(graph.nodes.map(({ kind, name, rate }) => [kind, name, rate]), [["service", "shop", 3], ["service", "cart", 3]]);
});

test("what sends no spans is named by the best it is known by", () => {
  const database = (labels: Readonly<Record<string, string>>) => from("cart", 1, labels);
  const graph = graphOf([
    { rate: [call("shop", "cart", 1)], p95: [] },
    { rate: [from("shop", 1)], p95: [] },
    { rate: [database({ "span.db.namespace": "orders", "span.db.system.name": "mysql" }), database({ "span.db.namespace": "0", "span.server.address": "redis-1" })], p95: [] },
    { rate: [database({ "span.db.system": "mongodb" }), database({ "span.db.system": "nil" })], p95: [] },
    kNone, kNone,
    { rate: [from("cart", 1, { "span.server.address": "psp.example" }), from("cart", 1, { "span.server.address": "shop.svc.local" })], p95: [] },
  ]);
  deepEqual(edgesOf(graph), [
    "service shop > service cart", "client client > service shop", "service cart > database orders", "service cart > database redis-1",
    "service cart > database mongodb", "service cart > host psp.example",
  ]);
});

test("a call through a queue is drawn through it alone", () => {
  const graph = graphOf([
    { rate: [call("shop", "mail", 1), call("shop", "cart", 1)], p95: [] }, kNone, kNone, kNone,
    { rate: [from("shop", 1, { "span.messaging.destination.name": "orders" })], p95: [] },
    { rate: [from("mail", 1, { "span.messaging.destination.name": "orders" })], p95: [] },
  ]);
  deepEqual(edgesOf(graph), ["service shop > service cart", "service shop > queue orders", "queue orders > service mail"]);
});

const kChain = graphOf([{ rate: [call("a", "b", 100), call("b", "c", 10), call("c", "d", 1), call("x", "c", 50)], p95: [] }]);
const cut = (focus: string | undefined, depth: number, least: number | undefined) => {
  const graph = cutGraph(kChain, { focus, depth, least });
  return [edgesOf(graph).map((edge) => edge.replaceAll("service ", "")), graph.hiddenEdges];
};

test("a focus shows what leads to it and away from it, so many calls far", () => {
  deepEqual(cut("service c", 1, 0), [["b > c", "c > d", "x > c"], 0]);
  deepEqual(cut("service b", 1, 0), [["a > b", "b > c"], 0]);
  deepEqual(cut("service b", Infinity, 0), [["a > b", "b > c", "c > d"], 0]);
});

test("rare calls are left out and counted, those of the focus stay", () => {
  deepEqual(cut(undefined, Infinity, 0.05), [["a > b", "b > c", "x > c"], 1]);
  deepEqual(cut("service d", 2, 0.5), [["c > d", "x > c"], 1]);
  deepEqual(cut("service gone", 1, 0.2), [["a > b", "x > c"], 2]);
});

test("of very many calls only the frequent ones are drawn by themselves", () => {
  const many = graphOf([{ rate: Array.from({ length: 200 }, (_, at) => call(`s${at}`, `s${at + 1}`, at + 1)), p95: [] }]);
  const graph = cutGraph(many, { focus: undefined, depth: Infinity, least: undefined });
  equal(graph.edges.length + graph.hiddenEdges, 200);
  equal(graph.edges.length, 161);
});

test("a cycle is walked once", () => {
  const cycle = graphOf([{ rate: [call("a", "b", 1), call("b", "a", 1)], p95: [] }]);
  equal(cutGraph(cycle, { focus: "service a", depth: Infinity, least: 0 }).edges.length, 2);
});
