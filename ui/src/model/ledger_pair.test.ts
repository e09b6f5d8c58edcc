// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import type { Ledger, LedgerRow } from "./ledger";
import { growthPhrases, pairedParts, shownParts } from "./ledger_pair";

function ledger(parts: Readonly<Record<string, number>>, rest = 0): Ledger {
  const rows = Object.entries(parts).map(([service, nanos]): LedgerRow => ({
    service, operation: "work", category: "self", peer: "", value: "", label: `${service} work`, nanos, share: 0, usualNanos: undefined, slowerThan: undefined,
    count: 1, dragNanos: 0, ambiguousNanos: 0, parallelWith: undefined, spans: [`span of ${service}`],
  }));
  const durationNanos = rows.reduce((sum, { nanos }) => sum + nanos, rest);
  return { durationNanos, rows, rest: { rows: rest > 0 ? 1 : 0, nanos: rest, share: 0 }, verdict: [], notes: [], usual: undefined, skewedServers: 0 };
}

const kA = ledger({ pay: 740, net: 140, cart: 30 }, 10);
const kB = ledger({ cart: 31, net: 25, pay: 15, tax: 8 });

test("parts are paired by what they are, the largest of either first", () => {
  const parts = pairedParts(kA, kB);
  deepEqual(parts.map(({ service, a, b }) => [service, a, b]), [["pay", 740, 15], ["net", 140, 25], ["cart", 30, 31], ["tax", 0, 8]]);
  deepEqual(parts.map(({ spanOfA, spanOfB }) => [spanOfA, spanOfB])[3], ["", "span of tax"]);
});

test("the parts that are shown add up to both traces", () => {
  deepEqual(shownParts(pairedParts(kA, kB), kA, kB, 2).map(({ label, a, b }) => [label, a, b]),
    [["pay work", 740, 15], ["net work", 140, 25], ["rest", 40, 39]]);
});

test("the phrases add up to the difference", () => {
  const phrases = growthPhrases(pairedParts(kA, kB), kA.durationNanos - kB.durationNanos);
  deepEqual(phrases.map(({ part, nanos }) => [part?.service, nanos]), [["pay", 725], ["net", 115], [undefined, 1]]);
  deepEqual(phrases.map(({ largest }) => largest?.service), ["pay", "net", "tax"]);
  deepEqual(growthPhrases(pairedParts(kA, kA), 0), []);
  deepEqual(growthPhrases(pairedParts(kB, kA), -841).map(({ nanos }) => nanos), [-725, -115, -1]);
});
