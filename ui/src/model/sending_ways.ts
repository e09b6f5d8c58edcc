// SPDX-License-Identifier: Apache-2.0
// The ways to send a span here, as text to copy: by hand, from each language, from what sends elsewhere so far.
// OpenTelemetry's own variables are used wherever a language reads them, so that code says no address.
import type { ServerFacts } from "./server_facts";

export interface SendingWay {
  readonly key: string;
  readonly title: string;
  /** Whose port it sends to. */
  readonly protocol: string;
  readonly text: string;
}

interface Endpoints {
  readonly grpc: string;
  readonly http: string;
  readonly jaeger: string;
  readonly zipkin: string;
  /** Without the scheme. */
  readonly grpcHost: string;
  readonly isTls: boolean;
  /** Whose spans they are, where that has to be said. */
  readonly tenant: string | undefined;
}

const kTenantHeader = "X-Scope-OrgID";

/** As a shell on this machine, or wherever `host` leads here, writes them. */
export function endpointsOf(facts: ServerFacts | undefined, host: string, tenant?: string): Endpoints {
  const port = (protocol: string, usual: number): number => facts?.ports.find((each) => each.protocol === protocol)?.port ?? usual;
  const scheme = facts?.scheme ?? "http";
  const at = (number: number): string => `${scheme}://${host}:${number}`;
  const grpc = port("otlp_grpc", 4317);
  return {
    grpc: at(grpc), http: at(port("otlp_http", 4318)), jaeger: at(port("jaeger_thrift", 14268)), zipkin: at(port("zipkin", 9411)),
    grpcHost: `${host}:${grpc}`, isTls: scheme === "https", tenant,
  };
}

/** One span by hand. The shell fills in the time. */
export function curlOf({ http, tenant }: Endpoints): string {
  const header = tenant === undefined ? "" : `  -H ${shellQuoted(`${kTenantHeader}: ${tenant}`)} \\\n`;
  return `curl -s ${http}/v1/traces \\
${header}  -H 'content-type: application/json' -d '{
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

export function sendingWays(to: Endpoints): readonly SendingWay[] {
  const headers = to.tenant === undefined ? "" : `\nexport OTEL_EXPORTER_OTLP_HEADERS=${shellQuoted(`${kTenantHeader}=${encodeURIComponent(to.tenant)}`)}`;
  const variables = `export OTEL_EXPORTER_OTLP_ENDPOINT=${to.http}${headers}\nexport OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf\nexport OTEL_SERVICE_NAME=checkout`;
  return [
    { key: "sdk", title: "Any OpenTelemetry SDK", protocol: "otlp_http", text: variables },
    { key: "java", title: "Java", protocol: "otlp_http", text: `${variables}\njava -javaagent:opentelemetry-javaagent.jar -jar app.jar` },
    {
      key: "python", title: "Python", protocol: "otlp_http",
      text: `pip install opentelemetry-distro opentelemetry-exporter-otlp\nopentelemetry-bootstrap -a install\n${variables}\nopentelemetry-instrument python app.py`,
    },
    {
      key: "node", title: "Node.js", protocol: "otlp_http",
      text: `npm install @opentelemetry/auto-instrumentations-node\n${variables}\nNODE_OPTIONS="--require @opentelemetry/auto-instrumentations-node/register" node app.js`,
    },
    { key: "go", title: "Go", protocol: "otlp_grpc", text: goText(to) },
    { key: "cpp", title: "C++", protocol: "otlp_http", text: cppText(to) },
    { key: "dotnet", title: ".NET", protocol: "otlp_http", text: `${kDotnetPackages}\n${variables}\n\n${kDotnetCode}` },
    { key: "ruby", title: "Ruby", protocol: "otlp_http", text: `gem install opentelemetry-sdk opentelemetry-exporter-otlp opentelemetry-instrumentation-all\n${variables}\n\n${kRubyCode}` },
    { key: "php", title: "PHP", protocol: "otlp_http", text: `${kPhpPackages}\nexport OTEL_PHP_AUTOLOAD_ENABLED=true\n${variables}\nphp -d extension=opentelemetry -S 127.0.0.1:8080 app.php` },
    { key: "rust", title: "Rust", protocol: "otlp_http", text: `cargo add opentelemetry opentelemetry_sdk opentelemetry-otlp\n${variables}\n\n${kRustCode}` },
    { key: "collector", title: "Collector", protocol: "otlp_grpc", text: collectorText(to) },
    { key: "jaeger", title: "Jaeger", protocol: "jaeger_thrift", text: `${namesNone(to)}export JAEGER_ENDPOINT=${to.jaeger}/api/traces\nexport JAEGER_SERVICE_NAME=checkout` },
    { key: "zipkin", title: "Zipkin", protocol: "zipkin", text: zipkinText(to) },
  ];
}

/** One word of a shell, whatever is in it. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Said of clients that send no header of their user's. */
function namesNone({ tenant }: Endpoints): string {
  return tenant === undefined ? "" : `# This client names no tenant. A Collector between it and here does.\n`;
}

