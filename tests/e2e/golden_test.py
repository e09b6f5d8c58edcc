"""Data directories of every version so far open, are whole, and answer what they answered then."""
import json

import golden
import harness

VERSIONS = sorted((harness.ROOT / "tests/golden").glob("v*"))


def in_order(value):
    """The same with attributes by key: their order is nobody's promise."""
    if isinstance(value, list):
        return [in_order(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: sorted(map(in_order, item), key=lambda pair: pair["key"]) if key == "attributes" else in_order(item)
            for key, item in value.items()}


def test_every_version_answers_as_it_did():
    assert VERSIONS, "there are no golden files"
    for version in VERSIONS:
        expected = json.loads((version / "expected.json").read_text())
        found = json.loads(json.dumps(golden.answers_of(version / "data")))
        for part in expected:
            assert in_order(found[part]) == in_order(expected[part]), (version.name, part, found[part], expected[part])
        assert len(expected["search"]) == 11 and all(not block["faults"] for block in expected["verify"]), version
        assert {"merged", "flushed", "log"} == parts_of(version / "data"), version


def parts_of(data):
    """That the directory still has what it is for."""
    spans = [len(path.read_bytes()) for path in data.glob("blocks/*/*/spans.parquet")]
    assert len(spans) == 2, spans
    segments = list(data.glob("wal/*.wal"))
    return {"merged", "flushed", "log"} if segments and all(b"CREC" in path.read_bytes() for path in segments) else set()


if __name__ == "__main__":
    harness.run_tests(globals())
