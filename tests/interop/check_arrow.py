"""pyarrow: reads every column of every block, checksums, statistics and indexes; and what it writes, clew reads."""
import json
import random

import suite
import harness
import block_rows
from api_spans import all_spans
from duckdb_test import double_attribute, int_attribute, linked_body, load, trace_row
from parquet_rows import DUMP

CLIENT = suite.ROOT / "tests/interop/arrow/read_blocks.py"
FOREIGN = suite.ROOT / "tests/e2e/arrow_files_test.py"
ENCODINGS = {"PLAIN", "RLE", "RLE_DICTIONARY", "DELTA_BINARY_PACKED", "DELTA_LENGTH_BYTE_ARRAY", "BYTE_STREAM_SPLIT"}
SPECIAL = [float("nan"), float("inf"), float("-inf"), -0.0, 0.0, 5e-324]


def flush(server):
    assert server.request("api", "POST", "/flush")[0] == 204


def distinct_body():
    """Spans with values that are all different, which no dictionary has, and those that doubles can be beside numbers."""
    chance = random.Random(4)
    spans = []
    for number in range(3000):
        double = SPECIAL[number] if number < len(SPECIAL) else chance.uniform(1, 2)
        attributes = (double_attribute("ratio", double), int_attribute("place", chance.getrandbits(60)),
                      harness.string_attribute("note", "ä" * (number % 3) + chance.randbytes(60 + number % 20).hex()),
                      harness.string_attribute("long", "x" * 90 + str(number)))
        spans.append(harness.otlp_span(chance.randbytes(16), chance.randbytes(8)) +
                     b"".join(harness.field(9, attribute) for attribute in attributes))
    return harness.otlp_request(spans, "distinct")


def fill(server, count):
    """Generated spans, those that have all that events and links can say, and a key of two types."""
    load(server, "--spans", str(count), "--errors", "0.05", "--missing", "0.05")
    flush(server)
    assert server.export(linked_body())[0] == 200
    for number, attribute in enumerate((int_attribute("code", 404), harness.string_attribute("code", "not found"))):
        span = harness.otlp_span(bytes([number + 1] * 16), bytes([number + 1] * 8)) + harness.field(9, attribute)
        assert server.export(harness.otlp_request([span]))[0] == 200
    flush(server)


def read_blocks(python, server):
    """What pyarrow reads: rows by file name, and what the files are made of."""
    output = suite.run(str(python), str(CLIENT), str(server.data / "blocks"), seconds=500)
    rows = {"spans": [], "traces": []}
    *lines, (_, made_of) = map(json.loads, output.splitlines())
    for name, row in lines:
        rows[name].append(row)
    return rows, made_of


def check_spans(rows, server):
    spans = all_spans(server)
    assert block_rows.check_same(rows["spans"], map(block_rows.span_of_api, spans)) > 1000
    return spans


def check_flushed(python):
    """One block of pages enough to have bounds of their own."""
    with harness.Server("--memtable-size=256MiB", "--merge-from=1000") as server:
        load(server, "--spans", "20000", "--errors", "0.05", "--missing", "0.05")
        assert server.export(distinct_body())[0] == 200
        flush(server)
        rows, made_of = read_blocks(python, server)
        spans = check_spans(rows, server)
        by_trace = {}
        for span in spans:
            by_trace.setdefault(span.trace_id, []).append(span)
        block_rows.check_same(rows["traces"], [trace_row(*item) for item in by_trace.items()])
        assert made_of["LZ4"] > 10, made_of
        return made_of


def check_merged(python):
    with harness.Server("--memtable-size=2MiB", "--merge-from=2") as server:
        fill(server, 10000)
        harness.wait_for(lambda: server.metric("clew_store_merges_total") > 0, server.process,
                         server.folder / "server.log", seconds=120)
        # From now on no file goes while it is read.
        assert server.stop() == 0
        server.flags = ("--merge-from=1000",)
        server.start()
        rows, made_of = read_blocks(python, server)
        spans = check_spans(rows, server)
        assert sum(row["rows"] for row in rows["traces"]) == len(spans)
        assert made_of["ZSTD"] > 10, made_of
        return made_of


def check():
    python = suite.venv("arrow", "pyarrow", "pandas")
    flushed, merged = check_flushed(python), check_merged(python)
    made_of = {name: flushed.get(name, 0) + merged.get(name, 0) for name in {*flushed, *merged}}
    assert ENCODINGS <= set(made_of) and made_of["bloom filters"] > 2, made_of
    written = suite.NO_DUMP
    if DUMP.exists():
        written = suite.run(str(python), "-B", str(FOREIGN), str(harness.BUILD), seconds=500).splitlines()[-1]
        written = f"files that it writes: {written}"
    return f"every column of {made_of['pages']} pages; {written}"
