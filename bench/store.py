#!/usr/bin/env python3
"""What it costs to keep spans durably, how large they are on disk, and how soon a trace is found by id."""
import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import time

import table

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/e2e"))
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def anonymous_mb(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) / 1024


def metric(server, name):
    for line in server.get("/metrics")[1].decode().splitlines():
        if line.startswith(name + " "):
            return float(line.split()[1])
    raise KeyError(name)


def bytes_below(path):
    return sum(file.stat().st_size for file in pathlib.Path(path).rglob("*") if file.is_file())


def load(harness, server, *flags):
    """The generator's report, and the most anonymous memory the server had meanwhile."""
    command = [harness.CLEW, "load", "--quiet", "--json", "--endpoint",
               f"http://127.0.0.1:{server.ports['otlp_grpc']}", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        most = 0
        while run.poll() is None:
            most = max(most, anonymous_mb(server.process))
            time.sleep(0.1)
        assert run.returncode == 0, run.returncode
        return json.load(run.stdout), most


def wait_for_merges(server):
    """Until nothing has been merged for a while."""
    merges, since = -1, time.monotonic()
    while time.monotonic() - since < 5:
        now = metric(server, "clew_store_merges_total")
        if now != merges:
            merges, since = now, time.monotonic()
        time.sleep(0.2)


def lookups(server, ids):
    times = []
    for trace_id in ids:
        begin = time.monotonic()
        assert server.get(f"/api/v2/traces/{trace_id}")[0] == 200
        times.append((time.monotonic() - begin) * 1e3)
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.99)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--json")
    parser.add_argument("--spans", type=int, default=3_000_000)
    options = parser.parse_args()
    sys.argv[1:] = [options.build]
    import harness

    rows = []
    with harness.Server("--memory-limit=1GiB") as server:
        before, begin = cpu_seconds(server.process), time.monotonic()
        report, most = load(harness, server, "--spans", str(options.spans))
        assert server.request("api", "POST", "/flush")[0] == 204
        millions = report["sent"]["spans"] / 1e6
        seconds = time.monotonic() - begin
        rows.append(table.row("ingest.cpu_seconds_per_million_spans",
                              (cpu_seconds(server.process) - before) / millions, "CPU-s", target=2.0))
        rows.append(table.row("ingest.spans_per_s", millions * 1e6 / seconds, "1/s"))
        rows.append(table.row("ingest.anonymous_mb", most, "MB"))
        flushed = bytes_below(f"{server.data}/blocks")
        rows.append(table.row("store.flushed_bytes_per_span", flushed / millions / 1e6, "bytes"))
        wait_for_merges(server)
        rows.append(table.row("ingest.cpu_seconds_per_million_spans_all",
                              (cpu_seconds(server.process) - before) / millions, "CPU-s", target=3.0))
        floor = report["entropyFloor"]["bytesPerSpan"]
        merged = bytes_below(f"{server.data}/blocks")
        rows.append(table.row("store.entropy_floor_bytes_per_span", floor, "bytes"))
        rows.append(table.row("store.bytes_per_span", merged / millions / 1e6, "bytes",
                              target=round(1.35 * floor, 1)))
        rows.append(table.row("store.blocks", metric(server, "clew_store_blocks"), "blocks"))
        ids = [trace["traceID"] for trace in server.search("limit=4000")]
        random.Random(1).shuffle(ids)
        lookups(server, ids[:200])  # warm
        p50, p99 = lookups(server, ids[:2000])
        rows.append(table.row("trace_by_id.p50_ms", p50, "ms"))
        rows.append(table.row("trace_by_id.p99_ms", p99, "ms", target=5))
        assert server.stop() == 0
        begin = time.monotonic()
        server.start()
        rows.append(table.row("restart.seconds", time.monotonic() - begin, "s", target=0.2))
    # A log that no block has anything of.
    with harness.Server("--memory-limit=8GiB", "--memtable-size=4GiB") as server:
        report, _ = load(harness, server, "--spans", "500000", "--no-floor")
        server.kill()
        begin = time.monotonic()
        server.start()
        rows.append(table.row("wal_replay.spans_per_s",
                              report["sent"]["spans"] / (time.monotonic() - begin), "1/s",
                              target=500_000))
    table.report(rows, options.json)


if __name__ == "__main__":
    main()
