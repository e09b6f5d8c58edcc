// Sends spans with Jaeger's own client for Node, as any user of it would.
// Usage: jaeger_client.mjs udp|http PORT COUNT [SAMPLING_PORT]; prints the trace ids, one a line.
// With a sampling port it begins when it was told there to sample, and has sampled nothing before.
import jaeger from 'jaeger-client';

const { opentracing } = jaeger;

const [protocol, port, count, samplingPort] = process.argv.slice(2);
const reporters = {
  udp: { agentHost: '127.0.0.1', agentPort: Number(port) },
  http: { collectorEndpoint: `http://127.0.0.1:${port}/api/traces` },
};
const sampler = samplingPort
  ? { type: 'remote', param: 0, host: '127.0.0.1', port: Number(samplingPort), refreshIntervalMs: 20 }
  : { type: 'const', param: 1 };
const tracer = jaeger.initTracer(
  {
    serviceName: `jaeger-${protocol}`,
    sampler,
    reporter: reporters[protocol],
  },
  { traceId128bit: true, tags: { 'os.type': 'linux' } },
);

while (!tracer.startSpan('probe').context().isSampled()) {
  await new Promise((resolve) => setTimeout(resolve, 5));
}
for (let i = 0; i < Number(count); ++i) {
  const before = tracer.startSpan('before');
  const root = tracer.startSpan('request', { tags: { 'span.kind': 'server', 'request.number': i } });
  const child = tracer.startSpan('work', {
    references: [opentracing.childOf(root.context()), opentracing.followsFrom(before.context())],
    tags: { ratio: 0.5, ok: true, text: 'größer' },
  });
  child.log({ event: 'halfway', 'event.number': i });
  child.setTag('error', true);
  child.finish();
  root.finish();
  before.finish();
  console.log(root.context().traceIdStr);
}
await new Promise((resolve) => tracer.close(resolve));
