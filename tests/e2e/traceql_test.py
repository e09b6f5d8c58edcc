"""TraceQL over the wire: searches and numbers over time, in memory, in blocks and after a restart."""
import json
import pathlib
import shlex
import subprocess
import urllib.parse

import harness

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND


def ask(server, path, **parameters):
    return server.get(f"{path}?{urllib.parse.urlencode(parameters)}")


def search(server, q, **parameters):
    status, body = ask(server, "/api/search", q=q, **parameters)
    assert status == 200, (status, body)
    return json.loads(body)["traces"]


def series(server, path, q, **parameters):
    status, body = ask(server, path, q=q, start=START // SECOND, end=START // SECOND + 10, **parameters)
    assert status == 200, (status, body)
    return json.loads(body)["series"]


def send(server):
    for number in range(3):
        trace_id = bytes([number + 1]) * 16
        start = START + number * 2 * SECOND
        root = harness.otlp_span(trace_id, b"00000001", name="checkout", start=start)
        child = harness.otlp_span(trace_id, b"00000002", name=f"step {number}", start=start + 1, parent=b"00000001")
        assert server.export(harness.otlp_request([root, child]))[0] == 200


def names(traces):
    return [span["name"] for trace in traces for span in trace["spanSets"][0]["spans"]]


def check(server):
    assert names(search(server, '{ name =~ "step.*" }')) == ["step 2", "step 1", "step 0"]
    assert names(search(server, '{ name = "checkout" } > { name != "step 1" }')) == ["step 2", "step 0"]
    assert len(search(server, "{ } | count() > 1", limit=2)) == 2
    found = search(server, '{ name = "step 1" && kind = server } | select(resource.service.name)')[0]
    assert found["rootTraceName"] == "checkout", found
    assert found["spanSet"] == found["spanSets"][0] and found["spanSet"]["matched"] == 1, found
    keys = {item["key"]: item["value"] for item in found["spanSet"]["spans"][0]["attributes"]}
    assert keys["kind"] == {"stringValue": "server"}, keys
    counts = series(server, "/api/metrics/query_range", "{ } | count_over_time() by (name)", step="5s")
    assert {one["labels"][0]["value"]["stringValue"]: sum(sample["value"] for sample in one["samples"])
            for one in counts} == {"checkout": 3, "step 0": 1, "step 1": 1, "step 2": 1}, counts
    assert all(one["exemplars"] for one in counts), counts
    instant = series(server, "/api/metrics/query", "{ } | count_over_time()")
    assert instant == [{"labels": [{"key": "__name__", "value": {"stringValue": "count_over_time"}}], "value": 6}]


def test_answers_are_the_same_in_memory_in_blocks_and_after_a_restart():
    with harness.Server() as server:
        send(server)
        check(server)
        server.stop()
        server.start()
        check(server)
    with harness.Server("--memtable-size=1KiB") as server:
        send(server)
        check(server)


def test_the_commands_of_the_readme_are_answered():
    readme = (pathlib.Path(__file__).parents[2] / "README.md").read_text()
    commands = [line for line in readme.splitlines() if line.startswith("curl -G ")]
    assert len(commands) == 2, commands
    with harness.Server() as server:
        send(server)
        for command in commands:
            local = command.replace("127.0.0.1:3200", f"127.0.0.1:{server.ports['api']}")
            answer = subprocess.run(shlex.split(local) + ["-sS", "--fail"], capture_output=True, check=True)
            assert json.loads(answer.stdout).keys() >= {"metrics"}, answer.stdout


def test_errors_say_where_and_what():
    with harness.Server() as server:
        for path in ("/api/search", "/api/metrics/query_range", "/api/metrics/query"):
            status, body = ask(server, path, q="{ name = }")
            assert status == 400 and b"invalid TraceQL query: parse error at line 1, col 10" in body, (path, body)
        status, body = ask(server, "/api/search", q="{ } | rate()")
        assert status == 400 and b"/api/metrics/query_range" in body, body
        status, body = ask(server, "/api/metrics/query", q="{ }")
        assert status == 400 and b"rate()" in body, body
        status, body = ask(server, "/api/search", q='{ name =~ "[" }')
        assert status == 400 and b"invalid regex" in body, body
        assert search(server, "{ }") == []


if __name__ == "__main__":
    harness.run_tests(globals())
