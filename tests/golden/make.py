#!/usr/bin/env python3
"""Makes tests/golden/vN: a data directory of this version and what it must answer ever after.

    python3 tests/golden/make.py build/release tests/golden/v1

What was sent is the same each time; ids of blocks, nodes and times of receipt are not. So it is
made once for a version of the formats, and later programs must open it: tests/e2e/golden_test.py."""
import json
import pathlib
import shutil
import struct
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import golden  # pylint: disable=wrong-import-position
import harness  # pylint: disable=wrong-import-position

START = 1_700_000_000_000_000_000


def number(key, value):
    return harness.field(1, key) + harness.field(2, b"\x18" + harness.varint(value))


def body(trace):
    """A trace of two spans with attributes, an event and a link; every other trace has an error."""
    trace_id = bytes([trace] * 16)
    event = b"\x09" + struct.pack("<Q", START + trace) + harness.field(2, "retried") + harness.field(3, number("attempt", 2))
    link = harness.field(1, bytes([99] * 16)) + harness.field(2, bytes([98] * 8))
    odd = harness.field(1, "nested") + harness.field(2, harness.field(6, harness.field(1, number("inside", 1))))
    root = (harness.otlp_span(trace_id, b"root-" + bytes([trace] * 3), "GET /golden", START + trace * 1000) +
            harness.field(9, number("code", 200 + trace)) + harness.field(11, event) + harness.field(9, odd))
    child = (harness.otlp_span(trace_id, b"child" + bytes([trace] * 3), "query", START + trace * 1000 + 10, 500) +
             harness.field(4, b"root-" + bytes([trace] * 3)) + harness.field(13, link) +
             harness.field(9, harness.string_attribute("code", "text")) +
             (harness.field(15, harness.field(2, "went wrong") + b"\x18\x02") if trace % 2 else b""))
    return harness.otlp_request([root, child], f"golden-{trace % 3}")


def fill(data):
    """Eight flushed blocks that are merged, one that is not, and records that are in none."""
    with harness.Server("--quiet", data=data) as server:
        for trace in range(1, 9):
            assert server.export(body(trace))[0] == 200
            assert server.request("api", "POST", "/flush")[0] == 204
        harness.wait_for(lambda: len(list(data.glob("blocks/*/*"))) == 1, server.process, server.folder / "server.log")
        server.stop()
    with harness.Server("--quiet", data=data) as server:
        assert server.export(body(9))[0] == 200
        assert server.request("api", "POST", "/flush")[0] == 204
        for trace in (10, 11):
            assert server.export(body(trace))[0] == 200
        server.kill()
    for segment in data.glob("wal/*.wal"):
        # Free space is no part of the format.
        segment.write_bytes(segment.read_bytes().rstrip(b"\0") + bytes(64))


def main():
    folder = pathlib.Path(sys.argv[2])
    assert not folder.exists(), f"{folder} is there already; a version is made once"
    with tempfile.TemporaryDirectory() as scratch:
        data = pathlib.Path(scratch, "data")
        fill(data)
        (data / "LOCK").unlink()
        shutil.copytree(data, folder / "data")
    expected = golden.answers_of(folder / "data")
    (folder / "expected.json").write_text(json.dumps(expected, sort_keys=True, separators=(",", ":")) + "\n")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder}: {size} bytes, {len(expected['search'])} traces")
    assert size < 60_000, size


if __name__ == "__main__":
    main()
