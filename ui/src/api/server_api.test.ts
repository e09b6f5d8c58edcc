// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { decodeSearches, decodeServerFacts } from "./server_api";
import { listenedPorts, receivedBy, receivedWords } from "../model/server_facts";

const kFacts = decodeServerFacts({
  version: "1", dataDirectory: "./clew-data", scheme: "https",
  ports: [{ protocol: "ui", port: 3000 }, { protocol: "otlp_http", port: 5318 }, { protocol: "smoke", port: 1 }],
  received: {
    requests: 2, refusedRequests: 1, spans: 7,
    receivers: [
      { receiver: "otlp_http", requests: 0, refusedRequests: 0, spans: 0 },
      { receiver: "zipkin_http", requests: 3, refusedRequests: 1, spans: 6 }, { receiver: "zipkin_grpc", requests: 1, refusedRequests: 0, spans: 1 },
    ],
  },
});

test("ports are told in the order people look for them, by what they speak", () => {
  deepEqual(listenedPorts(kFacts),
    [{ protocol: "otlp_http", port: 5318, speaks: "OTLP HTTP, protobuf and JSON" }, { protocol: "ui", port: 3000, speaks: "This page" }]);
  deepEqual([kFacts.spans, kFacts.refusedRequests, kFacts.rejectedSpans], [7, 1, 0]);
});

test("why the last was refused is told where the server says it", () => {
  deepEqual(kFacts.lastRefusal, "");
  deepEqual(decodeServerFacts({ received: { refusedRequests: 1, lastRefusal: "JSON: unexpected end" } }).lastRefusal, "JSON: unexpected end");
});

test("what came is told by the port that it came to", () => {
  deepEqual(receivedBy(kFacts, "zipkin"), { receiver: "zipkin", requests: 4, refusedRequests: 1, spans: 7 });
  deepEqual(receivedBy(kFacts, "ui"), undefined);
  const words = (requests: number, refusedRequests: number, spans: number) => receivedWords({ receiver: "", requests, refusedRequests, spans });
  deepEqual([words(0, 0, 0), words(4, 1, 7), words(1, 1, 0), words(2, 0, 0), words(1, 0, 1)],
    ["", "7 spans, 1 refused", "1 refused", "2 without spans", "1 span"]);
});

test("a search without an order is the slowest first", () => {
  deepEqual(decodeSearches({ searches: [{ name: "a", query: "{ }", order: "newest" }, { name: "b" }] }),
    [{ name: "a", query: "{ }", order: "newest" }, { name: "b", query: "", order: "slowest" }]);
  deepEqual(decodeSearches(null), []);
});
