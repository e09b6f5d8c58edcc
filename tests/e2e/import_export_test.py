"""`clew import` and `clew export`: spans go out and come in again as they were."""
import gzip
import json
import pathlib
import re
import shlex
import subprocess
import tempfile

import harness

SPANS = "20000"


def clew(*arguments, code=0, **options):
    run = subprocess.run([harness.CLEW, *arguments], capture_output=True, timeout=100, **options)
    assert run.returncode == code, (run.returncode, run.stdout[-2000:], run.stderr[-2000:])
    return run


def endpoint(server):
    return f"http://127.0.0.1:{server.ports['otlp_http']}"


def api(server):
    return f"http://127.0.0.1:{server.ports['api']}"


def import_files(server, *files, code=0, **options):
    """The report of each file."""
    run = clew("import", *files, "--endpoint", endpoint(server), "--json", code=code, **options)
    return json.loads(run.stdout)["files"]


def export(server, path, *flags):
    clew("export", "--data", server.data, "--server", api(server), "-o", path, *flags)


def spans_of(path):
    """Each span with its resource and scope, as sorted texts."""
    texts = []
    for line in pathlib.Path(path).read_text().splitlines():
        for resource_spans in json.loads(line)["resourceSpans"]:
            for scope_spans in resource_spans.get("scopeSpans", []):
                head = [resource_spans.get("resource"), resource_spans.get("schemaUrl"),
                        scope_spans.get("scope"), scope_spans.get("schemaUrl")]
                texts += [json.dumps([head, span], sort_keys=True) for span in scope_spans["spans"]]
    return sorted(texts)


def send_load(server):
    clew("load", "--quiet", "--no-floor", "--spans", SPANS, "--errors", "0.2", "--endpoint",
         f"http://127.0.0.1:{server.ports['otlp_grpc']}", "--api", api(server))


def test_what_is_exported_and_imported_is_the_same_in_both_formats():
    with tempfile.TemporaryDirectory() as folder:
        first, second, third, binary = (f"{folder}/{name}" for name in ("1.json", "2.json", "3.json", "b"))
        with harness.Server() as server:
            send_load(server)
            export(server, first)
            export(server, binary, "--format", "protobuf")
        expected = spans_of(first)
        assert len(expected) > 0.99 * int(SPANS), len(expected)
        for source, copy in ((first, second), (binary, third)):
            with harness.Server() as server:
                report, = import_files(server, source)
                assert report["spans"] == len(expected) and not report["problems"], report
                export(server, copy)
            assert spans_of(copy) == expected, source


def json_line(trace_id, name="op", **members):
    span = {"traceId": trace_id, "spanId": "0102030405060708", "name": name, "kind": 2,
            "startTimeUnixNano": "1700000000000000000", "endTimeUnixNano": "1700000000000000005", **members}
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]})


def test_reads_one_object_or_lines_compressed_or_not_and_standard_input():
    with tempfile.TemporaryDirectory() as folder, harness.Server() as server:
        pretty, lines, packed = (pathlib.Path(folder, name) for name in ("pretty", "lines", "packed"))
        pretty.write_text("\n " + json.dumps(json.loads(json_line("01" * 16)), indent=2) + "\n")
        lines.write_text(json_line("02" * 16) + "\n\n" + json_line("03" * 16) + "\r\n" + json_line("04" * 16))
        packed.write_bytes(gzip.compress(json_line("05" * 16).encode()))
        assert [report["spans"] for report in import_files(server, pretty, lines, packed)] == [1, 3, 1]
        assert import_files(server, "-", input=json_line("06" * 16).encode())[0]["spans"] == 1
        body = harness.otlp_request([harness.otlp_span(b"\x07" * 16, b"12345678")])
        assert import_files(server, "-", input=body)[0]["spans"] == 1
        assert import_files(server, "-", input=b"")[0]["spans"] == 0
        for number in range(1, 8):
            assert len(server.trace_spans(f"0{number}" * 16)) == 1, number
        exported = f"{folder}/exported"
        export(server, exported, "--trace", "03" * 16)
        span, = (json.loads(text)[1] for text in spans_of(exported))
        assert span["traceId"] == "03" * 16 and span["kind"] == 2, span


def test_reads_what_jaeger_and_zipkin_save():
    jaeger = {"data": [{"traceID": "1f", "processes": {"p1": {"serviceName": "cart"}}, "spans": [
        {"traceID": "1f", "spanID": "a", "operationName": "get", "startTime": 1700000000000000,
         "duration": 2000, "processID": "p1",
         "tags": [{"key": "span.kind", "type": "string", "value": "server"}]}]}]}
    zipkin = [{"traceId": "000000000000002f", "id": "000000000000000b", "kind": "CLIENT",
               "name": "put", "timestamp": 1700000000000000, "duration": 3000,
               "localEndpoint": {"serviceName": "shelf"}, "tags": {"k": "v"}}]
    with harness.Server() as server, tempfile.TemporaryDirectory() as folder:
        for name, content in (("jaeger.json", jaeger), ("zipkin.json", zipkin)):
            for indent in (None, 2):
                path = pathlib.Path(folder) / name
                path.write_text(json.dumps(content, indent=indent))
                [report] = import_files(server, path)
                assert report["spans"] == 1 and report["problems"] == [], report
        [(service, span)] = server.trace_spans("1f")
        assert (service, span["name"], span["kind"]) == ("cart", "get", "SPAN_KIND_SERVER")
        [(service, span)] = server.trace_spans("2f")
        assert (service, span["name"], span["kind"]) == ("shelf", "put", "SPAN_KIND_CLIENT")
        assert harness.attributes(span)["k"] == "v"


