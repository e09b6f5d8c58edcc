#!/usr/bin/env python3
"""What it costs to keep spans durably, how large they are on disk, and how soon a trace is found by id.

One server takes loads as fast as it can for a minute, and is then asked for traces; others take a
steady load, keep many blocks apart, and replay a log. DuckDB writes and reads the same rows beside ours.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile
import time

import store_columns
import store_measures as measures
import table

PARTS = ("ingest", "blocks", "steady", "replay", "tenants")
COLD_LOOKUPS = 300
MANY_BLOCKS_SPANS = 400_000  # in memtables of 1200 KiB they are a hundred blocks
DEFAULT_MEMORY_LIMIT_MB = 256
REPLAY_SPANS = 1_500_000     # more than the default limit of memory holds, in less log than is kept


def ingest(harness, options, rows):
    """Flat out until all merges that are owed are done; the rest looks at what it left."""
    floor = measures.entropy_floor(harness, options.spans)
    with harness.Server("--memory-limit=512MiB") as server:
        spans, to_the_block = flat_out(harness, server, options, rows)
        stages(options.build, to_the_block, rows)
        disk(harness, server, spans, floor, rows)
        lookups(harness, server, rows)


def flat_out(harness, server, options, rows):
    """The spans that were sent, and the CPU-s a million of them until they are in a block."""
    begin = measures.Cost(server)
    spans, sending = measures.load_for(harness, server, options.seconds, options.spans)
    flush_begin = time.monotonic()
    assert server.request("api", "POST", "/flush")[0] == 204
    seconds = sending + time.monotonic() - flush_begin
    millions = spans / 1e6
    flushed = begin.until_now()
    # Blocks are merged meanwhile, in a thread of its own: that is what comes after the committed block.
    to_the_block = (flushed.cpu_seconds - flushed.of_threads["compact"]) / millions
    rows.append(table.row("ingest.cpu_seconds_per_million_spans", to_the_block, "CPU-s", target=2.0))
    for name in ("loop", "commit", "flush", "compact"):
        rows.append(table.row(f"ingest.cpu_by_thread.{name}", flushed.of_threads[name] / millions, "us/span"))
    rows.append(table.row("ingest.seconds", seconds, "s"))
    rows.append(table.row("ingest.spans_per_s", spans / seconds, "1/s"))
    measures.wait_for_merges(server)
    rows.append(table.row("ingest.cpu_seconds_per_million_spans_all",
                          begin.until_now().cpu_seconds / millions, "CPU-s", target=3.0))
    return spans, to_the_block


def stages(build, whole, rows):
    """CPU of each stage, on one thread; what the server spends besides is transport."""
    subprocess.run(["cmake", "--build", build, "--target", "bench_store_stages"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        output = subprocess.run([pathlib.Path(build) / "bench/bench_store_stages", "1000000", folder],
                                capture_output=True, text=True, check=True).stdout
    nanos = {name: float(value) for name, value in (line.split() for line in output.splitlines())}
    named = {"wal": nanos["wal"], "scan": nanos["validate"] + nanos["scan"], "sort": nanos["sort"], "encode": nanos["encode"],
             "merge": nanos["merge"], "usual_times": nanos["merge"] - nanos["merge_without_usual"]}
    for name, value in named.items():
        rows.append(table.row(f"ingest.cpu_by_stage.{name}", value / 1e3, "us/span"))
    transport = whole - sum(named[name] for name in ("wal", "scan", "sort", "encode")) / 1e3
    rows.append(table.row("ingest.cpu_by_stage.transport", transport, "us/span"))
    rows.append(table.row("store.flushed_bytes_per_span", nanos["flushed_bytes"], "bytes"))


def tenants(build, turns, pace, rows):
    """Ten thousand tenants that send a span in turn, one turn in `pace` seconds; and a start with
    the blocks they left."""
    subprocess.run(["cmake", "--build", build, "--target", "bench_store_tenants"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        output = subprocess.run([pathlib.Path(build) / "bench/bench_store_tenants", "10000", str(turns), folder + "/data", str(pace)],
                                capture_output=True, text=True, check=True).stdout
    figures = {name: float(value) for name, value in (line.split() for line in output.splitlines())}
    targets = {"restart_s": 1}
    units = {"rss_mb": "MB", "spans_per_s": "1/s", "blocks_per_s": "1/s", "restart_s": "s", "restart_rss_mb": "MB"}
    for name, value in figures.items():
        rows.append(table.row(f"tenants_10000.{name}", value, units.get(name, ""), target=targets.get(name)))


def disk(harness, server, spans, floor_by_column, rows):
    floor = floor_by_column["bytesPerSpan"]
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
    rows.extend(store_columns.rows_of_block(harness, server.data, largest.parent.name, floor_by_column["columns"]))
    ours, own = duck.scan_seconds()
    rows.append(table.row("store.duckdb_scan_s", ours, "s", target=round(own, 3), peer="own file", peer_value=round(own, 3)))
    written = sum(measures.metric(server, f"clew_store_{how}_block_bytes_total") for how in ("flushed", "merged"))
    rows.append(table.row("store.write_amplification", written / live, "ratio", target=3))


def lookups(harness, server, rows):
    ids = measures.trace_ids(harness, server, 6000)
    rows.append(table.row("trace_by_id.blocks", measures.metric(server, "clew_store_blocks"), "blocks"))
    warm_and_cold(server, ids, "trace_by_id.", rows)


def warm_and_cold(server, ids, name, rows):
    """Of some ids nothing is asked before the server is started again."""
    fresh, used = ids[:COLD_LOOKUPS], ids[COLD_LOOKUPS:]
    warm_up = len(used) // 10
    measures.lookups(server, used[:warm_up])
    p50, p99 = measures.lookups(server, used[warm_up:])
    rows.append(table.row(f"{name}p50_ms", p50, "ms"))
    rows.append(table.row(f"{name}p99_ms", p99, "ms", target=5))
    p50, p99 = measures.cold_lookups(server, fresh)
    rows.append(table.row(f"{name}cold_p50_ms", p50, "ms"))
    rows.append(table.row(f"{name}cold_p99_ms", p99, "ms", target=50))


def many_blocks(harness, rows):
    """A hundred blocks that nothing merges, by ids of every kind."""
    for ids in ("random", "64bit", "sequential"):
        with harness.Server("--memory-limit=256MiB", "--memtable-size=1200KiB", "--merge-from=1000") as server:
            measures.load(harness, server, "--no-floor", "--spans", str(MANY_BLOCKS_SPANS), "--id", ids)
            assert server.request("api", "POST", "/flush")[0] == 204
            rows.append(table.row(f"trace_by_id.100_blocks_{ids}_blocks", measures.metric(server, "clew_store_blocks"), "blocks"))
            warm_and_cold(server, measures.trace_ids(harness, server, 3000), f"trace_by_id.100_blocks_{ids}_", rows)
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
    """All of a load is in the log, because nothing was flushed; then a server with the defaults has to
    read it, and cannot hold it without flushing."""
    with harness.Server("--memory-limit=8GiB", "--memtable-size=4GiB") as server:
        report, _ = measures.load(harness, server, "--spans", str(REPLAY_SPANS), "--no-floor")
        spans = report["sent"]["spans"]
        assert measures.metric(server, "clew_store_flushes_total") == 0
        assert measures.metric(server, "clew_store_memory_bytes") > DEFAULT_MEMORY_LIMIT_MB * 2**20
        server.kill()
        server.flags = ()
        with measures.MostMemory(server) as memory:
            seconds = measures.start_seconds(server)
        assert measures.metric(server, "clew_store_spans") == spans
        rows.append(table.row("wal_replay.spans_per_s", spans / seconds, "1/s", target=500_000))
        rows.append(table.row("wal_replay.rss_mb", memory.most, "MB", peer="limit", peer_value=DEFAULT_MEMORY_LIMIT_MB))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--json")
    parser.add_argument("--spans", type=int, default=10_000_000, help="of each load that is sent as fast as it goes")
    parser.add_argument("--seconds", type=float, default=60, help="for which such loads are sent at least, one after the other")
    parser.add_argument("--tenant-turns", type=int, default=3, help="spans of each of 10,000 tenants")
    parser.add_argument("--tenant-pace", type=float, default=0, help="seconds of a turn; 0: as fast as it goes")
    parser.add_argument("--whole", action="store_true", help="ten minutes of the 10,000 tenants, one span a second each")
    parser.add_argument("--parts", default=",".join(PARTS), help="some of " + ",".join(PARTS))
    options = parser.parse_args()
    if options.whole:
        options.tenant_turns, options.tenant_pace = 600, 1
    sys.argv[1:] = [options.build]
    harness = measures.import_harness()

    rows = []
    run = {"ingest": lambda: ingest(harness, options, rows), "blocks": lambda: many_blocks(harness, rows),
           "steady": lambda: steady(harness, rows), "replay": lambda: replay(harness, rows),
           "tenants": lambda: tenants(options.build, options.tenant_turns, options.tenant_pace, rows)}
    for part in options.parts.split(","):
        assert part in run, f"there is no part {part}"
        run[part]()
    table.report(rows, options.json)


if __name__ == "__main__":
    main()
