// Sends a call from shop to cart, with the id that both share and local work below it, as users of
// Zipkin's JavaScript library do. Usage: zipkin_client.mjs v1|v2 ENDPOINT; prints the trace id.
import zipkin from 'zipkin';
import transport from 'zipkin-transport-http';

const { Annotation, BatchRecorder, ExplicitContext, InetAddress, Tracer, jsonEncoder } = zipkin;
const [version, endpoint] = process.argv.slice(2);

// A service has a recorder of its own: one that saw both sides of a shared id would mix them.
function startService(localServiceName) {
  const logger = new transport.HttpLogger({
    endpoint,
    jsonEncoder: version === 'v1' ? jsonEncoder.JSON_V1 : jsonEncoder.JSON_V2,
    httpInterval: 10,
  });
  const recorder = new BatchRecorder({ logger });
  const tracer = new Tracer({ ctxImpl: new ExplicitContext(), recorder, localServiceName, traceId128Bit: true });
  const sent = new Promise((resolve, reject) => {
    logger.on('success', resolve);
    logger.on('error', reject);
  });
  return { tracer, sent };
}
const { tracer: shop, sent: shopSent } = startService('shop');
const { tracer: cart, sent: cartSent } = startService('cart');

const id = shop.createRootId();
shop.scoped(() => {
  shop.setId(id);
  shop.recordServiceName('shop');
  shop.recordRpc('get /cart');
  shop.recordBinary('http.status_code', '200');
  shop.recordAnnotation(new Annotation.ClientSend());
  shop.recordAnnotation(
    new Annotation.ServerAddr({ serviceName: 'cart', host: new InetAddress('10.0.0.2'), port: 8080 }),
  );
  shop.recordMessage('retry');
});
cart.scoped(() => {
  cart.setId(cart.join(id));
  cart.recordServiceName('cart');
  cart.recordRpc('get /cart');
  cart.recordBinary('error', 'timeout');
  cart.recordAnnotation(new Annotation.ServerRecv());
  const work = cart.createChildId();
  cart.letId(work, () => {
    cart.recordServiceName('cart');
    cart.recordAnnotation(new Annotation.LocalOperationStart('count'));
    cart.recordBinary('items', '3');
    cart.recordAnnotation(new Annotation.LocalOperationStop());
  });
  cart.recordAnnotation(new Annotation.ServerSend());
});
shop.letId(id, () => shop.recordAnnotation(new Annotation.ClientRecv()));

// The library sends from timers that do not keep the process alive.
const alive = setInterval(() => {}, 1000);
await Promise.all([shopSent, cartSent]);
clearInterval(alive);
console.log(id.traceId);
