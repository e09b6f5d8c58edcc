#!/usr/bin/env python3
"""Makes tests/golden/vN: a data directory of this version and what it must answer ever after.

    python3 tests/golden/make.py build/release tests/golden/v2

What was sent is the same each time; ids of blocks, nodes and times of receipt are not. So it is
made once for a version of the formats, and later programs must open it: tests/e2e/golden_test.py.
This makes the newest of them; the makers of those before are in the history of this file."""
import gzip
import json
import pathlib
import shutil
import struct
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import golden  # pylint: disable=wrong-import-position
import harness  # pylint: disable=wrong-import-position
from format_docs_test import crc32c  # pylint: disable=wrong-import-position
from xxh3 import xxh3_128  # pylint: disable=wrong-import-position

START = 1_700_000_000_000_000_000
# Enough traces of one kind that a block alone says what is usual for it.
USUAL_TRACES = 210
BODIES = 8  # each a block before they are merged
DOOMED_TRACES = 38  # each in all bodies but one, so that an entry that deletes one names many blocks


def number(key, value):
    return harness.field(1, key) + harness.field(2, b"\x18" + harness.varint(value))


def id_of(trace):
    return bytes([trace] * 16)


def rich_spans(trace):
    """A trace of two spans with attributes, an event and a link; every other trace has an error."""
    event = b"\x09" + struct.pack("<Q", START + trace) + harness.field(2, "retried") + harness.field(3, number("attempt", 2))
    link = harness.field(1, bytes([99] * 16)) + harness.field(2, bytes([98] * 8))
    odd = harness.field(1, "nested") + harness.field(2, harness.field(6, harness.field(1, number("inside", 1))))
    root = (harness.otlp_span(id_of(trace), b"root-" + bytes([trace] * 3), "GET /golden", START + trace * 1000) +
            harness.field(9, number("code", 200 + trace)) + harness.field(11, event) + harness.field(9, odd))
    child = (harness.otlp_span(id_of(trace), b"child" + bytes([trace] * 3), "query", START + trace * 1000 + 10, 500) +
             harness.field(4, b"root-" + bytes([trace] * 3)) + harness.field(13, link) +
             harness.field(9, harness.string_attribute("code", "text")) +
             (harness.field(15, harness.field(2, "went wrong") + b"\x18\x02") if trace % 2 else b""))
    return [root, child]


def usual_span(trace_id, trace, duration):
    return harness.otlp_span(trace_id, b"usually.", "GET /usual", START - 1_000_000 + trace, duration)


def doomed_id(trace):
    return b"doomed trace " + b"%03d" % trace


def merged_body(body):
    """A rich trace, some that are alike, and in all bodies but the last some that will be deleted."""
    alike = [usual_span(b"a usual trace%03d" % trace, trace, 1_000_000 + trace * 1000)
             for trace in range(body, USUAL_TRACES, BODIES)]
    doomed = [harness.otlp_span(doomed_id(trace), b"part %03d" % body, start=START)
              for trace in range(DOOMED_TRACES) if body + 1 < BODIES]
    return (harness.otlp_request(rich_spans(body + 1), f"golden-{body % 3}") + harness.otlp_request(alike, "golden-usual") +
            harness.otlp_request(doomed, "golden-doomed"))


def thrift_text(place, text):
    return b"\x0b" + struct.pack(">hi", place, len(text)) + text.encode()


def thrift_i64(place, value):
    return b"\x0a" + struct.pack(">hq", place, value)


