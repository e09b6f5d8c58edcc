"""A file of spans is asked like what is stored: the same answers, and nothing stays."""
import gzip
import json
import pathlib
import subprocess
import tempfile
import urllib.parse

import harness

OPEN = "/api/clew/v1/open"


def post(server, path, body):
    status, _, reply = server.request("api", "POST", OPEN + path, body)
    return status, reply


def ask(server, path, body):
    status, reply = post(server, path, body)
    assert status == 200, (path, status, reply)
    return json.loads(reply)


def exported(server):
    """All that is stored, as a file."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "spans.json"
        subprocess.run([harness.CLEW, "export", "--data", server.data, "-o", file, *harness.of_server(server)], check=True, timeout=60,
                       capture_output=True)
        return file.read_bytes()


def count_spans(file):
    return sum(len(scope["spans"]) for line in file.splitlines() for resource in json.loads(line)["resourceSpans"]
               for scope in resource["scopeSpans"])


def test_a_file_answers_as_the_store_it_came_from():
    search = "/api/search?" + urllib.parse.urlencode({"q": "{ }", "limit": 100})
    with harness.Server() as server:
        subprocess.run([harness.CLEW, "load", "--quiet", "--no-floor", "--spans", "3000",
                        "--endpoint", f"http://127.0.0.1:{server.ports['otlp_grpc']}"],
                       check=True, timeout=60, stdout=subprocess.DEVNULL)
        _, stored = server.get_json(search)
        file = exported(server)
        trace = f"/api/clew/v1/trace/{stored['traces'][0]['traceID']}"
        _, ledger = server.get_json(trace + "/ledger")
        columns = server.get(trace + "/columns")[1]
    assert len(stored["traces"]) == 100
    with harness.Server() as empty:
        for body in (file, gzip.compress(file)):
            found = ask(empty, "", body)
            assert (found["format"], found["spans"]) == ("OTLP JSON", count_spans(file)), found
            assert ask(empty, search, body)["traces"] == stored["traces"]
        assert ask(empty, trace + "/ledger", file) == ledger
        assert post(empty, trace + "/columns", file) == (200, columns)
        assert empty.get_json(search)[1]["traces"] == []


def test_says_what_is_wrong():
    with harness.Server() as server:
        for body, what in (("hello", "the file has no spans"), ('{"data":[{"spans":7}]}', "jaeger json: ")):
            status, reply = post(server, "", body)
            assert status == 400 and what in reply.decode(), (status, reply)
        too_large = {"Content-Length": str((64 << 20) + 1), "Expect": "100-continue"}
        assert server.request("api", "POST", OPEN, headers=too_large)[0] == 413
        status, reply = post(server, "/api/search?q=%7B", '[{"traceId":"000000000000000a","id":"0000000000000001"}]')
        assert status == 400 and b"parse error" in reply, (status, reply)


if __name__ == "__main__":
    harness.run_tests(globals())
