#!/usr/bin/env python3
"""How fast the Trace page is with a large trace: its columns, the page in Chromium without a GPU, and what is loaded."""
import argparse
import http.client
import json
import re
import subprocess
import sys
import time

import store_measures as measures
import table
import ui_trace


def send(harness, server, spans):
    start = time.time_ns() - 120_000_000_000
    for body in ui_trace.bodies(harness, start, spans):
        assert server.export(body)[0] == 200


def columns_ms(server, times=7):
    """The median of warm answers."""
    connection = http.client.HTTPConnection("127.0.0.1", server.ports["api"])

    def once():
        begin = time.perf_counter()
        connection.request("GET", f"/api/clew/v1/trace/{ui_trace.TRACE_ID.hex()}/columns")
        response = connection.getresponse()
        assert response.status == 200 and response.read()
        return (time.perf_counter() - begin) * 1e3

    once()
    return sorted(once() for _ in range(times))[times // 2]


def page_figures(harness, server):
    address = f"http://127.0.0.1:{server.ports['ui']}/trace/{ui_trace.TRACE_ID.hex()}?alike=apart"
    done = subprocess.run(["node", "trace_bench.mjs", address], cwd=harness.ROOT / "tests/browser",
                          stdout=subprocess.PIPE, text=True, check=True, timeout=300)
    figures = json.loads(done.stdout)
    print(f"  {figures}", file=sys.stderr)
    return figures


def sizes(harness):
    """KiB of gzip, initial and total, as the build says."""
    done = subprocess.run(["npm", "run", "--silent", "build"], cwd=harness.ROOT / "ui", stdout=subprocess.PIPE,
                          text=True, check=True)
    return [float(size) for size in re.findall(r"([\d.]+) KiB", done.stdout)[:2]]


def measure(harness, spans, name, limits):
    """The rows of one size of trace; limits are those of the page: interactive, a frame, heap."""
    rows = []
    with harness.Server("--memory-limit=2GiB", "--memtable-size=2GiB") as server:
        send(harness, server, spans)
        rows.append(table.row(f"columns.{name}_memory_ms", columns_ms(server), "ms"))
        assert server.request("api", "POST", "/flush")[0] == 204
        rows.append(table.row(f"columns.{name}_ms", columns_ms(server), "ms", target=100 if name == "100k" else None))
        figures = page_figures(harness, server)
    rows.append(table.row(f"ui.interactive_{name}_ms", figures["interactiveMs"], "ms", target=limits[0]))
    rows.append(table.row(f"ui.frame_{name}_ms", figures["frameMs"], "ms", target=limits[1],
                          peer="no rows", peer_value=round(figures["idleFrameMs"], 3)))
    rows.append(table.row(f"ui.heap_{name}_mb", figures["heapBytes"] / 1e6, "MB", target=limits[2]))
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--json")
    parser.add_argument("--million", action="store_true", help="also a trace of a million spans, which takes minutes")
    options = parser.parse_args()
    sys.argv[1:] = [options.build]
    harness = measures.import_harness()

    rows = measure(harness, 100_000, "100k", (1000, 16, None))
    if options.million:
        rows += measure(harness, 1_000_000, "1m", (4000, 16, 400))
    initial, total = sizes(harness)
    rows.append(table.row("ui.initial_kb", initial, "KiB", target=75))
    rows.append(table.row("ui.total_kb", total, "KiB", target=300))
    table.report(rows, options.json)


if __name__ == "__main__":
    main()
