"""Bodies that are made to cost much: bombs, lies about lengths, nesting, text that is none, keys without end."""
import gzip
import os
import struct
import zlib

import attack
import harness
from duckdb_sql import sql

THRIFT = {"Content-Type": "application/x-thrift"}
GRPC = [("content-type", "application/grpc"), ("te", "trailers")]
EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
# As many keys as fit a test; CLEW_ATTACK_KEYS=1000000 for all of them.
KEYS = int(os.environ.get("CLEW_ATTACK_KEYS", "100000"))
KEYS_OF_A_SPAN = 100


def bomb(make):
    """A gibibyte of nothing, packed."""
    packer = make()
    zeros = bytes(1 << 20)
    return b"".join(packer.compress(zeros) for _ in range(1024)) + packer.flush()


def zstd_bomb():
    """Frames of one block each, in which one byte is said to come 128 KiB times."""
    block = struct.pack("<I", 1 | 1 << 1 | (128 << 10) << 3)[:3] + b"\0"
    frame = b"\x28\xb5\x2f\xfd\x00\x38" + struct.pack("<I", 0 | 1 << 1 | (128 << 10) << 3)[:3] + b"\0" + block
    return frame * 4096


def snappy_bomb():
    """Of a size that is true: a byte, and copies of 64 bytes from one byte back."""
    size = 1 + 64 * 4_000_000
    return harness.varint(size) + b"\0\0" + b"\xfe\x01\x00" * 4_000_000


def xxh32_of_short(data):
    """XXH32 of less than four bytes, which the head of an lz4 frame ends with a byte of."""
    first, second, third, fifth = 2654435761, 2246822519, 3266489917, 374761393
    value = fifth + len(data)
    for byte in data:
        value = (value + byte * fifth) & 0xffffffff
        value = ((value << 11 | value >> 21) * first) & 0xffffffff
    value = (value ^ value >> 15) * second & 0xffffffff
    value = (value ^ value >> 13) * third & 0xffffffff
    return value ^ value >> 16


