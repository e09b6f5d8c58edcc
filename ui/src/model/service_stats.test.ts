// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import type { InstantSeries } from "./metrics";
import { changeOf, operationQueries, sortedStats, statsOf, withBefore, withLines, worstService } from "./service_stats";

const one = (name: string, value: number, p?: number): InstantSeries => ({
  labels: [{ key: "resource.service.name", value: name }, ...(p === undefined ? [] : [{ key: "p", value: p }])], value,
});
const kStats = statsOf({
  rate: [one("cart", 2), one("shop", 0.5), one("idle", 0)],
  errors: [one("shop", 0.1)],
  lengths: [one("cart", 0.1, 0.5), one("cart", 0.3, 0.95), one("cart", 0.4, 0.99), one("shop", 0.9, 0.95)],
});

test("a service has its rate, its share of errors and its quantiles", () => {
  deepEqual(kStats.map(({ name }) => name), ["cart", "shop"]);
  const [cart, shop] = kStats;
  deepEqual([cart!.rate, cart!.errorShare, cart!.p50, cart!.p95, cart!.p99], [2, 0, 0.1, 0.3, 0.4]);
  deepEqual([shop!.errorShare, shop!.p50], [0.2, NaN]);
});

test("rows are sorted by any column, what has no value last", () => {
  const names = (key: Parameters<typeof sortedStats>[1]) => sortedStats(kStats, key).map(({ name }) => name);
  deepEqual([names("p95"), names("rate"), names("p50"), names("name"), names("change")],
    [["shop", "cart"], ["cart", "shop"], ["cart", "shop"], ["cart", "shop"], ["cart", "shop"]]);
});

test("of many services the slowest that calls or is called is where one begins", () => {
  const names = Array.from({ length: 301 }, (_, at) => `s${at}`);
  const stats = statsOf({ rate: names.map((name) => one(name, 1)), errors: [], lengths: names.map((name, at) => one(name, at % 300, 0.95)) });
  equal(worstService(stats, names.map((name) => ({ id: `service ${name}` }))), "service s299");
  equal(worstService(stats, names.slice(0, 299).map((name) => ({ id: `service ${name}` }))), "service s298");
  equal(worstService(stats, [{ id: "database ledger" }]), undefined);
});

test("a line breaks where nothing came, and growth is told against the time before", () => {
  const answer = { times: [1, 2, 3], message: "", series: [{ ...one("cart", 0), values: [0.1, 0, NaN], exemplars: [] }] };
  const [cart, shop] = withBefore(withLines(kStats, answer), [one("cart", 0.2, 0.95)]);
  deepEqual([cart!.line, shop!.line], [[0.1, NaN, NaN], []]);
  equal(Math.round(changeOf(cart!) * 100), 50);
  equal(changeOf(shop!), NaN);
});

test("the operations of a service are asked for by its name, whatever that is", () => {
  equal(operationQueries('a"b').rate, '{ resource.service.name = "a\\"b" } | rate() by (name)');
});
