"""One large trace, always the same: a tree of calls between twelve services, as OTLP bodies."""
import random
import struct

TRACE_ID = bytes(14) + b"\x10\x0a"
SERVICES = ("edge", "frontend", "checkout", "cart", "payment", "inventory", "shipping", "fraud", "loyalty", "email",
            "catalog", "recommend")
OPERATIONS = ("GET /", "SELECT item", "Charge", "Reserve", "render", "HGET session", "publish", "consume", "authorize")
BODY_SPANS = 5_000
INTERNAL, SERVER, CLIENT = 1, 2, 3


def tree(count, seed=1):
    """(parent, start, end, service, operation) of each span, parents first: each span cuts its time up among
    up to twelve children, some of them side by side, some of them alike."""
    dice = random.Random(seed)
    spans = [(None, 0, 60_000_000_000, 0, 0)]
    parent = 0
    while len(spans) < count:
        _, start, end, service, operation = spans[parent]
        children = dice.choice((2, 3, 4, 6, 12)) if parent else 12
        alike = dice.random() < 0.3
        child_service, child_operation = dice.randrange(len(SERVICES)), dice.randrange(len(OPERATIONS))
        at, step = start, (end - start) // (children + 1)
        for _ in range(min(children, count - len(spans))):
            if not alike:
                child_service = service if dice.random() < 0.5 else dice.randrange(len(SERVICES))
                child_operation = dice.randrange(len(OPERATIONS))
            begin = at + dice.randrange(max(1, step // 4))
            finish = min(end, begin + int(step * dice.uniform(0.4, 1.3)))
            spans.append((parent, begin, max(begin, finish), child_service, child_operation))
            at += step
        parent += 1
    return spans


def bodies(harness, start, count, seed=1):
    """The OTLP request bodies that make up the trace."""
    spans = tree(count, seed)
    for first in range(0, count, BODY_SPANS):
        by_service = {}
        for number in range(first, min(count, first + BODY_SPANS)):
            by_service.setdefault(spans[number][3], []).append(_span(harness, spans, number, start))
        yield b"".join(
            harness.field(1, harness.field(1, harness.field(1, harness.string_attribute("service.name", SERVICES[service]))) +
                          harness.field(2, b"".join(harness.field(2, span) for span in encoded)))
            for service, encoded in by_service.items())


def _span(harness, spans, number, start):
    parent, begin, end, service, operation = spans[number]
    remote = parent is not None and spans[parent][3] != service
    kind = SERVER if remote or parent is None else CLIENT if operation in (1, 5) else INTERNAL
    body = (harness.field(1, TRACE_ID) + harness.field(2, struct.pack(">Q", number + 1)) +
            harness.field(5, OPERATIONS[operation]) + b"\x30" + bytes([kind]) +
            b"\x39" + struct.pack("<Q", start + begin) + b"\x41" + struct.pack("<Q", start + end))
    if parent is not None:
        body += harness.field(4, struct.pack(">Q", parent + 1))
    for key in ("http.route", "thread.name", "code.function", "net.host.name", "k8s.pod.name"):
        body += harness.field(9, harness.string_attribute(key, f"{key} {number % 97}"))
    if number % 40 == 7:
        body += harness.field(11, b"\x09" + struct.pack("<Q", start + (begin + end) // 2) + harness.field(2, "retry"))
    if number % 500 == 9:
        body += harness.field(15, b"\x18\x02")
    return body
