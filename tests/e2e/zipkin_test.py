"""Zipkin's port: every format of both versions comes in, survives a restart, and bombs cost no memory."""
import gzip
import json
import pathlib
import struct
import zlib

import harness

TRACE = "0af7651916cd43dd8448eb211c80319c"
MICROS = 1_700_000_000_000_000


def report(server, path, body, content_type=None, encoding=None):
    headers = {name: value for name, value in (("Content-Type", content_type), ("Content-Encoding", encoding)) if value}
    status, _, answer = server.request("zipkin", "POST", path, body, headers)
    return status, answer.decode()


def json_span(span_id, **members):
    return {"traceId": TRACE, "id": span_id, "timestamp": MICROS, "duration": 1500,
            "localEndpoint": {"serviceName": "cart"}, **members}


def proto_span(span_id):
    return harness.field(1, harness.field(1, bytes.fromhex(TRACE)) + harness.field(3, span_id.to_bytes(8, "big")) +
                         harness.field(5, "proto") + b"\x31" + struct.pack("<Q", MICROS))


def thrift_span(span_id):
    def i64(number, value):
        return b"\x0a" + struct.pack(">hq", number, value)
    high, low = struct.unpack(">qq", bytes.fromhex(TRACE))
    name = b"\x0b" + struct.pack(">hi", 3, 6) + b"thrift"
    return (struct.pack(">bi", 12, 1) + i64(1, low) + name + i64(4, span_id) + i64(10, MICROS) + i64(12, high) + b"\0")


def test_every_format_comes_in_and_stays():
    with harness.Server() as server:
        shared = json.dumps([json_span("0000000000000001", kind="CLIENT", name="call"),
                             json_span("0000000000000001", kind="SERVER", name="serve", shared=True)])
        assert report(server, "/api/v2/spans", shared, "application/json") == (202, "")
        assert report(server, "/api/v2/spans", gzip.compress(proto_span(2)), "application/x-protobuf", "gzip") == (202, "")
        v1 = json.dumps([{"traceId": TRACE, "id": "0000000000000003", "name": "old", "annotations": [
            {"timestamp": MICROS, "value": "sr", "endpoint": {"serviceName": "old-cart"}},
            {"timestamp": MICROS + 9, "value": "ss", "endpoint": {"serviceName": "old-cart"}}]}])
        assert report(server, "/api/v1/spans", zlib.compress(v1.encode()), encoding="deflate") == (202, "")
        assert report(server, "/api/v1/spans", thrift_span(4), "application/x-thrift") == (202, "")
        expected = sorted([("cart", "call", "SPAN_KIND_CLIENT"), ("cart", "serve", "SPAN_KIND_SERVER"),
                           (None, "proto", None), ("old-cart", "old", "SPAN_KIND_SERVER"),
                           ("unknown-service", "thrift", None)], key=str)

        def stored():
            return sorted(((name, span["name"], span.get("kind")) for name, span in server.trace_spans(TRACE)), key=str)
        assert stored() == expected, stored()
        server.kill()
        server.start()
        assert stored() == expected, stored()


def test_what_is_wrong_is_said():
    with harness.Server() as server:
        status, answer = report(server, "/api/v2/spans", "[{]")
        assert status == 400 and answer.startswith("zipkin json: ") and " at byte " in answer, (status, answer)
        mixed = json.dumps([json_span("0000000000000001"), json_span("")])
        status, answer = report(server, "/api/v2/spans", mixed)
        assert (status, answer) == (400, "1 span rejected: span id must be 8 bytes and not all zero; 1 stored\n"), answer
        assert len(server.trace_spans(TRACE)) == 1
        assert server.request("zipkin", "GET", "/api/v2/spans")[0] == 405
        assert report(server, "/api/v2/spans", "[]", "text/html")[0] == 415
        assert report(server, "/v1/traces", "[]")[0] == 404


def peak_memory(server):
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) * 1024


def test_a_bomb_costs_no_more_than_the_limit():
    with harness.Server("--body-limit=4MiB") as server:
        before = peak_memory(server)
        bomb = gzip.compress(bytes(1 << 30))
        assert len(bomb) < 4 << 20
        assert report(server, "/api/v2/spans", bomb, encoding="gzip")[0] == 413
        assert report(server, "/api/v2/spans", b"\xff\xff\xff\xff\x0f", encoding="snappy")[0] == 413
        # Nothing is made beyond 256 MiB, of which a growing buffer may be there twice.
        if not harness.SANITIZED:
            assert peak_memory(server) - before < 640 << 20, (before, peak_memory(server))
        assert report(server, "/api/v2/spans", "[]") == (202, "")


def test_it_can_be_switched_off():
    with harness.Server("--port-zipkin=off") as server:
        assert "zipkin" not in server.ports, server.ports
        told = json.loads(server.get("/api/clew/v1/server")[1])
        assert "zipkin" not in [port["protocol"] for port in told["ports"]], told


if __name__ == "__main__":
    harness.run_tests(globals())
