// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { durationFromMillis, timeFromMillis } from "../base/time";
import { withArrived } from "./live_traces";
import type { TraceSummary } from "./trace";

const piece = (traceId: string, start: number, millis: number, name = ""): TraceSummary => ({
  traceId, service: name ? "shop" : "", name, start: timeFromMillis(start), duration: durationFromMillis(millis), spanCount: 2, errorCount: 1, serviceCount: 1,
  spansets: [],
});

test("what came last is on top, and the pieces of a trace are one row", () => {
  const first = withArrived([], [piece("a", 1000, 10), piece("b", 1000, 10, "GET")]);
  const [a, b] = withArrived(first, [piece("a", 900, 500, "PUT")]);
  deepEqual([a!.traceId, a!.name, a!.service, a!.spanCount, a!.errorCount], ["a", "PUT", "shop", 4, 2]);
  deepEqual([a!.start, a!.duration], [timeFromMillis(900), durationFromMillis(500)]);
  equal(b!.traceId, "b");
});

test("a later piece without the root keeps its name and may end later", () => {
  const [a] = withArrived([piece("a", 1000, 10, "PUT")], [piece("a", 1005, 100)]);
  deepEqual([a!.name, a!.duration], ["PUT", durationFromMillis(105)]);
});

test("there is an end to the rows", () => {
  const many = Array.from({ length: 250 }, (_, at) => piece(String(at), at, 1));
  equal(withArrived(many, [piece("new", 1, 1)]).length, 200);
});
