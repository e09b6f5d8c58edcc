// Sends spans with the OpenTelemetry JS SDK, as any user of it would.
// Usage: otel_js_client.mjs grpc|http|json|zipkin ENDPOINT COUNT; prints the trace ids, one a line.
import { SpanKind, SpanStatusCode, trace, context } from '@opentelemetry/api';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as HttpExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { ZipkinExporter } from '@opentelemetry/exporter-zipkin';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const [protocol, endpoint, count] = process.argv.slice(2);
const exporters = { grpc: GrpcExporter, http: HttpExporter, json: JsonExporter, zipkin: ZipkinExporter };
const exporter = new exporters[protocol]({ url: endpoint });
const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': `js-${protocol}`, 'os.type': 'linux' }),
  spanProcessors: [new BatchSpanProcessor(exporter)],
});
const tracer = provider.getTracer('otel-js-client', '1.0');

for (let i = 0; i < Number(count); ++i) {
  const root = tracer.startSpan('request', { kind: SpanKind.SERVER, attributes: { 'request.number': i } });
  const child = tracer.startSpan(
    'work',
    { attributes: { ratio: 0.5, ok: true, parts: ['a', 'b'] } },
    trace.setSpan(context.active(), root),
  );
  child.addEvent('halfway', { 'event.number': i });
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'as planned' });
  child.end();
  root.end();
  console.log(root.spanContext().traceId);
}
await provider.forceFlush();
await provider.shutdown();
