"""A shop whose payments wait for a lock for some minutes: traces to compare, and two large ones. Where there is
chance, it is the same every time."""
import json
import random
import time

MS = 1_000_000
MINUTE = 60 * 1000 * MS
SLOW_MINUTES = range(31, 42)
# The trace ids of the large ones.
LARGE = "1a", "1b"

# Of a checkout: (parent, service, name, kind, milliseconds before it and of its own), one after the other.
# OTLP numbers kinds: 1 internal, 2 server, 3 client.
STEPS = [
    ("edge", None, "edge", "POST /checkout", 2, 2, 3),
    ("frontend", "edge", "frontend", "POST /checkout", 2, 2, 12),
    ("checkout", "frontend", "checkout", "CheckoutService/PlaceOrder", 2, 3, 30),
    ("cart", "checkout", "cart", "CartService/GetCart", 2, 2, 29),
    ("inventory", "checkout", "inventory", "InventoryService/Reserve", 2, 2, 16),
    ("stock", "inventory", "inventory", "UPDATE stock", 3, 1, 53),
    ("quote", "checkout", "checkout", "quote", 3, 1, 0),
    ("shipping", "quote", "shipping", "ShippingService/Quote", 2, 6, 48),
    ("payment", "checkout", "payment", "PaymentService/Charge", 2, 2, 9),
    ("fraud", "payment", "fraud", "FraudService/Score", 2, 2, 46),
    ("lock", "payment", "payment", "SELECT account FOR UPDATE", 3, 1, 19),
    ("psp", "payment", "payment", "POST psp /authorize", 3, 1, 90),
    ("entry", "payment", "payment", "INSERT entry", 3, 1, 14),
    ("order", "checkout", "checkout", "INSERT order", 3, 1, 19),
]
PEERS = {"lock": "ledger-db", "stock": "stock-db", "psp": "psp.example", "entry": "ledger-db", "order": "orders-db"}


def attribute(key, value):
    kind = "intValue" if isinstance(value, int) else "stringValue"
    return {"key": key, "value": {kind: str(value)}}


class Shop:
    """Makes bodies of OTLP/JSON."""

    def __init__(self, end_seconds):
        self.start = (int(end_seconds) // 60 - 60) * 60 * 1000 * MS
        self.random = random.Random(7)
        self.resources = {}

    def checkout(self, number, minute, slow):
        begin = self.start + minute * MINUTE + self.random.randrange(59_000) * MS
        version = "2.41.0" if slow or self.random.random() < 0.2 else "2.40.3"
        failed = slow and self.random.random() < 0.14
        trace_id = f"{self.random.getrandbits(128):032x}"
        tier = self.random.choice(["standard", "standard", "gold"])
        spans, now = {}, begin
        for place, (key, parent, service, name, kind, before, own) in enumerate(STEPS):
            if key == "order" and failed:
                continue
            now += int(before * MS * self.random.uniform(0.8, 1.2))
            spans[key] = {"traceId": trace_id, "spanId": f"{place + 1:016x}", "name": name, "kind": kind,
                          "startTimeUnixNano": now, "attributes": [], "service": service}
            if parent:
                spans[key]["parentSpanId"] = spans[parent]["spanId"]
            now += int(own * MS * self.random.uniform(0.7, 1.4))
            if key == "lock" and slow:
                now += int(640 * MS * self.random.uniform(0.8, 1.2))
            if key in PEERS:
                spans[key]["attributes"].append(attribute("peer.service", PEERS[key]))
            spans[key]["endTimeUnixNano"] = now
            while parent:
                spans[parent]["endTimeUnixNano"] = now + 1 * MS
                parent = next(step[1] for step in STEPS if step[0] == parent)
        spans["edge"]["attributes"] += [attribute("http.status_code", 504 if failed else 200),
                                        attribute("request.id", f"r{number}"), attribute("customer.tier", tier)]
        if failed:
            spans["payment"]["status"] = {"code": 2, "message": "deadline exceeded"}
        for span in spans.values():
            self.add(span, version)

    def large(self, trace_id, count, slow):
        """One span calls `count` others, each of some service; every tenth is slower in a slow one, or is left out."""
        begin, now = self.start + 50 * MINUTE, 0
        for place in range(count):
            if place % 1000 == 999 and slow:
                continue
            length = 40_000 if slow and place % 10 == 3 else 10_000
            self.add({"traceId": trace_id.zfill(32), "spanId": f"{place + 1:016x}", "name": f"step {place % 7}", "kind": 1,
                      **({"parentSpanId": f"{place // 12 + 1:016x}" if place // 12 != place else f"{1:016x}"} if place else {}),
                      "startTimeUnixNano": begin + now, "endTimeUnixNano": begin + now + length, "attributes": [],
                      "service": f"service{place % 5}"}, "1")
            now += length
        root = self.resources["service0", "1"][-count:]
        next(span for span in root if span["spanId"] == f"{1:016x}" and span["traceId"].endswith(trace_id))["endTimeUnixNano"] = begin + now

    def add(self, span, version):
        service = span.pop("service")
        self.resources.setdefault((service, version if service == "payment" else "1"), []).append(span)

    def body(self):
        resources = [{"resource": {"attributes": [attribute("service.name", service), attribute("service.version", version)]},
                      "scopeSpans": [{"spans": [{**span, "startTimeUnixNano": str(span["startTimeUnixNano"]),
                                                 "endTimeUnixNano": str(span["endTimeUnixNano"])} for span in spans]}]}
                     for (service, version), spans in self.resources.items()]
        self.resources = {}
        return json.dumps({"resourceSpans": resources})


def send(server):
    """An hour of checkouts that ends now: returns the Unix seconds at which it begins."""
    shop = Shop(time.time())
    number = 0x100
    for minute in range(60):
        slow = 12 if minute in SLOW_MINUTES else 0
        for at in range(slow + 10):
            number += 1
            shop.checkout(number, minute, at < slow)
        if minute % 10 == 9:
            deliver(server, shop.body())
    for trace_id, slow in zip(LARGE, (True, False)):
        shop.large(trace_id, 10_000, slow)
        deliver(server, shop.body())
    return shop.start // (1000 * MS)


def deliver(server, body):
    status, _, reply = server.request("otlp_http", "POST", "/v1/traces", body, {"Content-Type": "application/json"})
    assert status == 200, (status, reply)
