// SPDX-License-Identifier: Apache-2.0
// What the server tells of itself.
import { formatCount, plural } from "../base/format";

export interface ServerFacts {
  readonly version: string;
  readonly dataDirectory: string;
  readonly scheme: string;
  readonly ports: readonly { readonly protocol: string; readonly port: number }[];
  readonly requests: number;
  readonly refusedRequests: number;
  readonly spans: number;
  readonly rejectedSpans: number;
  /** Why the last request, or the last spans of one, were refused, as their sender was told; "" when the server does not say. */
  readonly lastRefusal: string;
  readonly receivers: readonly Received[];
}

/** What came by a receiver. */
export interface Received {
  readonly receiver: string;
  readonly requests: number;
  readonly refusedRequests: number;
  readonly spans: number;
}

export interface ListenedPort {
  readonly protocol: string;
  readonly port: number;
  readonly speaks: string;
}

const kProtocols: readonly (readonly [protocol: string, speaks: string])[] = [
  ["otlp_grpc", "OTLP gRPC"],
  ["otlp_http", "OTLP HTTP, protobuf and JSON"],
  ["jaeger_thrift", "Jaeger thrift over HTTP"],
  ["jaeger_grpc", "Jaeger over gRPC"],
  ["jaeger_sampling", "Sampling strategies for Jaeger's clients"],
  ["jaeger_compact", "Jaeger thrift by UDP, compact"],
  ["jaeger_binary", "Jaeger thrift by UDP, binary"],
  ["zipkin", "Zipkin, version 1 and 2"],
  ["api", "Tempo API, this page"],
  ["ui", "This page"],
];

/** In the order in which people look for them; what is not known here is left out. */
export function listenedPorts({ ports }: ServerFacts): readonly ListenedPort[] {
  return kProtocols.flatMap(([protocol, speaks]) => ports.filter((each) => each.protocol === protocol).map(({ port }) => ({ protocol, port, speaks })));
}

const kZipkin = ["zipkin_http", "zipkin_grpc"];

/** What came to the port of a protocol; undefined where nothing is sent to. */
export function receivedBy({ receivers }: ServerFacts, protocol: string): Received | undefined {
  const names = protocol === "zipkin" ? kZipkin : [protocol];
  const all = receivers.filter(({ receiver }) => names.includes(receiver));
  if (all.length === 0) return undefined;
  const sum = (count: (one: Received) => number): number => all.reduce((total, one) => total + count(one), 0);
  return { receiver: protocol, requests: sum(({ requests }) => requests), refusedRequests: sum((one) => one.refusedRequests), spans: sum(({ spans }) => spans) };
}

/** "7 spans, 1 refused", which is a request; "" while nothing came. */
export function receivedWords({ requests, refusedRequests, spans }: Received): string {
  const without = requests - refusedRequests;
  const taken = spans > 0 ? `${formatCount(spans)} ${plural(spans, "span")}` : without > 0 ? `${formatCount(without)} without spans` : "";
  return [taken, refusedRequests > 0 ? `${formatCount(refusedRequests)} refused` : ""].filter(Boolean).join(", ");
}
