#!/usr/bin/env python3
"""How long TraceQL takes over many spans, warm and cold, with DuckDB on the same files beside it."""
import argparse
import http.client
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.parse

import store_measures as measures
import table
from query_questions import BUDGET, QUESTIONS


BYTES_IN_MEMORY = 220  # of a span of the load, while it is flushed


class Client:
    """Asks one server, one call at a time."""

    def __init__(self, server, span_of_time):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.ports["api"])
        self.start, self.end = span_of_time

    def milliseconds(self, path):
        begin = time.perf_counter()
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        body = response.read()
        took = (time.perf_counter() - begin) * 1e3
        assert response.status == 200, (path, response.status, body[:500])
        return took

    def ask(self, question):
        query = urllib.parse.quote(question.traceql)
        if question.metrics:
            return self.milliseconds(f"/api/metrics/query_range?q={query}&start={self.start}&end={self.end}&step=60s")
        return self.milliseconds(f"/api/search?q={query}&limit=20")

    def median(self, ask, times=5):
        ask()
        return sorted(ask() for _ in range(times))[times // 2]


def stored_range(harness, server):
    """The seconds between which all spans lie, in whole minutes."""
    program = harness.ROOT / "tests/clients/duckdb_query.mjs"
    sql = (f"select min(epoch_ns(start_unix_nano)) as oldest, max(epoch_ns(start_unix_nano)) as newest "
           f"from read_parquet('{server.data}/blocks/*/*/spans.parquet')")
    done = subprocess.run(["node", program, sql], capture_output=True, text=True, check=True)
    ends = json.loads(done.stdout.splitlines()[-1])[0]
    return int(ends["oldest"]) // 10**9 // 60 * 60, int(ends["newest"]) // 10**9 // 60 * 60 + 60


def load(harness, server, spans):
    send_second_type(harness, server)
    measures.load(harness, server, "--spans", str(spans), "--no-floor")
    assert server.request("api", "POST", "/flush")[0] == 204
    server.stop()  # A start looks at once whether there is something to merge, and else merges rest.
    server.start()
    measures.wait_for_merges(server)


def send_second_type(harness, server):
    """A key of which the load has numbers, with a text."""
    budget = harness.string_attribute(b"app.retry.budget", BUDGET.encode())
    now = time.time_ns()
    spans = [harness.otlp_span(os.urandom(16), os.urandom(8), start=now + i) + harness.field(9, budget)
             for i in range(100)]
    assert server.export(harness.otlp_request(spans))[0] == 200


def duckdb_times(harness, server, threads=2):
    files = f"read_parquet('{server.data}/blocks/*/*/spans.parquet', union_by_name=true)"
    queries = {question.name: question.sql.format(spans=files) for question in QUESTIONS if question.sql}
    program = harness.ROOT / "tests/clients/duckdb_times.mjs"
    done = subprocess.run(["node", program], input=json.dumps({"threads": threads, "queries": queries}),
                          stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def warm(server, client, duckdb, rows):
    for question in QUESTIONS:
        idle = measures.anonymous_mb(server.process)
        ms = client.median(lambda question=question: client.ask(question))
        peer = duckdb.get(question.name)
        target = question.target_ms
        if question.least_ratio and peer:
            target = min(target or peer, round(peer / question.least_ratio, 1))
        rows.append(table.row(f"query.{question.name}.ms", ms, "ms", target=target,
                              peer=peer and "duckdb", peer_value=peer and round(peer, 1)))
        rows.append(table.row(f"query.{question.name}.mb", measures.anonymous_mb(server.process) - idle, "MB"))


def with_one_thread(harness, data, span_of_time, rows):
    with harness.Server("--memory-limit=512MiB", "--query-threads=1", data=data) as server:
        client = Client(server, span_of_time)
        for question in QUESTIONS:
            ms = client.median(lambda question=question: client.ask(question))
            rows.append(table.row(f"query.{question.name}.one_thread_ms", ms, "ms"))


def first_rows(server, rows):
    """When the first message with traces of a search comes."""
    from stream_call import call  # which needs the harness

    def first():
        answer = call(server, "Search", {"query": "{ }", "limit": 20})
        assert answer.code == 0, answer.text
        return next(ms for ms, message in zip(answer.milliseconds, answer.messages) if message.get("traces"))

    rows.append(table.row("query.first_streamed_row.ms", sorted(first() for _ in range(5))[2], "ms", target=30))


def split(harness, spans, rows):
    """Traces whose spans lie in 32 blocks that are not merged."""
    memtable = spans // 32 * BYTES_IN_MEMORY
    with harness.Server("--memory-limit=512MiB", f"--memtable-size={memtable}", "--merge-from=1000") as server:
        measures.load(harness, server, "--spans", str(spans), "--no-floor")
        assert server.request("api", "POST", "/flush")[0] == 204
        rows.append(table.row("query.split.blocks", measures.metric(server, "clew_store_blocks"), "blocks"))
        client = Client(server, stored_range(harness, server))
        for question in QUESTIONS:
            if question.split_ms:
                ms = client.median(lambda question=question: client.ask(question))
                rows.append(table.row(f"query.{question.name}.split_ms", ms, "ms", target=question.split_ms))


def tags(client, rows):
    names = client.median(lambda: client.milliseconds("/api/v2/search/tags"))
    rows.append(table.row("query.tag_names.ms", names, "ms", target=5))
    query = urllib.parse.quote("{ status = error }")
    path = f"/api/v2/search/tag/resource.service.name/values?q={query}"
    rows.append(table.row("query.tag_values_filtered.ms", client.median(lambda: client.milliseconds(path)), "ms",
                          target=50))


def cold(server, client, rows):
    for question in QUESTIONS:
        server.stop()
        if not measures.drop_caches():
            print("query.*.cold_ms: skipped, the system's cache cannot be dropped here")
            server.start()
            return
        server.start()
        again = Client(server, (client.start, client.end))
        rows.append(table.row(f"query.{question.name}.cold_ms", again.ask(question), "ms"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--json")
    parser.add_argument("--spans", type=int, default=10_000_000)
    parser.add_argument("--data", type=pathlib.Path, help="a data directory that is filled already")
    options = parser.parse_args()
    sys.argv[1:] = [options.build]
    harness = measures.import_harness()

    rows = []
    with harness.Server("--memory-limit=512MiB", data=options.data) as server:
        if not options.data:
            load(harness, server, options.spans)
        server.stop()
        server.start()
        idle = measures.anonymous_mb(server.process)
        client = Client(server, stored_range(harness, server))
        warm(server, client, duckdb_times(harness, server), rows)
        tags(client, rows)
        first_rows(server, rows)
        rows.append(table.row("query.memory_above_idle_mb", measures.anonymous_mb(server.process) - idle, "MB",
                              target=200))
        cold(server, client, rows)
        server.stop()
        with_one_thread(harness, server.data, (client.start, client.end), rows)
    split(harness, options.spans, rows)
    table.report(rows, options.json)


if __name__ == "__main__":
    main()
