// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { decodeSearch } from "./search_json";
import { decodeTrace, decodeTraceAnswer, hexOf } from "./trace_json";

const kTrace = {
  batches: [
    {
      resource: {
        attributes: [
          { key: "service.name", value: { stringValue: "uservice3" } },
          { key: "process.pid", value: { intValue: "9007199254740993" } },
          { key: "process.command_args", value: { arrayValue: { values: [{ stringValue: "./uservice" }] } } },
        ],
      },
      scopeSpans: [
        {
          scope: { name: "uservice3" },
          spans: [
            {
              traceId: "AAAAAAAAAAB0VADyBBgUIg==",
              spanId: "AAAAAAAAAAM=",
              parentSpanId: "AAAAAAAAAAI=",
              name: "handle_incoming_call",
              kind: "SPAN_KIND_SERVER",
              startTimeUnixNano: "1763905361155000001",
              endTimeUnixNano: "1763905362395000001",
              events: [{ timeUnixNano: "1763905361155000002", name: "Request decoded!", attributes: [{ key: "happened", value: { boolValue: true } }] }],
              links: [{ traceId: "AAAAAAAAAAB0VADyBBgUIg==", spanId: "AAAAAAAAAAE=" }],
              status: { code: "STATUS_CODE_ERROR", message: "no error" },
            },
          ],
        },
      ],
    },
  ],
};

test("a span is decoded with its resource, event, link and status", () => {
  const [span] = decodeTrace(kTrace);
  deepEqual([span?.spanId, span?.parentId, span?.kind, span?.status, span?.statusMessage], ["0000000000000003", "0000000000000002", "server", "error", "no error"]);
  equal<unknown>(span?.start, 1763905361155000001n);
  equal(span?.resource.service, "uservice3");
  deepEqual(span?.resource.attributes.slice(1).map(({ value }) => value), [9007199254740993n, { list: ["./uservice"] }]);
  deepEqual(span?.events[0]?.attributes, [{ key: "happened", value: true }]);
  equal(span?.links[0]?.traceId, "0000000000000000745400f204181422");
});

test("fields of value zero may be absent", () => {
  const [span] = decodeTrace({ batches: [{ scopeSpans: [{ spans: [{}] }] }] });
  deepEqual([span?.name, span?.kind, span?.status, span?.parentId, span?.start], ["", "unspecified", "unset", "", 0n as never]);
  equal(span?.resource.service, "unknown_service");
});

test("an answer of another shape is an empty trace", () => {
  deepEqual([null, [], "text", { batches: 5 }, { batches: [null] }].map((json) => decodeTrace(json).length), [0, 0, 0, 0, 0]);
});

test("the message of an answer is read, and absent where there is none", () => {
  const trace = { resourceSpans: kTrace.batches };
  const folded = decodeTraceAnswer({ trace, message: "1 equal copy of a span is folded" });
  deepEqual([folded.spans.length, folded.message], [1, "1 equal copy of a span is folded"]);
  equal(decodeTraceAnswer({ trace }).message, "");
  deepEqual(decodeTraceAnswer({ trace: {}, metrics: {} }), { spans: [], message: "" });
});

test("the envelope of the second version is read too", () => {
  equal(decodeTrace({ trace: { resourceSpans: kTrace.batches } }).length, 1);
});

test("ids come in base64 or hex, and zeros are none", () => {
  deepEqual(["AAAAAAAAAAM=", "0000000000000003", "AAAAAAAAAAA=", "?", 5].map(hexOf), ["0000000000000003", "0000000000000003", "", "", ""]);
});

test("values nested deeper than the limit end there", () => {
  let value: unknown = { stringValue: "deep" };
  for (let i = 0; i < 1000; ++i) value = { arrayValue: { values: [value] } };
  equal(decodeTrace({ batches: [{ resource: { attributes: [{ key: "k", value }] }, scopeSpans: [{ spans: [{}] }] }] }).length, 1);
});

test("a search result sums its services", () => {
  const answer = decodeSearch({
    traces: [
      {
        traceID: "745400f204181422",
        rootServiceName: "traefik",
        rootTraceName: "EntryPoint",
        startTimeUnixNano: "5",
        durationMs: 1240,
        serviceStats: { traefik: { spanCount: 2 }, uservice3: { spanCount: 3, errorCount: 1 }, uservice4: { spanCount: 2 } },
      },
    ],
    metrics: { inspectedBytes: "310" },
  });
  const [trace] = answer.traces;
  equal(answer.bytesRead, 310);
  deepEqual([trace?.spanCount, trace?.errorCount, trace?.serviceCount, trace?.duration], [7, 1, 3, 1_240_000_000n as never]);
  deepEqual(decodeSearch({ metrics: {} }), { traces: [], bytesRead: 0 });
});
