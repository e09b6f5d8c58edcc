"""A slow checkout of ten services as one trace: a row lock, a call that runs late beside it, reads that are alike."""
import struct

TRACE_ID = bytes(8) + bytes.fromhex("7f3a90c41be85d02")
INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER = 1, 2, 3, 4, 5
CONFIG = '{"retries": 3, "pool": {"size": 8, "wait_ms": 2000}, "hosts": ["a", "b"]}'
STACK = "at loyalty.Client.get (client.cc:41)\n  at checkout.Place (place.cc:112)\n  at grpc.Server.handle (server.cc:9)"


class Checkout:
    """Its spans by service, in OTLP; times are milliseconds since the start."""

    def __init__(self, harness, start, trace_id=TRACE_ID):
        self.harness, self.start, self.trace_id = harness, start, trace_id
        self.count, self.services = 0, {}

    def time(self, milliseconds):
        return struct.pack("<Q", self.start + int(milliseconds * 1e6))

    def attributes(self, number, pairs):
        return b"".join(self.harness.field(number, self.harness.string_attribute(*pair)) for pair in pairs.items())

    def add(self, parent, service, name, at, lasts, kind=INTERNAL, **more):
        """more: error, attributes, events [(at, name, attributes)], link (to a span)."""
        field = self.harness.field
        self.count += 1
        body = (field(1, self.trace_id) + field(2, struct.pack(">Q", self.count)) + field(5, name) + b"\x30" + bytes([kind]) +
                b"\x39" + self.time(at) + b"\x41" + self.time(at + lasts) + self.attributes(9, more.get("attributes", {})))
        if parent:
            body += field(4, struct.pack(">Q", parent))
        for when, event, attributes in more.get("events", ()):
            body += field(11, b"\x09" + self.time(when) + field(2, event) + self.attributes(3, attributes))
        if "link" in more:
            body += field(13, field(1, self.trace_id) + field(2, struct.pack(">Q", more["link"])))
        if "error" in more:
            body += field(15, field(2, more["error"]) + b"\x18\x02")
        self.services.setdefault(service, []).append(body)
        return self.count

    def call(self, parent, caller, service, name, times, **more):
        """A client's span and its server's, (at, lasts) each."""
        client = self.add(parent, caller, name, *times[0], CLIENT, **more)
        return self.add(client, service, name, *times[1], SERVER)

    def body(self):
        field = self.harness.field
        scope = field(1, field(1, "otel-cpp") + field(2, "1.2"))

        def resource(service):
            return self.attributes(1, {"service.name": service, "host.name": f"{service}-7f9", "k8s.pod.name": f"{service}-5d9c7"})

        return b"".join(field(1, field(1, resource(service)) + field(2, scope + b"".join(field(2, span) for span in spans)))
                        for service, spans in self.services.items())


def checkout(harness, start):
    trace = Checkout(harness, start)
    root = trace.add(0, "edge", "POST /checkout", 0, 1312, SERVER,
                     attributes={"http.response.status_code": "200", "http.route": "/checkout"})
    forward = trace.add(root, "edge", "forward frontend", 1.6, 1310, CLIENT)
    frontend = trace.add(forward, "frontend", "POST /checkout", 3, 1306, SERVER)
    trace.add(frontend, "frontend", "validate", 3.4, 6)
    place = trace.call(frontend, "frontend", "checkout", "CheckoutService/Place", ((12, 1290), (14.3, 1284)),
                       attributes={"peer.service": "checkout"})
    prepare(trace, place)
    pay(trace, place)
    finish(trace, place)
    return trace.body()


def prepare(trace, place):
    cart = trace.call(place, "checkout", "cart", "CartService/Get", ((15.9, 32.7), (17.6, 29.6)))
    trace.add(cart, "cart", "HGETALL cart", 18.5, 3.8, CLIENT, attributes={"db.system": "redis", "peer.service": "cart-redis"})
    for number in range(25):
        trace.add(cart, "cart", "SELECT product", 23 + number * 0.95, 0.9, CLIENT, attributes={"peer.service": "catalog-db"})
    stock = trace.call(place, "checkout", "inventory", "InventoryService/Reserve", ((56.8, 75.6), (57.5, 74)))
    for number in range(12):
        trace.add(stock, "inventory", "check shelf", 60 + number * 4.4, 4.1)
    trace.add(stock, "inventory", "UPDATE stock", 116, 13.3, CLIENT, attributes={"peer.service": "stock-db"})
    quote = trace.call(place, "checkout", "shipping", "ShippingService/Quote", ((133, 172), (234, 46)))
    trace.add(quote, "shipping", "SELECT rates", 237, 14.7, CLIENT, attributes={"peer.service": "rates-db"})
    trace.add(quote, "shipping", "pack parcels", 253, 25.7)
    failed = trace.add(place, "checkout", "LoyaltyService/GetPoints", 133.6, 150, CLIENT, error="deadline exceeded", events=[
        (283, "exception", {"exception.type": "DeadlineExceeded", "exception.message": "deadline exceeded after 150 ms",
                            "exception.stacktrace": STACK})])
    loyalty = trace.add(failed, "loyalty", "LoyaltyService/GetPoints", 136, 165, SERVER, error="cancelled")
    trace.add(loyalty, "loyalty", "SELECT points", 137, 163, CLIENT, attributes={"peer.service": "loyalty-db"})


def pay(trace, place):
    charge = trace.call(place, "checkout", "payment", "PaymentService/Charge", ((307, 915), (308.7, 911)))
    trace.add(charge, "payment", "verify card", 309.6, 8.8)
    score = trace.call(charge, "payment", "fraud", "FraudService/Score", ((319.2, 52.3), (320.8, 49.2)))
    for number in range(8):
        trace.add(score, "fraud", "GET feature", 321.5 + number * 1.8, 1.7, CLIENT, attributes={"peer.service": "feature-store"})
    trace.add(score, "fraud", "infer risk model", 337, 31.7)
    lock = trace.add(charge, "payment", "SELECT account FOR UPDATE", 372.4, 742, CLIENT, attributes={
        "db.system": "postgresql", "db.namespace": "ledger", "peer.service": "ledger-db", "server.port": "5432",
        "db.statement": "SELECT balance_minor, version FROM account WHERE id = $1 FOR UPDATE", "app.config": CONFIG},
        events=[(375.5, "lock wait, held by pid 4127", {}), (1111.4, "lock acquired", {})])
    trace.add(charge, "payment", "POST psp /authorize", 1116, 88.1, CLIENT, attributes={"peer.service": "psp.example"})
    trace.add(charge, "payment", "INSERT entry", 1204.5, 14.5, CLIENT, attributes={"peer.service": "ledger-db"}, link=lock)


def finish(trace, place):
    trace.add(place, "checkout", "INSERT order", 1223, 20.4, CLIENT, attributes={"peer.service": "orders-db"})
    publish = trace.add(place, "checkout", "publish order.created", 1244, 3.9, PRODUCER,
                        attributes={"messaging.destination.name": "orders"})
    mail = trace.add(publish, "email", "process order.created", 1259, 48.4, CONSUMER)
    trace.add(mail, "email", "render mail", 1260, 13)
    trace.add(mail, "email", "SMTP send", 1275, 31, CLIENT)
    empty = trace.call(place, "checkout", "cart", "CartService/EmptyCart", ((1248.8, 18.6), (1250.2, 15.9)))
    trace.add(empty, "cart", "DEL cart", 1251, 14.2, CLIENT, attributes={"peer.service": "cart-redis"})
    trace.add(place, "checkout", "build receipt", 1268.2, 30.2)
