#!/usr/bin/env python3
"""What it costs to keep spans durably, how large they are on disk, and how soon a trace is found by id.

One server takes a load as fast as it can, and is then asked for traces; others take a steady
load, keep many blocks apart, and replay a log. DuckDB writes and reads the same rows beside ours.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

import store_measures as measures
import table


def ingest(harness, spans, rows):
    """Flat out until all merges that are owed are done; the rest looks at what it left."""
    server = harness.Server("--memory-limit=512MiB")
    begin = measures.Cost(server)
    report, _ = measures.load(harness, server, "--spans", str(spans))
    assert server.request("api", "POST", "/flush")[0] == 204
    millions = report["sent"]["spans"] / 1e6
    flushed = begin.until_now()
    # Blocks are merged meanwhile, in a thread of its own: that is what comes after the committed block.
    to_the_block = (flushed.cpu_seconds - flushed.of_threads["compact"]) / millions
    rows.append(table.row("ingest.cpu_seconds_per_million_spans", to_the_block, "CPU-s", target=2.0))
    for name in ("loop", "commit", "flush", "compact"):
        rows.append(table.row(f"ingest.cpu_by_thread.{name}", flushed.of_threads[name] / millions, "us/span"))
    rows.append(table.row("ingest.spans_per_s", millions * 1e6 / flushed.seconds, "1/s"))
    measures.wait_for_merges(server)
    rows.append(table.row("ingest.cpu_seconds_per_million_spans_all",
                          begin.until_now().cpu_seconds / millions, "CPU-s", target=3.0))
    return server, report, to_the_block


def stages(build, whole, rows):
    """CPU of each stage, on one thread; what the server spends besides is transport and log."""
    subprocess.run(["cmake", "--build", build, "--target", "bench_store_stages"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        output = subprocess.run([pathlib.Path(build) / "bench/bench_store_stages", "1000000", folder],
                                capture_output=True, text=True, check=True).stdout
    nanos = {name: float(value) for name, value in (line.split() for line in output.splitlines())}
    named = {"scan": nanos["validate"] + nanos["scan"], "sort": nanos["sort"], "encode": nanos["encode"],
             "merge": nanos["merge"], "usual_times": nanos["merge"] - nanos["merge_without_usual"]}
    for name, value in named.items():
        rows.append(table.row(f"ingest.cpu_by_stage.{name}", value / 1e3, "us/span"))
    rest = whole - (named["scan"] + named["sort"] + named["encode"]) / 1e3
    rows.append(table.row("ingest.cpu_by_stage.transport_and_wal", rest, "us/span"))
    rows.append(table.row("store.flushed_bytes_per_span", nanos["flushed_bytes"], "bytes"))


def tenants(build, turns, pace, rows):
    """Ten thousand tenants that send a span in turn, one turn in `pace` seconds; and a start with
    the blocks they left."""
    subprocess.run(["cmake", "--build", build, "--target", "bench_store_tenants"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        output = subprocess.run([pathlib.Path(build) / "bench/bench_store_tenants", "10000", str(turns), folder + "/data", str(pace)],
                                capture_output=True, text=True, check=True).stdout
    figures = {name: float(value) for name, value in (line.split() for line in output.splitlines())}
    units = {"rss_mb": "MB", "spans_per_s": "1/s", "blocks_per_s": "1/s", "restart_s": "s", "restart_rss_mb": "MB"}
    for name, value in figures.items():
        rows.append(table.row(f"tenants_10000.{name}", value, units.get(name, "")))


def disk(harness, server, report, rows):
    spans = report["sent"]["spans"]
    floor = report["entropyFloor"]["bytesPerSpan"]
    live = measures.bytes_below(f"{server.data}/blocks")
    rows.append(table.row("store.entropy_floor_bytes_per_span", floor, "bytes"))
    largest = max(pathlib.Path(server.data).glob("blocks/*/*/spans.parquet"), key=lambda path: path.stat().st_size)
    duck = measures.DuckDb(harness, largest)
    duck_bytes = duck.bytes_per_span()
    rows.append(table.row("store.bytes_per_span", live / spans, "bytes", target=round(1.35 * floor, 1),
                          peer="duckdb", peer_value=round(duck_bytes, 2)))
    block = measures.bytes_below(largest.parent) / duck.spans
    rows.append(table.row("store.merged_bytes_per_span", block, "bytes", target=round(1.35 * floor, 1),
                          peer="duckdb", peer_value=round(duck_bytes, 2)))
    rows.append(table.row("store.duckdb_bytes_per_span", duck_bytes, "bytes"))
    ours, own = duck.scan_seconds()
    rows.append(table.row("store.duckdb_scan_s", ours, "s", target=round(own, 3), peer="own file", peer_value=round(own, 3)))
    written = sum(measures.metric(server, f"clew_store_{how}_block_bytes_total") for how in ("flushed", "merged"))
    rows.append(table.row("store.write_amplification", written / live, "ratio", target=3))


def lookups(harness, server, rows):
    ids = measures.trace_ids(server, 6000)
    rows.append(table.row("trace_by_id.blocks", measures.metric(server, "clew_store_blocks"), "blocks"))
    measures.lookups(server, ids[:300])
    p50, p99 = measures.lookups(server, ids[300:3300])
    rows.append(table.row("trace_by_id.p50_ms", p50, "ms"))
    rows.append(table.row("trace_by_id.p99_ms", p99, "ms", target=5))
    assert server.stop() == 0
    if measures.drop_caches():
        server.start()
        p50, p99 = measures.lookups(server, ids[3300:4300])
        rows.append(table.row("trace_by_id.cold_p50_ms", p50, "ms"))
        rows.append(table.row("trace_by_id.cold_p99_ms", p99, "ms", target=50))
        assert server.stop() == 0
    else:
        print("trace_by_id.cold: skipped, the system's cache cannot be dropped here")


def many_blocks(harness, rows):
    """A hundred blocks that nothing merges, by ids of every kind."""
    for ids in ("random", "64bit", "sequential"):
        with harness.Server("--memory-limit=256MiB", "--memtable-size=1200KiB", "--merge-from=1000") as server:
            measures.load(harness, server, "--no-floor", "--spans", "800000", "--id", ids)
            assert server.request("api", "POST", "/flush")[0] == 204
            blocks = measures.metric(server, "clew_store_blocks")
            found = measures.trace_ids(server, 3000)
            measures.lookups(server, found[:300])
            _, p99 = measures.lookups(server, found[300:2300])
            rows.append(table.row(f"trace_by_id.{blocks:.0f}_blocks_{ids}_p99_ms", p99, "ms", target=5))
            if ids == "random":
                assert server.stop() == 0
                rows.append(table.row("restart.seconds", measures.start_seconds(server), "s", target=0.2))


def steady(harness, rows):
    with harness.Server() as server:
        report, most = measures.load(harness, server, "--no-floor", "--rate", "50000", "--simulated-seconds", "60")
        rows.append(table.row("ingest.rss_mb_at_50k", most, "MB", target=300))
        sent = report["sent"]
        rows.append(table.row("ingest.spans_per_s_at_50k", sent["spans"] / sent["seconds"], "1/s", target=45_000))


def replay(harness, rows):
    with harness.Server("--memory-limit=8GiB", "--memtable-size=4GiB") as server:
        report, _ = measures.load(harness, server, "--spans", "1000000", "--no-floor")
        server.kill()
        rows.append(table.row("wal_replay.spans_per_s", report["sent"]["spans"] / measures.start_seconds(server),
                              "1/s", target=500_000))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--json")
    parser.add_argument("--spans", type=int, default=10_000_000)
    parser.add_argument("--tenant-turns", type=int, default=3, help="spans of each of 10,000 tenants")
    parser.add_argument("--tenant-pace", type=float, default=0, help="seconds of a turn; 0: as fast as it goes")
    options = parser.parse_args()
    sys.argv[1:] = [options.build]
    harness = measures.import_harness()

    rows = []
    server, report, whole = ingest(harness, options.spans, rows)
    with server:
        stages(options.build, whole, rows)
        disk(harness, server, report, rows)
        lookups(harness, server, rows)
    many_blocks(harness, rows)
    steady(harness, rows)
    replay(harness, rows)
    tenants(options.build, options.tenant_turns, options.tenant_pace, rows)
    table.report(rows, options.json)


if __name__ == "__main__":
    main()
