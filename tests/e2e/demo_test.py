"""The demo, end to end: two requests through the edge, and the traces they leave."""
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

import exposition
import harness


class Demo:
    """`demo/run` on free ports with its data in a temporary folder."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clew-demo-"))
        environment = {**os.environ, "CLEW_DEMO_DATA": str(self.folder), "CLEW_DEMO_PORTS": "free",
                       "CLEW_BUILD": os.path.relpath(harness.BUILD, harness.ROOT)}
        self.output = open(self.folder / "output.txt", "wb")
        self.process = subprocess.Popen([harness.ROOT / "demo/run"], env=environment,
                                        stdout=self.output, stderr=subprocess.STDOUT)
        log = self.folder / "output.txt"
        harness.wait_for(lambda: "Ctrl-C" in log.read_text(), self.process, log)
        self.urls = re.findall(r"http://\S+", log.read_text())
        self.ports = json.loads((self.folder / "ports.json").read_text())
        return self

    def __exit__(self, *error):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=30)
        self.output.close()
        if error[0] is not None:
            for log in sorted((self.folder / "logs").glob("*.log")):
                print(f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}")
        shutil.rmtree(self.folder, ignore_errors=True)

    def get(self, url):
        host, port, path = re.match(r"http://([^/:]+)(?::(\d+))?(/.*)", url).groups()
        connection = http.client.HTTPConnection("127.0.0.1", int(port or 80), timeout=30)
        connection.request("GET", path, headers={"Host": host if port is None else f"{host}:{port}",
                                                 "Accept": "text/html"})
        response = connection.getresponse()
        return response.status, response.read().decode()

    def url_of(self, name):
        return next(url for url in self.urls if url.startswith(f"http://{name}.localhost"))

    def api(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["api"], timeout=30)
        connection.request("GET", path, headers={"Accept": "application/json"})
        response = connection.getresponse()
        assert response.status == 200, response.status
        return json.loads(response.read())

    def spans_received(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["api"], timeout=30)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        return exposition.total(exposition.parse(text), "clew_ingest_accepted_spans_total")

    def wait_for_spans(self, count):
        """Until the server has acked that many; what is acked must then be visible at once."""
        end = time.monotonic() + 30
        while self.spans_received() < count:
            assert time.monotonic() < end, f"{self.spans_received()} of {count} spans arrived"
            time.sleep(0.02)

    def log(self, name):
        return (self.folder / "logs" / f"{name}.log").read_text()

    def trace(self, trace_id):
        body = self.api(f"/api/traces/{trace_id}")
        spans = []
        for batch in body["batches"]:
            resource = harness.attributes(batch["resource"])
            for scope in batch["scopeSpans"]:
                spans += [{**span, "resource": resource, "scope": scope.get("scope", {}).get("name")}
                          for span in scope["spans"]]
        return spans


def chain(spans):
    """The spans from the root down, each the only child of the one before."""
    by_parent = {span.get("parentSpanId"): span for span in spans}
    assert len(by_parent) == len(spans), "a span has two children"
    ordered, parent = [], None
    while parent in by_parent:
        ordered.append(by_parent[parent])
        parent = by_parent[parent]["spanId"]
    return ordered


def test_a_request_to_uservice3_gives_the_seven_spans():
    with Demo() as demo:
        status, body = demo.get(demo.url_of("uservice3"))
        assert status == 200 and "Hello, World!" in body, (status, body)
        demo.wait_for_spans(7)
        traces = demo.api("/api/search?tags=os.type%3D%22linux%22")["traces"]
        assert len(traces) == 1, traces
        assert traces[0]["rootServiceName"] == "traefik"
        assert traces[0]["rootTraceName"] == "EntryPoint web uservice3.localhost"
        assert {name: stats["spanCount"] for name, stats in traces[0]["serviceStats"].items()} == {
            "traefik": 2, "uservice3": 3, "uservice4": 2}

        spans = chain(demo.trace(traces[0]["traceID"]))
        assert [(s["resource"]["service.name"], s["name"], s["kind"]) for s in spans] == [
            ("traefik", "EntryPoint web uservice3.localhost", "SPAN_KIND_SERVER"),
            ("traefik", "forward uservice3@file/uservice3@file", "SPAN_KIND_CLIENT"),
            ("uservice3", "handle_incoming_call", "SPAN_KIND_SERVER"),
            ("uservice3", "redis_call", "SPAN_KIND_INTERNAL"),
            ("uservice3", "other_uservice_call", "SPAN_KIND_CLIENT"),
            ("uservice4", "handle_incoming_call", "SPAN_KIND_SERVER"),
            ("uservice4", "database_call", "SPAN_KIND_INTERNAL")]
        incoming, redis, call = spans[2], spans[3], spans[4]
        assert incoming["status"] == {"code": "STATUS_CODE_ERROR", "message": "no error"}
        assert [(e["name"], harness.attributes(e)) for e in incoming["events"]] == [
            ("Request decoded!", {"happened": True})]
        assert harness.attributes(redis) == {"test-attribute-1": "test-values-1"}
        event = call["events"][0]
        assert event["name"] == "Got response!"
        assert harness.attributes(event)["status"] == "200 OK"
        assert "traceresponse" in harness.attributes(event)
        assert spans[2]["scope"] == "uservice3" and spans[6]["scope"] == "uservice4"
        for span in spans[2:]:
            resource = span["resource"]
            assert resource["os.type"] == "linux"
            assert resource["process.pid"] > 0
            assert isinstance(resource["process.command_args"], list)
        assert all("status" not in s or s["status"] == {} for s in spans[3:])
        # A server may end its span after its client has the answer, so only the starts are in order.
        starts = [int(s["startTimeUnixNano"]) for s in spans]
        assert starts == sorted(starts), starts


def test_clew_why_names_the_database_of_uservice4():
    with Demo() as demo:
        assert demo.get(demo.url_of("uservice3"))[0] == 200
        demo.wait_for_spans(7)
        trace_id = demo.api("/api/search?limit=10")["traces"][0]["traceID"]
        spans = {span["name"]: span for span in demo.trace(trace_id)}

        def nanos(name):
            return int(spans[name]["endTimeUnixNano"]) - int(spans[name]["startTimeUnixNano"])

        ledger = demo.api(f"/api/clew/v1/trace/{trace_id}/ledger")
        root = nanos("EntryPoint web uservice3.localhost")
        assert sum(row["nanos"] for row in ledger["rows"]) == ledger["durationNanos"] == root
        first, second = ledger["rows"][:2]
        assert (first["service"], first["operation"], first["category"]) == ("uservice4", "database_call", "self")
        assert first["nanos"] == nanos("database_call")
        assert abs(first["share"] - 100 * nanos("database_call") / root) < 1, first
        assert second["operation"] == "redis_call"  # without the call that it makes
        run = subprocess.run([harness.CLEW, "why", trace_id, "--server", f"http://127.0.0.1:{demo.ports['api']}"],
                             capture_output=True, text=True, timeout=60, check=True)
        assert run.stdout.splitlines()[0].split(". ", 1)[1].startswith(
            f"{first['share']} % in uservice4 database_call; {second['share']} % in uservice3 redis_call"), run.stdout
        assert run.stdout.splitlines()[0] == ledger["verdict"]["text"]


def test_a_request_to_uservice1_gives_the_two_edge_spans():
    with Demo() as demo:
        assert demo.get(demo.url_of("uservice1"))[0] == 200
        demo.wait_for_spans(2)
        traces = demo.api("/api/search?limit=10")["traces"]
        assert len(traces) == 1, traces
        spans = demo.trace(traces[0]["traceID"])
        assert [span["name"] for span in chain(spans)] == [
            "EntryPoint web uservice1.localhost", "forward uservice1@file/uservice1@file"]
        assert re.search(r'"uber-trace-id": "[0-9a-f]{16}:[0-9a-f]{16}:[0-9a-f]{16}:1"',
                         demo.log("uservice1"))
        assert "uber-trace-id" not in demo.log("uservice2")


def test_every_address_it_prints_answers_and_ctrl_c_ends_it():
    with Demo() as demo:
        assert len(demo.urls) == 10, demo.urls
        for url in demo.urls:
            status, body = demo.get(url)
            assert status == 200 and "<html" in body.lower(), (url, status)
        demo.process.send_signal(signal.SIGINT)
        assert demo.process.wait(timeout=30) == 0
        left = subprocess.run(["pgrep", "-f", str(demo.folder)], capture_output=True, text=True, check=False)
        assert left.stdout == "", f"still running: {left.stdout}"


if __name__ == "__main__":
    harness.run_tests(globals())