function goText({ grpcHost, isTls, tenant }: Endpoints): string {
  const options = [
    `WithEndpoint("${grpcHost}")`,
    ...(isTls ? [] : ["WithInsecure()"]),
    ...(tenant === undefined ? [] : [`WithHeaders(map[string]string{"${kTenantHeader}": ${JSON.stringify(tenant)}})`]),
  ];
  return `exporter, err := otlptracegrpc.New(ctx,
    ${options.map((option) => `otlptracegrpc.${option}`).join(",\n    ")})
provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))
otel.SetTracerProvider(provider)`;
}

/** Compiles with opentelemetry-cpp and with libs/sdk. */
function cppText({ http, tenant }: Endpoints): string {
  const header = tenant === undefined ? "" : `\noptions.http_headers.emplace("${kTenantHeader}", ${JSON.stringify(tenant)});`;
  return `// opentelemetry-cpp, or libs/sdk, which has its names
#include "opentelemetry/exporters/otlp/otlp_http_exporter_factory.h"
#include "opentelemetry/sdk/trace/batch_span_processor_factory.h"
#include "opentelemetry/sdk/trace/tracer_provider_factory.h"
#include "opentelemetry/trace/provider.h"

namespace otlp = opentelemetry::exporter::otlp;
namespace sdk = opentelemetry::sdk::trace;

otlp::OtlpHttpExporterOptions options;
options.url = "${http}/v1/traces";${header}
auto processor = sdk::BatchSpanProcessorFactory::Create(
    otlp::OtlpHttpExporterFactory::Create(options), {});
std::shared_ptr<opentelemetry::trace::TracerProvider> provider =
    sdk::TracerProviderFactory::Create(std::move(processor));
opentelemetry::trace::Provider::SetTracerProvider(provider);`;
}

const kDotnetPackages = `dotnet add package OpenTelemetry.Extensions.Hosting
dotnet add package OpenTelemetry.Instrumentation.AspNetCore
dotnet add package OpenTelemetry.Exporter.OpenTelemetryProtocol`;

const kDotnetCode = `// Program.cs
using OpenTelemetry.Trace;

builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing
    .AddAspNetCoreInstrumentation()
    .AddOtlpExporter());`;

const kRubyCode = `# before the application
require "opentelemetry/sdk"
require "opentelemetry-exporter-otlp"
require "opentelemetry/instrumentation/all"
OpenTelemetry::SDK.configure(&:use_all)`;

const kPhpPackages = `pecl install opentelemetry
# and the instrumentation of your framework, here Slim
composer require open-telemetry/sdk open-telemetry/exporter-otlp php-http/guzzle7-adapter \\
    open-telemetry/opentelemetry-auto-slim`;

const kRustCode = `// main.rs
let exporter = opentelemetry_otlp::SpanExporter::builder().with_http().build()?;
let provider = opentelemetry_sdk::trace::SdkTracerProvider::builder()
    .with_batch_exporter(exporter)
    .build();
opentelemetry::global::set_tracer_provider(provider.clone());
// and before the end
provider.shutdown()?;`;

function collectorText({ grpc, isTls, tenant }: Endpoints): string {
  const header = tenant === undefined ? "" : `\n    headers: { "${kTenantHeader}": ${JSON.stringify(tenant)} }`;
  return `exporters:
  otlp:
    endpoint: ${grpc}
    tls: { insecure: ${!isTls} }${header}
service:
  pipelines:
    traces: { receivers: [otlp], exporters: [otlp] }`;
}

function zipkinText(to: Endpoints): string {
  const endpoint = `${to.zipkin}/api/v2/spans`;
  return `${namesNone(to)}# An OpenTelemetry SDK with Zipkin's exporter
export OTEL_TRACES_EXPORTER=zipkin
export OTEL_EXPORTER_ZIPKIN_ENDPOINT=${endpoint}

# Spring Boot 3
export MANAGEMENT_ZIPKIN_TRACING_ENDPOINT=${endpoint}

// Brave
var sender = URLConnectionSender.create("${endpoint}");

// zipkin-js
const logger = new HttpLogger({ endpoint: "${endpoint}", jsonEncoder: jsonEncoder.JSON_V2 });`;
}