def lz4_bomb():
    """A frame of blocks of 4 MiB: a byte, said to come again for all but the last five, which must be literals."""
    descriptor = b"\x60\x70"
    head = b"\x04\x22\x4d\x18" + descriptor + bytes([xxh32_of_short(descriptor) >> 8 & 255])
    more = (4 << 20) - 1 - 5 - 4 - 15
    block = b"\x1f\0\x01\0" + b"\xff" * (more // 255) + bytes([more % 255]) + b"\x50" + bytes(5)
    return head + (struct.pack("<I", len(block)) + block) * 256 + bytes(4)


def answer_to(server, body, headers):
    """(status, body) of an export, which comes soon whatever was sent."""
    with attack.refused_promptly(server):
        status, _, answer = server.export(body, headers)
    return status, answer


def check_refused(server, body, encoding, statuses):
    status, answer = answer_to(server, body, {"Content-Encoding": encoding})
    assert status in statuses, (encoding, status, answer[:100])


def test_bombs_of_every_codec():
    with harness.Server() as server:
        bombs = {"gzip": bomb(lambda: zlib.compressobj(1, zlib.DEFLATED, 31)),
                 "deflate": bomb(lambda: zlib.compressobj(1)), "zstd": zstd_bomb(), "snappy": snappy_bomb(),
                 "lz4": lz4_bomb()}
        with attack.attack(server, "bombs", 900) as beside:
            while not beside.has_had_its_turns():
                for encoding, packed in bombs.items():
                    # What is over the limit is 413; 250 MiB of nothing are no spans.
                    check_refused(server, packed, encoding, (413, 400))


def test_a_million_members_of_gzip():
    """Each is empty; room that was made for each would be as large as for all."""
    with harness.Server() as server:
        with attack.attack(server, "gzip members", 900) as beside:
            while not beside.has_had_its_turns():
                status, _ = answer_to(server, gzip.compress(b"", 1) * 1_000_000, {"Content-Encoding": "gzip"})
                assert status == 200, status


def test_snappy_that_claims_four_gibibytes():
    with harness.Server() as server:
        with attack.attack(server, "snappy's claim", 50) as beside:
            while not beside.has_had_its_turns():
                check_refused(server, b"\xff\xff\xff\xff\x0f" + b"\0" * 100, "snappy", (413,))


def nested(depth):
    value = harness.field(1, "deepest")
    for _ in range(depth):
        value = harness.field(5, harness.field(1, value))
    return value


def test_values_that_are_nested_without_end():
    with harness.Server() as server:
        with attack.attack(server, "deep values", 50) as beside:
            while not beside.has_had_its_turns():
                for depth, expected in ((25, 200), (40, 400), (5000, 400)):
                    attribute = harness.field(1, "deep") + harness.field(2, nested(depth))
                    span = harness.otlp_span(b"d" * 16, os.urandom(8)) + harness.field(9, attribute)
                    status, answer = answer_to(server, harness.otlp_request([span]), {})
                    assert status == expected, (depth, status, answer)
                for depth in (1000, 1_000_000):
                    body = b'{"resourceSpans":' + b"[" * depth
                    status, answer = answer_to(server, body, {"Content-Type": "application/json"})
                    assert status == 400 and b"nested" in answer, (depth, status, answer)


def test_thrift_that_lies_about_lengths():
    huge = struct.pack(">i", 2**31 - 1)
    bodies = [b"\x0b\x00\x01" + huge,                       # a string
              b"\x0f\x00\x02\x0c" + huge,                   # a list of structs
              b"\x0f\x00\x02\x0f" + huge + b"\x0f" + huge,  # of lists
              b"\x0d\x00\x02\x0b\x0b" + huge,               # a map
              b"\x0b\x00\x01" + struct.pack(">i", -1), b"\x0c\x00\x01" * 100_000]
    with harness.Server() as server:
        with attack.attack(server, "thrift's lengths", 50) as beside:
            while not beside.has_had_its_turns():
                for body in bodies:
                    with attack.refused_promptly(server):
                        status, _, _ = server.request("jaeger_thrift", "POST", "/api/traces?format=jaeger.thrift", body,
                                                      THRIFT)
                    assert status == 400, (body[:20], status)


def test_a_grpc_message_that_claims_much_and_does_not_come():
    with harness.Server() as server:
        with attack.attack(server, "gRPC's lengths", 100) as beside:
            peers = []
            for size in (2**32 - 1, 60 << 20) * 20:
                peer = attack.Http2(server, "otlp_grpc")
                for _ in range(50):
                    stream = peer.next_stream()
                    peer.send(attack.frame(attack.HEADERS, attack.END_HEADERS, stream, attack.head("POST", EXPORT, *GRPC)),
                              attack.frame(attack.DATA, 0, stream, b"\0" + struct.pack(">I", size) + b"x"))
                peers.append(peer)
            beside.wait_for_turns()
            for peer in peers:
                peer.peer.close()


def test_text_that_is_no_utf8_is_repaired_and_duckdb_reads_it():
    with harness.Server() as server:
        bad = b"caf\xe9 \xff\xfe ok"
        span = harness.otlp_span(b"u" * 16, b"12345678", name="n").replace(b"\x2a\x01n", harness.field(5, bad))
        span += harness.field(9, harness.field(1, b"k\xff") + harness.field(2, harness.field(1, bad)))
        assert server.export(harness.otlp_request([span], service="s"))[0] == 200
        for flushed in (False, True):
            if flushed:
                assert server.request("api", "POST", "/flush")[0] == 204
            (_, found), = server.trace_spans((b"u" * 16).hex())
            assert found["name"] == "caf\ufffd \ufffd\ufffd ok", found
            assert harness.attributes(found)["k\ufffd"] == "caf\ufffd \ufffd\ufffd ok", found
        (row,), = sql(f"select name from read_parquet('{server.data}/blocks/*/*/spans.parquet')")
        assert row["name"] == "caf\ufffd \ufffd\ufffd ok", row


def keys_span(number):
    """A span with a hundred attributes whose keys no other has."""
    span = harness.otlp_span((number + 1).to_bytes(16, "big"), b"12345678", name="keys")
    return span + b"".join(harness.field(9, harness.string_attribute(f"key.{number}.{i}", "v"))
                           for i in range(KEYS_OF_A_SPAN))


def test_attribute_keys_without_end():
    """A column for each would be a file that nobody opens: there are so many columns, and all else is kept beside them."""
    with harness.Server() as server:
        spans = KEYS // KEYS_OF_A_SPAN
        with attack.attack(server, f"{KEYS} attribute keys", 600):
            for first in range(0, spans, 100):
                body = harness.otlp_request([keys_span(number) for number in range(first, min(first + 100, spans))])
                assert server.export(body)[0] == 200
            assert server.request("api", "POST", "/flush")[0] == 204
            for number in (0, spans // 2, spans - 1):
                (_, found), = server.trace_spans((number + 1).to_bytes(16, "big").hex())
                assert len(harness.attributes(found)) == KEYS_OF_A_SPAN + 1, found
            found = server.search(f"q=%7Bspan.%22key.{spans - 1}.7%22=%22v%22%7D")
            assert len(found) == 1, found
        files = f"'{server.data}/blocks/*/*/spans.parquet'"
        rows, columns = sql(f"select count(*) n from read_parquet({files}, union_by_name=true) where name = 'keys'",
                            f"select max(n) n from (select count(*) n from parquet_schema({files}) group by file_name)")
        assert int(rows[0]["n"]) == spans, rows
        print(f"{columns[0]['n']} columns")
        assert int(columns[0]["n"]) < 1000, columns


if __name__ == "__main__":
    harness.run_tests(globals())
