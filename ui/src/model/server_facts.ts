// SPDX-License-Identifier: Apache-2.0
// What the server tells of itself.

export interface ServerFacts {
  readonly version: string;
  readonly dataDirectory: string;
  readonly scheme: string;
  readonly ports: readonly { readonly protocol: string; readonly port: number }[];
  readonly requests: number;
  readonly refusedRequests: number;
  readonly spans: number;
  readonly rejectedSpans: number;
}

export interface ListenedPort {
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
  return kProtocols.flatMap(([protocol, speaks]) => ports.filter((each) => each.protocol === protocol).map(({ port }) => ({ port, speaks })));
}
