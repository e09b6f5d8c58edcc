// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { test } from "node:test";
import { curlOf, endpointsOf, sendingWays } from "./sending_ways";

const kFacts = {
  version: "1", dataDirectory: "./clew-data", scheme: "https",
  ports: [{ protocol: "otlp_http", port: 5318 }, { protocol: "otlp_grpc", port: 5317 }, { protocol: "zipkin", port: 5411 }, { protocol: "jaeger_thrift", port: 5268 }],
  requests: 0, refusedRequests: 0, spans: 0, rejectedSpans: 0, lastRefusal: "", receivers: [],
};
const kKnown = endpointsOf(kFacts, "traces.example");
const textOf = (wanted: string): string => sendingWays(kKnown).find(({ key }) => key === wanted)!.text;

test("there is a way for each language and for what sends elsewhere so far", () => {
  deepEqual(sendingWays(kKnown).map(({ title }) => title),
    ["Any OpenTelemetry SDK", "Java", "Python", "Node.js", "Go", "C++", ".NET", "Ruby", "PHP", "Rust", "Collector", "Jaeger", "Zipkin"]);
});

test("each leads to where the server listens for what it speaks", () => {
  match(curlOf(kKnown), /^curl -s https:\/\/traces\.example:5318\/v1\/traces /);
  for (const key of ["sdk", "java", "python", "node", "dotnet", "ruby", "php", "rust"]) {
    // Without a path, which the SDK adds, and with the protocol of that port.
    match(textOf(key), /^export OTEL_EXPORTER_OTLP_ENDPOINT=https:\/\/traces\.example:5318$/m, key);
    match(textOf(key), /^export OTEL_EXPORTER_OTLP_PROTOCOL=http\/protobuf$/m, key);
  }
  match(textOf("cpp"), /options\.url = "https:\/\/traces\.example:5318\/v1\/traces";/);
  match(textOf("collector"), /endpoint: https:\/\/traces\.example:5317\n {4}tls: { insecure: false }/);
  match(textOf("jaeger"), /https:\/\/traces\.example:5268\/api\/traces/);
  equal(textOf("zipkin").match(/https:\/\/traces\.example:5411\/api\/v2\/spans/g)?.length, 4);
});

test("each is named for the port that it sends to", () => {
  for (const { key, protocol, text } of sendingWays(kKnown)) {
    const { port } = kFacts.ports.find((each) => each.protocol === protocol)!;
    match(text, new RegExp(`:${port}\\b`), key);
  }
});

test("without encryption Go and the collector are told so", () => {
  ok(!textOf("go").includes("WithInsecure"));
  const plain = sendingWays(endpointsOf({ ...kFacts, scheme: "http" }, "localhost"));
  match(plain.find(({ key }) => key === "go")!.text, /WithInsecure/);
  match(plain.find(({ key }) => key === "collector")!.text, /insecure: true/);
});

test("the usual ports are named while the server's are not known", () => {
  for (const { text } of sendingWays(endpointsOf(undefined, "localhost"))) match(text, /localhost:(4317|4318|14268|9411)\b/);
});

test("where a tenant is chosen it is told whose spans they are", () => {
  const known = endpointsOf(kFacts, "traces.example", "it's");
  match(curlOf(known), /^curl -s \S+ \\\n {2}-H 'X-Scope-OrgID: it'\\''s' \\\n {2}-H 'content-type: application\/json' /);
  ok(!curlOf(kKnown).includes("X-Scope-OrgID"));
  for (const key of ["sdk", "java", "python", "node", "dotnet", "ruby", "php", "rust"]) {
    match(sendingWays(known).find((way) => way.key === key)!.text, /^export OTEL_EXPORTER_OTLP_HEADERS='X-Scope-OrgID=it'\\''s'$/m, key);
    ok(!textOf(key).includes("OTEL_EXPORTER_OTLP_HEADERS"), key);
  }
  for (const [key, wanted] of [
    ["go", `otlptracegrpc.WithHeaders(map[string]string{"X-Scope-OrgID": "it's"})`],
    ["cpp", `options.http_headers.emplace("X-Scope-OrgID", "it's");`],
    ["collector", `headers: { "X-Scope-OrgID": "it's" }`],
    ["jaeger", "This client names no tenant."],
    ["zipkin", "This client names no tenant."],
  ] as const) {
    ok(sendingWays(known).find((way) => way.key === key)!.text.includes(wanted), key);
    ok(!textOf(key).includes(wanted), key);
  }
});
