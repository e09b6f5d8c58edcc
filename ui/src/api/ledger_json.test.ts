// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { ledgerParts, rowsOfRest, shareText } from "../model/ledger";
import { usualKey } from "../model/usual";
import { decodeLedger } from "./ledger_json";

const kAnswer = {
  durationNanos: 1000,
  rows: [
    { service: "pay", operation: "charge", category: "callee", peer: "db", label: "pay charge, callee db", nanos: 700, share: 70, usualNanos: null, count: 1, dragNanos: 700, spans: ["a"] },
    { service: "ship", operation: "quote", category: "network", peer: "shop", label: "network shop → ship", nanos: 200, share: 20, usualNanos: 12, count: 2, dragNanos: 22,
      parallelWith: { spanId: "b", label: "loyalty points" }, spans: ["c"] },
    { service: "shop", operation: "tiny", category: "what", label: "shop tiny", nanos: 4, share: 0, spans: [] },
  ],
  rest: { rows: 3, nanos: 96, share: 10 },
  verdict: { text: "…", parts: [{ text: "1.00 µs", kind: "total", row: null, spanId: null }, { text: "70 % in pay", kind: "row", row: 0 }] },
  notes: [{ text: "note", row: null }, { text: "" }, { text: "There are more", parameter: "traces" }],
  skew: { servers: 2, corrected: false },
  usual: null,
};

test("a ledger is read as the server writes it, and what is not known stays unknown", () => {
  const ledger = decodeLedger(kAnswer);
  deepEqual(ledger.rows.map(({ category, usualNanos, parallelWith }) => [category, usualNanos, parallelWith]),
    [["callee", undefined, undefined], ["network", 12, "loyalty points"], ["self", undefined, undefined]]);
  deepEqual(ledger.verdict[1], { text: "70\u202f% in pay", kind: "row", row: 0, spanId: undefined });
  deepEqual(ledger.notes, ["note"]);
  equal(ledger.usual, undefined);
  equal(ledger.skewedServers, 2);
});

test("the parts of the bar are the largest rows and the rest, and all of the trace", () => {
  const parts = ledgerParts(decodeLedger(kAnswer), 6);
  deepEqual(parts.map(({ label, x, width, share }) => [label, x, width, share]),
    [["pay charge, callee db", 0, 70, 70], ["network shop → ship", 70, 20, 20], ["rest, 4 rows", 90, 10, 10]]);
  deepEqual(ledgerParts(decodeLedger(kAnswer), 1).map(({ label }) => label), ["pay charge, callee db", "rest, 5 rows"]);
  deepEqual([shareText(0), shareText(7)], ["under 1\u202f%", "7\u202f%"]);
});

test("the rest of the verdict is the rows that it does not name", () => {
  deepEqual(rowsOfRest(decodeLedger(kAnswer)).map(({ label }) => label), ["network shop → ship", "shop tiny"]);
});

test("what is usual is read with its spans, and the rest of the usual trace is the rest's", () => {
  const spans = [{ service: "pay", operation: "charge", kind: 3, count: 12, medianNanos: 9, p95Nanos: 11, zeroCount: 0, buckets: [100, 10, 130, 2] }];
  const rows = kAnswer.rows.map((row, index) => ({ ...row, usualNanos: [40, 12, 0][index], usual: { slowerThan: 99.5 } }));
  const ledger = decodeLedger({ ...kAnswer, rows, usual: { nanos: 90, traces: 12, slowerThan: 100, reference: { text: "shop GET" }, spans } });
  equal(ledger.usual?.nanos, 90);
  equal(ledger.usual?.reference, "shop GET");
  equal(ledger.rows[0]?.slowerThan, 99.5);
  deepEqual(ledger.usual?.spans.get(usualKey(3, "pay", "charge"))?.buckets, [[100, 10], [130, 2]]);
  deepEqual(ledgerParts(ledger, 6).map(({ usualNanos }) => usualNanos), [40, 12, 38]);
});
