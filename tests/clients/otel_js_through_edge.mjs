// Calls itself through the edge with Jaeger's propagation of OpenTelemetry JS: a caller, whose spans
// go on in the edge, and a server behind it, whose spans go on from there.
// Usage: otel_js_through_edge.mjs ENDPOINT COUNT; prints the port it serves on, reads that of the edge
// from its input, and prints the trace ids, one a line. ENDPOINT takes OTLP over HTTP.
import http from 'node:http';
import readline from 'node:readline/promises';
import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { JaegerPropagator } from '@opentelemetry/propagator-jaeger';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const [endpoint, count] = process.argv.slice(2);
const propagator = new JaegerPropagator();
const headerSetter = { set: (headers, name, value) => void (headers[name] = value) };
const headerGetter = { get: (headers, name) => headers[name], keys: (headers) => Object.keys(headers) };

const providerOf = (service) =>
  new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: endpoint }))],
  });
const callers = providerOf('js-caller');
const servers = providerOf('js-server');

const server = http.createServer((request, response) => {
  const parent = propagator.extract(ROOT_CONTEXT, request.headers, headerGetter);
  const span = servers.getTracer('server').startSpan('serve', { kind: SpanKind.SERVER }, parent);
  span.end();
  response.end('served');
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
console.log(server.address().port);
const input = readline.createInterface({ input: process.stdin });
const edgePort = await new Promise((resolve) => input.once('line', resolve));
input.close();

const agent = new http.Agent({ keepAlive: true });
const get = (headers) =>
  new Promise((resolve, reject) => {
    const options = { port: edgePort, host: '127.0.0.1', agent, headers: { host: 'echo.localhost', ...headers } };
    http.get(options, (response) => response.resume().on('end', resolve)).on('error', reject);
  });
for (let i = 0; i < Number(count); ++i) {
  const span = callers.getTracer('caller').startSpan('call', { kind: SpanKind.CLIENT });
  const headers = {};
  propagator.inject(trace.setSpan(ROOT_CONTEXT, span), headers, headerSetter);
  await get(headers);
  span.end();
  console.log(span.spanContext().traceId);
}
agent.destroy();
server.close();
await Promise.all([callers.shutdown(), servers.shutdown()]);
