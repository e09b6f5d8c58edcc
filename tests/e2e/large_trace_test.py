"""A trace far larger than what the server may hold as one answer: it comes whole, once, in order, in pieces."""
import hashlib
import http.client
import os
import re
import struct
import threading
import time

import harness

# All of it takes minutes with a million spans.
SPANS = 1_000_000 if os.environ.get("CLEW_DEEP") else 200_000
BODY_SPANS = 5_000
BODIES = SPANS // BODY_SPANS
TRACE_ID = bytes(15) + b"\x2a"
START = 1_700_000_000_000_000_000
# What an answer may add to the server's memory: of each span what a memtable keeps of it and what is
# cached of its block, and some pieces. The answers are several times as large.
SPAN_BYTES = 330
PIECES_BYTES = 24 << 20
ROOMY = ("--memory-limit=1GiB", "--memtable-size=1GiB")


def span(number):
    """A span of about 700 bytes as JSON; its id tells its place."""
    attributes = b"".join(
        harness.field(9, harness.string_attribute(f"attribute.{i}", f"value {number % (i + 7)}"))
        for i in range(6))
    return (harness.field(1, TRACE_ID) + harness.field(2, struct.pack(">Q", number + 1)) +
            harness.field(5, f"operation {number % 50}") + b"\x30\x02" +
            b"\x39" + struct.pack("<Q", START + number * 1000) +
            b"\x41" + struct.pack("<Q", START + number * 1000 + 500) + attributes)


def body(number):
    """One of the request bodies: every BODIES-th span, so that all of them lie all over the trace."""
    return harness.otlp_request([span(i) for i in range(number, SPANS, BODIES)])


def anonymous_bytes(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"RssAnon:\s+(\d+) kB", status.read())[1]) << 10


class Watch(threading.Thread):
    """The most anonymous memory a process has while the block runs, beyond what it had before."""

    def __init__(self, pid):
        super().__init__()
        self.pid = pid
        self.before = self.most = anonymous_bytes(pid)
        self.stopped = threading.Event()

    def run(self):
        while not self.stopped.wait(0.005):
            self.most = max(self.most, anonymous_bytes(self.pid))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.join()

    @property
    def growth(self):
        return self.most - self.before


class Answer:
    """The trace as it comes, of which nothing is kept."""

    def __init__(self, server, path, accept):
        self.size = 0
        digest = hashlib.sha256()
        connection = http.client.HTTPConnection("127.0.0.1", server.ports["api"], timeout=60)
        begin = time.monotonic()
        with Watch(server.process.pid) as watch:
            connection.request("GET", f"{path}/{TRACE_ID.hex()}", headers={"Accept": accept})
            response = connection.getresponse()
            assert response.status == 200, response.status
            self.length = response.getheader("Content-Length")
            piece = response.read1(1 << 20)
            self.first_seconds = time.monotonic() - begin
            while piece:
                self.size += len(piece)
                digest.update(piece)
                piece = response.read1(1 << 20)
        connection.close()
        self.seconds = time.monotonic() - begin
        self.growth = watch.growth
        self.digest = digest.hexdigest()
        print(f"  {path} {accept}: {self.size >> 20} MiB in {self.seconds:.1f} s, first byte after "
              f"{self.first_seconds:.2f} s, {self.growth >> 20} MiB more memory")


def ask(server):
    """Every kind of answer, as (path, accept) -> Answer."""
    return {(path, accept): Answer(server, path, accept)
            for path in ("/api/traces", "/api/v2/traces")
            for accept in ("application/json", "application/protobuf")}


def check_memory(server, answers):
    for answer in answers.values():
        assert answer.length is None, answer.length
        if not harness.SANITIZED:
            assert answer.growth < SPANS * SPAN_BYTES + PIECES_BYTES, answer.growth
    time.sleep(0.1)
    print(f"  {anonymous_bytes(server.process.pid) >> 20} MiB afterwards")


def check_order(server):
    """Every span once, by its start."""
    status, text = server.get(f"/api/traces/{TRACE_ID.hex()}", "application/protobuf")
    assert status == 200
    ids = [int.from_bytes(found, "big") for found in re.findall(rb"\x12\x08(.{8})\x2a", text, re.DOTALL)]
    assert ids == list(range(1, SPANS + 1)), (len(ids), ids[:5])


def send(server, numbers):
    for number in numbers:
        assert server.export(body(number))[0] == 200


def digests(answers):
    return {kind: answer.digest for kind, answer in answers.items()}


def hour():
    return int(time.time()) // 3600


def test_a_large_trace_is_the_same_in_memory_in_blocks_and_merged():
    parts = 8  # as many blocks as are merged
    first_hour = hour()
    with harness.Server(*ROOMY) as server:
        for part in range(parts - 1):
            send(server, range(part, BODIES, parts))
            assert server.get("/flush")[0] == 204
        send(server, range(parts - 1, BODIES, parts))
        split = ask(server)
        check_memory(server, split)
        check_order(server)
        assert server.get("/flush")[0] == 204
        if hour() == first_hour:  # blocks of different hours stay apart
            harness.wait_for(lambda: server.metric("clew_store_blocks") == 1, server.process,
                             server.folder / "server.log", seconds=120)
        merged = ask(server)
        check_memory(server, merged)
        assert digests(merged) == digests(split)
    with harness.Server(*ROOMY) as server:
        send(server, range(BODIES))
        memory = ask(server)
        check_memory(server, memory)
        assert server.get("/flush")[0] == 204
        block = ask(server)
        check_memory(server, block)
        assert digests(split) == digests(memory) == digests(block)


def test_a_client_that_leaves_leaves_nothing_behind():
    with harness.Server(*ROOMY) as server:
        send(server, range(BODIES))
        for _ in range(20):
            connection = http.client.HTTPConnection("127.0.0.1", server.ports["api"], timeout=60)
            connection.request("GET", f"/api/traces/{TRACE_ID.hex()}")
            assert len(connection.getresponse().read(1000)) == 1000
            connection.close()
        check_order(server)


if __name__ == "__main__":
    harness.run_tests(globals())
