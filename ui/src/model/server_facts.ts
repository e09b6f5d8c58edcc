// SPDX-License-Identifier: Apache-2.0
// What the server tells of itself, and from that the ways to send it a span.

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

export interface SendingWay {
  readonly key: string;
  readonly title: string;
  readonly text: string;
}

interface Endpoints {
  readonly grpc: string;
  readonly http: string;
  readonly jaeger: string;
  /** Without the scheme. */
  readonly grpcHost: string;
  readonly isTls: boolean;
}

/** As a shell on this machine, or wherever `host` leads here, writes them. */
export function endpointsOf(facts: ServerFacts | undefined, host: string): Endpoints {
  const port = (protocol: string, usual: number): number => facts?.ports.find((each) => each.protocol === protocol)?.port ?? usual;
  const scheme = facts?.scheme ?? "http";
  const at = (number: number): string => `${scheme}://${host}:${number}`;
  const grpc = port("otlp_grpc", 4317);
  return {
    grpc: at(grpc), http: at(port("otlp_http", 4318)), jaeger: at(port("jaeger_thrift", 14268)), grpcHost: `${host}:${grpc}`, isTls: scheme === "https",
  };
}

/** One span by hand. The shell fills in the time. */
export function curlOf({ http }: Endpoints): string {
  return `curl -s ${http}/v1/traces -H 'content-type: application/json' -d '{
  "resourceSpans": [{
    "resource": {"attributes": [
      {"key": "service.name", "value": {"stringValue": "hello"}}]},
    "scopeSpans": [{"spans": [{
      "traceId": "5b8efff798038103d269b633813fc60c",
      "spanId": "eee19b7ec3c1b174",
      "name": "first span", "kind": 2,
      "startTimeUnixNano": "'$(date +%s)000000000'",
      "endTimeUnixNano":   "'$(date +%s)250000000'"}]}]}]}'`;
}

const kService = "export OTEL_SERVICE_NAME=checkout";

export function sendingWays({ grpc, http, jaeger, grpcHost, isTls }: Endpoints): readonly SendingWay[] {
  const variables = `export OTEL_EXPORTER_OTLP_ENDPOINT=${http}\nexport OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf\n${kService}`;
  return [
    { key: "sdk", title: "Any OpenTelemetry SDK", text: variables },
    { key: "java", title: "Java", text: `${variables}\njava -javaagent:opentelemetry-javaagent.jar -jar app.jar` },
    {
      key: "python", title: "Python",
      text: `pip install opentelemetry-distro opentelemetry-exporter-otlp\nopentelemetry-bootstrap -a install\n${variables}\nopentelemetry-instrument python app.py`,
    },
    {
      key: "node", title: "Node.js",
      text: `npm install @opentelemetry/auto-instrumentations-node\n${variables}\nNODE_OPTIONS="--require @opentelemetry/auto-instrumentations-node/register" node app.js`,
    },
    {
      key: "go", title: "Go",
      text: `exporter, err := otlptracegrpc.New(ctx,\n    otlptracegrpc.WithEndpoint("${grpcHost}")${isTls ? "" : ",\n    otlptracegrpc.WithInsecure()"})\nprovider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))\notel.SetTracerProvider(provider)`,
    },
    {
      key: "collector", title: "Collector",
      text: `exporters:\n  otlp:\n    endpoint: ${grpc}\n    tls: { insecure: ${!isTls} }\nservice:\n  pipelines:\n    traces: { receivers: [otlp], exporters: [otlp] }`,
    },
    { key: "jaeger", title: "Jaeger", text: `export JAEGER_ENDPOINT=${jaeger}/api/traces\nexport JAEGER_SERVICE_NAME=checkout` },
  ];
}
