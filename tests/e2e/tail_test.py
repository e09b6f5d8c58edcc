"""A live tail of a real server: what matches is told as it arrives, and a client that reads slowly holds up nothing."""
import json
import os
import socket
import time
import urllib.parse

import harness

PATIENCE_SECONDS = 60


class Tail:
    """One connection that follows, read when it is told to."""

    def __init__(self, server, query, receive_bytes=None):
        self.socket = socket.socket()
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.settimeout(PATIENCE_SECONDS)
        self.socket.connect(("127.0.0.1", server.ports["api"]))
        path = "/api/clew/v1/tail?q=" + urllib.parse.quote(query)
        self.socket.sendall(f"GET {path} HTTP/1.0\r\nHost: a\r\n\r\n".encode())
        self.text = b""
        self.read_through(b": following\n\n")

    def read_through(self, end):
        while end not in self.text:
            piece = self.socket.recv(1 << 16)
            assert piece, (self.text[-500:], "the server ended the stream")
            self.text += piece
        found, self.text = self.text.split(end, 1)
        return found

    def event(self):
        """(name, data) of the next event that is no comment."""
        while True:
            block = self.read_through(b"\n\n").decode()
            if not block.startswith(":"):
                name, data = block.split("\n", 1)
                return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))

    def close(self):
        self.socket.close()


def roots(count, blob):
    """A body of so many spans, each a trace of its own."""
    spans = [harness.field(1, os.urandom(16)) + harness.field(2, os.urandom(8)) + harness.field(5, "op") +
             harness.field(9, harness.string_attribute("blob", blob)) for _ in range(count)]
    return harness.otlp_request(spans)


def test_what_matches_is_told_as_it_arrives_and_the_rest_is_not():
    with harness.Server() as server:
        tail = Tail(server, '{ name = "yes" }')
        trace = os.urandom(16)
        server.export(harness.otlp_request([harness.otlp_span(os.urandom(16), b"00000001", "no")]))
        server.export(harness.otlp_request([harness.otlp_span(trace, b"00000001", "yes")]))
        name, data = tail.event()
        assert name == "traces", name
        assert [found["traceID"] for found in data["traces"]] == [trace.hex().lstrip("0")], data
        # It is durable and found by a search by then.
        assert len(server.search("q=" + urllib.parse.quote('{ name = "yes" }'))) == 1
        tail.close()
        assert server.stop() == 0


def test_a_client_that_does_not_read_holds_up_nothing_and_is_told_what_it_missed():
    with harness.Server() as server:
        slow = Tail(server, "{ } | select(span.blob)", receive_bytes=4096)
        blob = "x" * 20_000
        sent = 0
        for _ in range(40):
            status, _, body = server.export(roots(50, blob))
            assert status == 200, (status, body)
            sent += 50
            time.sleep(0.02)
        told = skipped = 0
        while told + skipped < sent:
            name, data = slow.event()
            if name == "traces":
                told += len(data["traces"])
            else:
                skipped += data["spans"] + data["traces"]
        assert told + skipped == sent, (told, skipped, sent)
        assert told > 0 and skipped > 0, (told, skipped)
        slow.close()


def test_the_server_ends_at_once_while_somebody_follows():
    with harness.Server() as server:
        tail = Tail(server, "{ }")
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 8, "the end waited for who follows"
        tail.close()


if __name__ == "__main__":
    harness.run_tests(globals())
