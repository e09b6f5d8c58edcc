// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { decodeSearches, decodeServerFacts } from "./server_api";
import { listenedPorts } from "../model/server_facts";

const kFacts = decodeServerFacts({
  version: "1", dataDirectory: "./clew-data", scheme: "https",
  ports: [{ protocol: "ui", port: 3000 }, { protocol: "otlp_http", port: 5318 }, { protocol: "smoke", port: 1 }],
  received: { requests: 2, refusedRequests: 1, spans: 7 },
});

test("ports are told in the order people look for them, by what they speak", () => {
  deepEqual(listenedPorts(kFacts), [{ port: 5318, speaks: "OTLP HTTP, protobuf and JSON" }, { port: 3000, speaks: "This page" }]);
  deepEqual([kFacts.spans, kFacts.refusedRequests, kFacts.rejectedSpans], [7, 1, 0]);
});

test("a search without an order is the slowest first", () => {
  deepEqual(decodeSearches({ searches: [{ name: "a", query: "{ }", order: "newest" }, { name: "b" }] }),
    [{ name: "a", query: "{ }", order: "newest" }, { name: "b", query: "", order: "slowest" }]);
  deepEqual(decodeSearches(null), []);
});
