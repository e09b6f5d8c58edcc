// Calls a method of a service with gRPC's own client for Node, as a file of tests/proto tells it.
// Usage: grpc_calls.mjs PROTO SERVICE/METHOD PORT < CALLS, a JSON array of {request, metadata};
// prints one of {code, text, message, retryDelay}, in the same order. Bytes are in base64.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const [proto, call, port] = process.argv.slice(2);
const [service, method] = call.split('/');
const types = loader.loadSync([proto, 'google/rpc/status.proto'], {
  includeDirs: [fileURLToPath(new URL('../proto', import.meta.url))],
  keepCase: true,
  longs: Number,
  enums: String,
  defaults: true,
  bytes: String,
});
const Client = grpc.makeGenericClientConstructor(types[service]);
const client = new Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());

// How long the details of an error ask to wait; null when they do not.
function retryDelayOf(details) {
  const status = details && types['google.rpc.Status'].deserialize(details);
  const asked = status?.details.find((detail) => detail.type_url === 'type.googleapis.com/google.rpc.RetryInfo');
  return asked ? types['google.rpc.RetryInfo'].deserialize(Buffer.from(asked.value, 'base64')).retry_delay : null;
}

function answerTo({ request, metadata = {} }) {
  const deadline = Date.now() + 30_000;
  return new Promise((resolve) => {
    client[method](request, grpc.Metadata.fromHttp2Headers(metadata), { deadline }, (error, message) => {
      const [details] = error?.metadata.get('grpc-status-details-bin') ?? [];
      resolve({
        code: error?.code ?? grpc.status.OK,
        text: error?.details ?? '',
        message: message ?? null,
        retryDelay: retryDelayOf(details),
      });
    });
  });
}

const answers = [];
for (const one of JSON.parse(readFileSync(0, 'utf8'))) answers.push(await answerTo(one));
console.log(JSON.stringify(answers));
client.close();
