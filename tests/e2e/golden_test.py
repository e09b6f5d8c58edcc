"""Data directories of every version so far open, are whole, and answer what they answered then."""
import base64
import json

import golden
import harness

FOLDER = harness.ROOT / "tests/golden"
VERSIONS = sorted(FOLDER.glob("v*"))


def in_order(value):
    """The same with attributes by key: their order is nobody's promise."""
    if isinstance(value, list):
        return [in_order(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: sorted(map(in_order, item), key=lambda pair: pair["key"]) if key == "attributes" else in_order(item)
            for key, item in value.items()}


def expected_of(version):
    return json.loads((version / "expected.json").read_text())


def test_every_version_answers_as_it_did():
    assert [version.name for version in VERSIONS] == list(golden.QUESTIONS), VERSIONS
    for version in VERSIONS:
        expected = expected_of(version)
        found = json.loads(json.dumps(golden.answers_of(version / "data", golden.QUESTIONS[version.name])))
        assert set(found) == set(expected), (version.name, list(found), list(expected))
        for part in expected:
            assert in_order(found[part]) == in_order(expected[part]), (version.name, part, found[part], expected[part])
        assert expected["verify"] and all(not block["faults"] for block in expected["verify"]), version


# That the directories have what they are for.

def test_the_first_has_blocks_and_a_log():
    data = FOLDER / "v1/data"
    assert len(list(data.glob("blocks/*/*/spans.parquet"))) == 2
    assert len(expected_of(FOLDER / "v1")["search"]) == 11
    segments = list(data.glob("wal/*.wal"))
    assert segments and all(list(golden.records_of(path)) for path in segments), segments


def test_the_second_has_a_merged_block_with_all_files_and_a_catalog_without_its_beginning():
    data = FOLDER / "v2/data"
    files = sorted(path.name for path in data.glob("blocks/*/*/*"))
    assert files == ["meta.json", "spans.parquet", "trace_ids.idx", "traces.parquet", "usual_times.bin"], files
    about, = data.glob("blocks/*/*/meta.json")
    # Two of each of the eight rich traces, and those that are alike; others were deleted.
    assert json.loads(about.read_text())["spans"] == 2 * 8 + 210, about.read_text()
    names = sorted(path.name for path in data.glob("catalog/0/*"))
    assert names[0].endswith(".snapshot") and names[-1] == "trimmed", names
    first = int(names[0].split(".")[0])
    assert first > 1 and [int(name) for name in names[1:-1]] == list(range(first + 1, first + len(names) - 1)), names


def test_the_second_knows_what_is_usual_from_its_block_alone():
    usual = expected_of(FOLDER / "v2")["usual"]
    # Of the hour before: what is read trace by trace is called the newest.
    assert usual["kind"] == "hour" and usual["traces"] == 210, usual
    assert 1_090_000 < usual["nanos"] < 1_110_000, usual


def spans_of(version, trace):
    """(service, name, id) of the spans that a version has of a trace."""
    batches = expected_of(version)["traces"][f"{trace:02x}" * 16]
    return {(harness.attributes(batch["resource"]).get("service.name"), span["name"], base64.b64decode(span["spanId"]))
            for batch in batches for scope in batch["scopeSpans"] for span in scope["spans"]}


def test_the_second_has_records_of_many_kinds_and_every_span_of_them():
    version = FOLDER / "v2"
    segment, = (version / "data/wal").glob("*.wal")
    records = list(golden.records_of(segment))
    # OTLP; the same compressed; Jaeger's thrift; Zipkin's JSON as OTLP, and as older versions wrote it.
    assert [(record.format, record.encoding) for record in records] == [
        (1, 0), (1, 0), (1, 1), (2, 0), (1, 0), (20, 0)], records
    assert records[-1].body.startswith(b'[{"traceId":"0f0f'), records[-1]
    expected = {
        1: {("golden-0", "GET /golden", b"root-\1\1\1"), ("golden-0", "query", b"child\1\1\1")},
        10: {("golden-log", "GET /golden", b"root-\n\n\n"), ("golden-log", "query", b"child\n\n\n")},
        11: {("golden-usual", "GET /usual", b"usually.")},
        12: {("test", "op", b"squeezed")},
        13: {("golden-jaeger", "charge", bytes(7) + b"\x0d")},
        14: {(None, "pay", bytes(7) + b"\x14")},
        15: {(None, "pay", bytes(7) + b"\x15")},
    }
    for trace, spans in expected.items():
        assert spans_of(version, trace) == spans, (trace, spans_of(version, trace))


if __name__ == "__main__":
    harness.run_tests(globals())