def jaeger_batch(trace):
    low, high = struct.unpack(">qq", id_of(trace)[8:] + id_of(trace)[:8])
    tag = thrift_text(1, "from") + b"\x08" + struct.pack(">hi", 2, 0) + thrift_text(3, "jaeger") + b"\0"
    span = (thrift_i64(1, low) + thrift_i64(2, high) + thrift_i64(3, trace) + thrift_i64(4, 0) + thrift_text(5, "charge") +
            b"\x08" + struct.pack(">hi", 7, 1) + thrift_i64(8, START // 1000) + thrift_i64(9, 70) +
            b"\x0f" + struct.pack(">hbi", 10, 12, 1) + tag + b"\0")
    process = b"\x0c" + struct.pack(">h", 1) + thrift_text(1, "golden-jaeger") + b"\0"
    return process + b"\x0f" + struct.pack(">hbi", 2, 12, 1) + span + b"\0"


def zipkin_json(trace):
    return (f'[{{"traceId":"{id_of(trace).hex()}","id":"{trace:016}","name":"pay","timestamp":{START // 1000},'
            f'"duration":{trace}}}]').encode()


def send(server, body, **headers):
    assert server.export(body, {name.replace("_", "-"): value for name, value in headers.items()})[0] == 200


def flush(server):
    assert server.request("api", "POST", "/flush")[0] == 204


def delete(server, trace):
    assert server.request("api", "DELETE", "/api/clew/v1/traces/" + doomed_id(trace).hex())[0] == 200


def make_blocks(data):
    """One merged block, and a catalog that was written as a snapshot on the way."""
    with harness.Server("--quiet", f"--merge-from={BODIES}", data=data) as server:
        for body in range(BODIES - 1):
            send(server, merged_body(body))
            flush(server)
        doomed = list(range(DOOMED_TRACES))
        while not list(data.glob("catalog/0/*.snapshot")):
            delete(server, doomed.pop())
        send(server, merged_body(BODIES - 1))
        flush(server)
        harness.wait_for(lambda: len(list(data.glob("blocks/*/*"))) == 1, server.process, server.folder / "server.log")
        # So that the entries behind the snapshot tell of a deletion too.
        assert 0 < len(doomed) < 4, doomed
        for trace in doomed:
            delete(server, trace)
        server.stop()


def trim(data):
    """Deletes the entries that the snapshot stands for, as the next one would do, which is far off."""
    snapshot, = data.glob("catalog/0/*.snapshot")
    (data / "catalog/0/trimmed").touch()
    for entry in data.glob("catalog/0/" + "[0-9]" * 20):
        if entry.name <= snapshot.stem:
            entry.unlink()


def write_log(data):
    """Records of some formats that are in no block."""
    with harness.Server("--quiet", data=data) as server:
        send(server, harness.otlp_request(rich_spans(10), "golden-log"))
        send(server, harness.otlp_request([usual_span(id_of(11), 2 * USUAL_TRACES, 9_000_000)], "golden-usual"))
        send(server, gzip.compress(harness.otlp_request([harness.otlp_span(id_of(12), b"squeezed", start=START)]), mtime=0),
             Content_Encoding="gzip")
        jaeger = server.request("jaeger_thrift", "POST", "/api/traces", jaeger_batch(13), {"Content-Type": "application/x-thrift"})
        assert jaeger[0] == 202, jaeger
        zipkin = server.request("zipkin", "POST", "/api/v2/spans", zipkin_json(14), {"Content-Type": "application/json"})
        assert zipkin[0] == 202, zipkin
        server.kill()
    for path in data.glob("wal/*.wal"):
        # Free space is no part of the format.
        path.write_bytes(path.read_bytes().rstrip(b"\0") + bytes(64))
    add_json_record(max(data.glob("wal/*.wal")), zipkin_json(15))


def add_json_record(path, body):
    """Zipkin's JSON as it came, which versions before wrote and this one still reads."""
    segment = path.read_bytes()
    records = list(golden.records_of(path))
    checked = [record for record in records if 16 < len(record.body) <= 128]
    assert checked and all(record.hash == xxh3_128(record.body) for record in checked), records
    last = records[-1]
    at = last.end + 7 & ~7
    rest = struct.pack("<QQqQQIHBBHHI", (last.lsn >> 32 << 32) + at, last.epoch, last.received + 1, *xxh3_128(body), len(body),
                       len(last.tenant), 20, 0, last.decoder, 0, 0) + last.tenant + body
    record = b"CREC" + struct.pack("<I", crc32c(rest)) + rest
    path.write_bytes(segment[:last.end].ljust(at, b"\0") + record + bytes(64))


def main():
    folder = pathlib.Path(sys.argv[2])
    assert not folder.exists(), f"{folder} is there already; a version is made once"
    with tempfile.TemporaryDirectory() as scratch:
        data = pathlib.Path(scratch, "data")
        make_blocks(data)
        trim(data)
        write_log(data)
        (data / "LOCK").unlink()
        shutil.copytree(data, folder / "data")
    expected = golden.answers_of(folder / "data", golden.QUESTIONS[folder.name])
    (folder / "expected.json").write_text(json.dumps(expected, sort_keys=True, separators=(",", ":")) + "\n")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder}: {size} bytes, {len(expected['search'])} traces")
    assert size < 60_000, size


if __name__ == "__main__":
    main()
