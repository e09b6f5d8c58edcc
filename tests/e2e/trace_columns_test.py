"""A trace as columns, as docs/format/trace_columns.md describes them, is the same wherever its spans lie."""
import json
import struct
import time
import urllib.parse

import checkout_trace
import harness

TRACE = checkout_trace.TRACE_ID.hex()
PATH = f"/api/clew/v1/trace/{TRACE}"
NO_PARENT = 0xFFFFFFFF


class Columns:
    """Reads them by the page."""

    def __init__(self, body):
        magic, form, reader, self.count, self.origin, columns = struct.unpack_from("<8sHHIqQ", body)
        assert (magic, form, reader) == (b"CLEWTRC\n", 1, 1)
        self.bytes, at = {}, 32
        while at < len(body):
            number, size = struct.unpack_from("<II", body, at)
            self.bytes[number] = body[at + 8:at + 8 + size]
            at += 8 + (size + 7) // 8 * 8
        assert len(self.bytes) == columns

    def values(self, number, letter="I"):
        size = struct.calcsize(letter)
        return struct.unpack(f"<{len(self.bytes[number]) // size}{letter}", self.bytes[number])

    def texts(self, number):
        ends = self.values(20)
        return [self.bytes[21][ends[code - 1] if code else 0:ends[code]].decode() for code in self.values(number)]


def columns(server):
    status, headers, body = server.request("api", "GET", PATH + "/columns")
    assert status == 200 and headers["Content-Type"] == "application/octet-stream", (status, headers)
    return body


def matches(server, query):
    status, _, body = server.request("api", "POST", f"{PATH}/match?q={urllib.parse.quote(query)}")
    assert status == 200, (status, body)
    count, found = struct.unpack_from("<II", body)
    rows = [row for row in range(count) if body[8 + row // 8] >> row % 8 & 1]
    assert len(rows) == found
    return rows


def spans(server, ids):
    status, body = server.get(f"{PATH}/spans?ids={','.join(ids)}")
    assert status == 200, (status, body)
    return json.loads(body)


def answers(server):
    return columns(server), matches(server, '{ .db.system = "redis" }'), spans(server, ["1", "43"])


def test_the_columns_of_a_trace_are_those_of_the_page():
    with harness.Server() as server:
        start = time.time_ns() - 60_000_000_000
        assert server.export(checkout_trace.checkout(harness, start))[0] == 200
        read = Columns(columns(server))
        assert read.count == 82 and read.origin == start
        names = read.texts(8)
        assert names[0] == "POST /checkout" and read.texts(7)[0] == "edge"
        parents, subtrees, depths = read.values(2), read.values(3), read.values(4)
        assert parents[0] == NO_PARENT and subtrees[0] == 82 and max(depths) == 9
        assert all(parent < row and depths[row] == depths[parent] + 1
                   for row, parent in enumerate(parents) if parent != NO_PARENT)
        lock = names.index("SELECT account FOR UPDATE")
        assert (read.values(5, "d")[lock], read.values(6, "d")[lock]) == (372.4e6, 742e6)
        assert read.texts(12)[lock] == "ledger-db" and read.values(9, "B")[lock] == checkout_trace.CLIENT
        assert read.texts(13)[names.index("LoyaltyService/GetPoints")] == "deadline exceeded"
        assert read.texts(16) == ["exception", "lock wait, held by pid 4127", "lock acquired"]
        assert len(read.bytes[18]) == 16 and read.bytes[19] == read.bytes[1][8 * lock:8 * lock + 8]


def test_it_is_the_same_in_memory_in_blocks_and_in_both():
    with harness.Server() as server:
        start = time.time_ns() - 60_000_000_000
        whole = checkout_trace.checkout(harness, start)
        assert server.export(whole)[0] == 200
        in_memory = answers(server)
        assert in_memory[1] and len(json.dumps(in_memory[2])) > 500
        assert server.request("api", "POST", "/flush")[0] == 204
        assert answers(server) == in_memory
        late = harness.otlp_span(checkout_trace.TRACE_ID, b"latelate", start=start + 5, parent=bytes(7) + b"\x01")
        assert server.export(harness.otlp_request([late]))[0] == 200
        in_both = answers(server)
        assert Columns(in_both[0]).count == 83
        assert server.request("api", "POST", "/flush")[0] == 204
        assert answers(server) == in_both


def test_a_copy_is_folded_and_a_twin_is_not_wherever_they_lie():
    with harness.Server() as server:
        start = time.time_ns()
        span = harness.otlp_span(checkout_trace.TRACE_ID, b"00000001", start=start)
        twin = span + harness.field(9, harness.string_attribute("k2", "v"))
        for body in (span, span, twin):
            assert server.export(harness.otlp_request([body] * (1 if body is twin else 2)))[0] == 200
            assert server.request("api", "POST", "/flush")[0] == 204
        read = Columns(columns(server))
        assert read.count == 2 and b"folded" in read.bytes[22], read.bytes[22]
        assert matches(server, '{ .k2 = "v" }') in ([0], [1])


def test_what_is_wrong_is_told():
    with harness.Server() as server:
        assert server.get(PATH + "/columns")[0] == 404
        assert server.get(f"{PATH}/spans?ids=1")[0] == 404
        assert server.request("api", "POST", f"{PATH}/match?q=%7B%7D")[0] == 404
        assert server.request("api", "GET", f"{PATH}/match?q=%7B%7D")[0] == 405
        assert server.get(f"{PATH}/spans")[0] == 400
        assert server.get("/api/clew/v1/trace/xyz/columns")[0] == 400


if __name__ == "__main__":
    harness.run_tests(globals())
