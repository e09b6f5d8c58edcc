#!/usr/bin/env python3
"""What one tenant notices of another that sends as fast as it can: its own sends and queries, alone and beside the flood."""
import argparse
import http.client
import os
import subprocess
import sys
import time
import urllib.parse

import store_measures as measures
import table

QUIET, FLOODING = {"x-scope-orgid": "quiet"}, "flooding"
PAUSE_SECONDS = 0.05
MEDIAN_AT_MOST = 4       # times what it is alone
P99_AT_MOST_MORE_MS = 20
QUERIES = {
    "search": "/api/search?limit=20&q=" + urllib.parse.quote("{ status = error }"),
    "trace": "/api/traces/{trace}",
    "metrics": "/api/metrics/query_range?step=60s&q=" +
               urllib.parse.quote("{ } | rate() by (resource.service.name)") + "&start={start}&end={end}",
}


class QuietTenant:
    """Sends a few spans and asks its queries, one after the other."""

    def __init__(self, harness, server):
        self.harness = harness
        self.sending = http.client.HTTPConnection("127.0.0.1", server.ports["otlp_http"])
        self.asking = http.client.HTTPConnection("127.0.0.1", server.ports["api"])
        self.milliseconds = {name: [] for name in ("send", *QUERIES)}
        self.refusals = 0

    def call(self, name, connection, method, path, body=None, headers=None):
        began = time.perf_counter()
        connection.request(method, path, body, {**QUIET, **(headers or {})})
        response = connection.getresponse()
        response.read()
        self.milliseconds[name].append((time.perf_counter() - began) * 1e3)
        self.refusals += response.status == 429
        assert response.status in (200, 429), (path, response.status)

    def turn(self):
        trace_id = os.urandom(16)
        spans = [self.harness.otlp_span(trace_id, os.urandom(8)) for _ in range(10)]
        self.call("send", self.sending, "POST", "/v1/traces", self.harness.otlp_request(spans, "quiet"),
                  {"content-type": "application/x-protobuf"})
        now = int(time.time())
        for name, path in QUERIES.items():
            self.call(name, self.asking, "GET", path.format(trace=trace_id.hex(), start=now - 3600, end=now + 1))

    def run(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.turn()
            time.sleep(PAUSE_SECONDS)


class Flood:
    """`clew load` flat out, until it is told to stop."""

    def __init__(self, harness, server):
        self.process = subprocess.Popen(
            [harness.CLEW, "load", "--quiet", "--no-floor", "--tenant", FLOODING, "--spans", "100000000",
             "--endpoint", f"http://127.0.0.1:{server.ports['otlp_grpc']}"], stdout=subprocess.DEVNULL)

    def stop(self):
        assert self.process.poll() is None, "the flood has ended before it should"
        self.process.kill()
        self.process.wait()


def percentile(values, share):
    return sorted(values)[int(len(values) * share)]


def compare(alone, beside, rows):
    bounds = {50: lambda before: MEDIAN_AT_MOST * before, 99: lambda before: before + P99_AT_MOST_MORE_MS}
    for name, values in alone.milliseconds.items():
        for share, bound in bounds.items():
            before, after = percentile(values, share / 100), percentile(beside.milliseconds[name], share / 100)
            rows.append(table.row(f"flood.{name}.p{share}_ms", after, "ms", target=round(bound(before), 3), peer="alone",
                                  peer_value=round(before, 3)))
    rows.append(table.row("flood.refusals", beside.refusals, "", target=0))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--json")
    parser.add_argument("--spans", type=int, default=1_000_000, help="what the quiet tenant has stored")
    parser.add_argument("--seconds", type=float, default=60, help="of each of the two parts")
    options = parser.parse_args()
    sys.argv[1:] = [options.build]
    harness = measures.import_harness()

    rows = []
    with harness.Server("--multitenancy") as server:
        as_nobody = server.request
        server.request = lambda *call, headers=None, **more: as_nobody(*call, headers={**QUIET, **(headers or {})}, **more)
        measures.load(harness, server, "--spans", str(options.spans), "--no-floor", "--tenant", "quiet")
        assert server.request("api", "POST", "/flush")[0] == 204
        alone, beside = QuietTenant(harness, server), QuietTenant(harness, server)
        alone.run(options.seconds)
        before = measures.metric(server, "clew_ingest_accepted_spans_total")
        flood = Flood(harness, server)
        began = time.monotonic()
        beside.run(options.seconds)
        taken = measures.metric(server, "clew_ingest_accepted_spans_total") - before
        rows.append(table.row("flood.spans_per_s", taken / (time.monotonic() - began), "1/s"))
        flood.stop()
        compare(alone, beside, rows)
    table.report(rows, options.json)


if __name__ == "__main__":
    main()
