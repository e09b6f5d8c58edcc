// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import type { LedgerCategory, LedgerRow } from "./ledger";
import { waitParts } from "./service_waits";

const row = (service: string, operation: string, category: LedgerCategory, peer: string, nanos: number): LedgerRow => ({
  service, operation, category, peer, nanos, value: "", label: operation, share: 0, usualNanos: undefined, slowerThan: undefined, count: 1,
  dragNanos: nanos, ambiguousNanos: 0, parallelWith: undefined, spans: [],
});

const kRows = [
  row("pay", "SELECT a", "callee", "ledger-db", 400), row("pay", "Charge", "self", "", 200), row("pay", "SELECT b", "callee", "ledger-db", 100),
  row("fraud", "Check", "self", "", 150), row("fraud", "Check", "network", "pay", 50), row("mail", "send", "wait", "", 20), row("pay", "POST", "callee", "", 80),
];

test("the time of a call is by who has it, and adds up", () => {
  const parts = waitParts("pay", { rows: kRows, rest: { rows: 0, nanos: 0, share: 0 } }, 2, 5);
  deepEqual(parts.map(({ label, nanos, share }) => [label, nanos, share]), [
    ["ledger-db", 250, 50], ["pay itself", 100, 20], ["fraud", 75, 15], ["callees of pay that send no spans", 40, 8], ["network pay → fraud", 25, 5],
    ["in queues", 10, 2],
  ]);
  equal(parts.reduce((sum, { share }) => sum + share, 0), 100);
  deepEqual(parts.map(({ service }) => service), ["pay", "pay", "fraud", "pay", "fraud", ""]);
});

test("what finds no room is one part with the rest", () => {
  const parts = waitParts("pay", { rows: kRows, rest: { rows: 3, nanos: 1000, share: 50 } }, 1, 3);
  deepEqual(parts.map(({ label, nanos, share }) => [label, nanos, share]), [
    ["ledger-db", 500, 25], ["pay itself", 200, 10], ["fraud", 150, 8], ["rest, 6 more", 1150, 57],
  ]);
});

test("no calls have no parts", () => {
  deepEqual(waitParts("pay", { rows: [], rest: { rows: 0, nanos: 0, share: 0 } }, 0, 5), []);
});
