"""Jaeger's datagrams: stored like anything else, refused without an answer, and a port may be off."""
import random
import socket

import harness

CORPUS = harness.ROOT / "tests/corpus/jaeger_message_scan_fuzz"
# Two spans of one trace in the compact protocol, and another batch in the binary one.
COMPACT = (CORPUS / "whole_batch").read_bytes()
COMPACT_TRACE = "ffffffffffffffff0000000000000001"
BINARY = (CORPUS / "binary_strict").read_bytes()
BINARY_OLD = (CORPUS / "binary_old").read_bytes()


def send(server, port_name, *datagrams):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for datagram in datagrams:
            sender.sendto(datagram, ("127.0.0.1", server.ports[port_name]))


def wait_for(server, condition):
    harness.wait_for(condition, server.process, server.folder / "server.log")


def check_compact_trace(server):
    spans = server.trace_spans(COMPACT_TRACE)
    assert [service for service, _ in spans] == ["shop"], spans
    span = spans[0][1]
    assert span["name"] == "n" and span["status"]["code"] == "STATUS_CODE_ERROR", span
    assert harness.attributes(span) == {"a": "b", "d": 0.5}, span


def test_datagrams_of_both_protocols_are_stored_and_survive_kill():
    with harness.Server() as server:
        send(server, "jaeger_compact", COMPACT)
        wait_for(server, lambda: server.metric("clew_ingest_accepted_spans_total") == 2)
        check_compact_trace(server)
        before = server.metric("clew_store_spans")
        send(server, "jaeger_binary", BINARY)
        wait_for(server, lambda: server.metric("clew_store_spans") > before)
        after = server.metric("clew_store_spans")
        send(server, "jaeger_binary", BINARY_OLD)
        wait_for(server, lambda: server.metric("clew_store_spans") > after)
        stored = server.metric("clew_store_spans")
        server.kill()
        server.start()
        assert server.metric("clew_store_spans") == stored
        check_compact_trace(server)


def test_garbage_is_counted_and_logged_once():
    with harness.Server() as server:
        generator = random.Random(1)
        garbage = [generator.randbytes(generator.randrange(2000)) for _ in range(200)]
        garbage += [COMPACT[:-1], (CORPUS / "other_method").read_bytes()]
        send(server, "jaeger_compact", *garbage)
        send(server, "jaeger_binary", COMPACT)
        wait_for(server, lambda: server.metric("clew_ingest_refused_requests_total") == len(garbage) + 1)
        assert server.metric("clew_ingest_accepted_spans_total") == 0
        lines = [line for line in server.log_text().splitlines() if "refused a body" in line]
        assert len(lines) == 2, lines
        send(server, "jaeger_compact", COMPACT)
        wait_for(server, lambda: server.metric("clew_ingest_accepted_spans_total") == 2)


def test_a_flood_takes_a_bounded_memory():
    with harness.Server() as server:
        before = server.metric("process_resident_memory_bytes")
        large = b"\x82\x81\x01\x09emitBatch\x1c\x18" + b"\xff" * 60000
        for _ in range(100):
            send(server, "jaeger_compact", *([large] * 100))
        seen = lambda: (server.metric("clew_ingest_refused_requests_total") +
                        server.metric("clew_ingest_dropped_datagrams_total"))
        sent = 10000

        def all_seen():
            nonlocal sent
            send(server, "jaeger_compact", b"probe")
            sent += 1
            return seen() == sent
        wait_for(server, all_seen)
        grown = server.metric("process_resident_memory_bytes") - before
        assert harness.SANITIZED or grown < 100 << 20, grown
        send(server, "jaeger_compact", COMPACT)
        wait_for(server, lambda: server.metric("clew_ingest_accepted_spans_total") == 2)


def test_what_has_come_before_the_end_is_stored():
    with harness.Server() as server:
        send(server, "jaeger_compact", COMPACT)
        assert server.stop() == 0
        server.start()
        check_compact_trace(server)


def test_a_port_may_be_off():
    with harness.Server("--port-jaeger-compact=off", "--port-jaeger-binary=off") as server:
        assert "jaeger_compact" not in server.ports and "jaeger_binary" not in server.ports, server.ports
        assert server.ports["jaeger_thrift"] > 0
        free = [f"--port-{name}=0" for name in harness.PORTS if name != "jaeger-compact"]
        for wrong in ("on", "65536", "-1"):
            _, complaint = harness.run_clew("server", *free, f"--port-jaeger-compact={wrong}", code=2)
            assert "is neither a port nor off" in complaint, complaint


if __name__ == "__main__":
    harness.run_tests(globals())