def test_what_is_bad_is_named_with_its_place_and_the_rest_imported():
    with tempfile.TemporaryDirectory() as folder, harness.Server() as server:
        path = pathlib.Path(folder, "shop.jsonl")
        path.write_text("\n".join([json_line("0a" * 16), json_line("0b" * 16)[:-1], json_line("0c"),
                                   json_line("0d" * 16)]))
        missing = f"{folder}/nothing"
        bad, none = import_files(server, path, missing, code=1)
        assert (bad["spans"], bad["rejectedSpans"], bad["badRequests"]) == (2, 1, 1), bad
        assert bad["problems"][0].startswith(f"{path}:2: otlp json: ") and "at byte" in bad["problems"][0], bad
        assert bad["problems"][1].startswith(f"{path}:3: ") and "trace id" in bad["problems"][1], bad
        assert missing in none["problems"][0] and none["spans"] == 0, none
        assert len(server.trace_spans("0d" * 16)) == 1
        garbage = import_files(server, "-", input=b"\xff" * 100, code=1)[0]
        assert "standard input: otlp: " in garbage["problems"][0], garbage
        run = clew("import", path, "--endpoint", endpoint(server), code=1)
        assert b"2 spans imported" in run.stdout and b"shop.jsonl:2" in run.stderr, run


def test_nobody_there_is_one_sentence():
    with tempfile.TemporaryDirectory() as folder, harness.Server() as server:
        path = pathlib.Path(folder, "one.json")
        path.write_text(json_line("0e" * 16))
        run = clew("import", path, "--endpoint", api(server), code=1)
        assert b"takes no OTLP over HTTP" in run.stderr, run
        server.stop()
        run = clew("import", path, "--endpoint", endpoint(server), code=1)
        assert endpoint(server).encode() in run.stderr, run


def test_a_server_that_says_later_gets_the_spans_later():
    with tempfile.TemporaryDirectory() as folder, \
            harness.Server("--memory-limit=4MiB", "--memtable-size=1MiB") as server:
        # No block can be made where a file lies.
        blocks = pathlib.Path(server.data, "blocks")
        blocks.write_text("in the way")
        path = pathlib.Path(folder, "many.json")
        path.write_text("\n".join(json_line(f"{number:032x}", name=f"{number:0400d}") for number in range(1, 30001)))
        with subprocess.Popen([harness.CLEW, "import", path, "--endpoint", endpoint(server), "--json"],
                              stdout=subprocess.PIPE) as importing:
            harness.wait_for(lambda: server.metric("clew_ingest_refused_requests_total") > 0, server.process, server.folder / "server.log")
            blocks.unlink()
            report, = json.loads(importing.communicate(timeout=100)[0])["files"]
        assert importing.returncode == 0, report
        assert report["spans"] == 30000 and report["failedSpans"] == 0, report


def test_exports_a_range_of_time():
    with tempfile.TemporaryDirectory() as folder, harness.Server() as server:
        second = 10**9
        spans = [harness.otlp_span(b"t" * 16, bytes([i + 1] * 8), start=(1_700_000_000 + i) * second)
                 for i in range(10)]
        assert server.export(harness.otlp_request(spans))[0] == 200
        path = f"{folder}/range"
        export(server, path, "--start", "1700000003", "--end", "1700000005")
        starts = [json.loads(text)[1]["startTimeUnixNano"] for text in spans_of(path)]
        assert sorted(starts) == [f"{1700000003 * second}", f"{1700000004 * second}"], starts
        assert b"no data directory" in clew("export", "--data", folder, code=1).stderr
        assert b"hex digits" in clew("export", "--data", server.data, "--trace", "x", code=1).stderr


def test_commands_of_the_document_run():
    text = (harness.ROOT / "docs/import-export.md").read_text()
    commands = re.findall(r"^    (.*clew .*|curl .*)$", text, re.MULTILINE)
    assert len(commands) >= 9, commands
    with tempfile.TemporaryDirectory() as folder, harness.Server() as server:
        trace_id = b"docs-trace-id-16"
        spans = [harness.otlp_span(trace_id, b"12345678")]
        assert server.export(harness.otlp_request(spans))[0] == 200
        for command in commands:
            command = command.replace("http://127.0.0.1:4318", endpoint(server)).replace(
                "http://127.0.0.1:3200", api(server)).replace("TRACE_ID", trace_id.hex())
            if "clew import" in command and "--endpoint" not in command:
                command += f" --endpoint {endpoint(server)}"
            blocks = list(pathlib.Path(server.data, "blocks").glob("*/*"))
            if blocks:
                command = command.replace("BLOCK", blocks[0].name)
            command = re.sub(r"\bclew (?=import|export|block)", f"{shlex.quote(str(harness.CLEW.resolve()))} ", command)
            command = command.replace("curl ", "curl -fsS ").replace("clew-data", shlex.quote(str(server.data)))
            run = subprocess.run(["bash", "-ec", command], capture_output=True, text=True, timeout=60, cwd=folder)
            assert run.returncode == 0, (command, run.stdout[-2000:], run.stderr[-2000:])


if __name__ == "__main__":
    harness.run_tests(globals())
