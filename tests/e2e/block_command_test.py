"""`clew block`: what it says of the blocks of a data directory, whole and damaged."""
import json
import pathlib
import subprocess
import tempfile

import harness


def block(*arguments, code=0):
    run = subprocess.run([harness.CLEW, "block", *arguments], capture_output=True, text=True,
                         timeout=100)
    assert run.returncode == code, (run.returncode, run.stdout[-2000:], run.stderr[-2000:])
    return run


def write_blocks(data, count):
    """A stopped data directory of some blocks, the first of three spans."""
    with harness.Server(data=data) as server:
        for number in range(count):
            spans = [harness.otlp_span(bytes([number + 1] * 16), bytes([i + 1] * 8))
                     for i in range(number + 3)]
            status, _, _ = server.export(harness.otlp_request(spans, f"service-{number}"))
            assert status == 200, status
            status, _, body = server.request("api", "POST", "/flush")
            assert status in (200, 204), (status, body)
        server.stop()


def test_lists_and_shows():
    with tempfile.TemporaryDirectory() as data:
        write_blocks(data, 2)
        blocks = json.loads(block("ls", "--data", data, "--json").stdout)
        assert [b["spans"] for b in blocks] == [3, 4], blocks
        assert [b["traces"] for b in blocks] == [1, 1], blocks
        text = block("ls", "--data", data).stdout
        assert blocks[0]["id"] in text and "2 blocks, 7 spans" in text, text
        assert block("ls", "--data", data, "--tenant", "nobody").stdout == "no blocks\n"

        shown = json.loads(block("show", "--data", data, "--json", blocks[1]["id"]).stdout)
        columns = {column["name"]: column for column in shown["columns"]}
        assert shown["rowGroups"] == [4], shown
        assert columns["trace_id"]["type"] == "uuid" and columns["span_id"]["values"] == 4, columns
        assert columns["resource.service.name"]["nulls"] == 0, columns
        files = {entry["name"]: entry["bytes"] for entry in shown["objects"]}
        folder = next(pathlib.Path(data, "blocks").glob(f"*/{blocks[1]['id']}"))
        assert files == {path.name: path.stat().st_size for path in folder.iterdir()}, files
        text = block("show", "--data", data, blocks[1]["id"]).stdout
        assert "resource.service.name" in text and "spans.parquet" in text, text


def dumped(*arguments):
    """(service, span) of each span that is printed."""
    spans = []
    for line in block("dump", *arguments).stdout.splitlines():
        for resource_spans in json.loads(line)["resourceSpans"]:
            service = harness.attributes(resource_spans["resource"])["service.name"]
            for scope_spans in resource_spans["scopeSpans"]:
                spans += [(service, span) for span in scope_spans["spans"]]
    return spans


def test_dumps_spans_as_otlp_json():
    with tempfile.TemporaryDirectory() as data:
        write_blocks(data, 2)
        blocks = json.loads(block("ls", "--data", data, "--json").stdout)
        spans = dumped("--data", data, blocks[1]["id"])
        assert [(service, span["traceId"]) for service, span in spans] == [("service-1", "02" * 16)] * 4, spans
        assert sorted(span["spanId"] for _, span in spans) == [f"0{i}" * 8 for i in range(1, 5)], spans
        assert all(span["kind"] == 2 and harness.attributes(span) == {"k": "v"} for _, span in spans), spans
        assert dumped("--data", data, blocks[0]["id"], "--trace", "01" * 16) == dumped(
            "--data", data, blocks[0]["id"])
        assert dumped("--data", data, blocks[0]["id"], "--trace", "02" * 16) == []
        assert "hex digits" in block("dump", "--data", data, blocks[0]["id"], "--trace", "no", code=1).stderr


def test_verifies_while_the_server_runs_and_names_what_is_damaged():
    with tempfile.TemporaryDirectory() as data:
        write_blocks(data, 2)
        with harness.Server(data=data):
            lines = block("verify", "--data", data, "--json").stdout.splitlines()
        assert [json.loads(line)["faults"] for line in lines] == [[], []], lines
        spans = sorted(pathlib.Path(data, "blocks").glob("*/*/spans.parquet"))
        whole = spans[0].read_bytes()
        spans[0].write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
        text = block("verify", "--data", data, code=1).stdout
        assert "DAMAGED" in text and "spans.parquet" in text, text
        assert text.count("whole") == 1, text
        damaged = spans[0].parent.name
        assert damaged in block("verify", "--data", data, damaged, code=1).stdout
        spans[0].write_bytes(whole)
        block("verify", "--data", data)
        (spans[0].parent / "trace_ids.idx").unlink()
        assert "trace_ids.idx" in block("verify", "--data", data, code=1).stdout


def test_a_damaged_catalog_is_named():
    with tempfile.TemporaryDirectory() as data:
        write_blocks(data, 2)
        entries = [path for path in pathlib.Path(data, "catalog").glob("0/*") if path.is_file()]
        assert entries
        for entry in entries:
            whole = entry.read_bytes()
            entry.write_bytes(whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:])
            run = block("verify", "--data", data, code=1)
            assert entry.name in run.stdout + run.stderr, (entry, run.stdout, run.stderr)
            entry.write_bytes(whole)
        block("verify", "--data", data)


def test_a_damaged_block_does_not_stop_the_others():
    with tempfile.TemporaryDirectory() as data:
        write_blocks(data, 2)
        spans = sorted(pathlib.Path(data, "blocks").glob("*/*/spans.parquet"))
        spans[0].write_bytes(spans[0].read_bytes()[:300])
        with harness.Server(data=data) as server:
            damaged = spans[0].parent.name
            # Whether it has more of this trace nobody knows, so the answer says so.
            status, headers, body = server.request("api", "GET", "/api/v2/traces/" + "02" * 16)
            reply = json.loads(body)
            assert status == 200 and reply["status"] == "PARTIAL", (status, body)
            assert damaged in reply["message"] and damaged in headers["X-Clew-Partial"], reply
            status, _, body = server.request("api", "GET", "/api/traces/" + "01" * 16)
            assert status == 500 and damaged in body.decode(), (status, body)
            status, headers, body = server.request("api", "GET", "/api/search")
            found = [trace["traceID"] for trace in json.loads(body)["traces"]]
            assert status == 200 and found == [("02" * 16).lstrip("0")], body
            assert damaged in headers["X-Clew-Partial"], headers
            status, headers, body = server.request("api", "GET", "/api/search/tag/service.name/values")
            assert json.loads(body)["tagValues"] == ["service-1"], body
            assert damaged in headers["X-Clew-Partial"], headers
            assert server.log_text().count("answers lack spans") == 1, server.log_text()


def test_errors_say_what_to_do():
    with tempfile.TemporaryDirectory() as data:
        assert "--data" in block("ls", "--data", data, code=1).stderr
        write_blocks(data, 2)
        assert "clew block ls" in block("show", "--data", data, "nothing", code=1).stderr
        assert "several blocks" in block("show", "--data", data, "0", code=1).stderr


harness.run_tests(globals())
