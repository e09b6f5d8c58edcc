#!/usr/bin/env python3
"""What it costs to receive spans, with fsync, in every format and encoding, at every size of request.

Beside the server stand, in the same run and with the same bodies: checking them and nothing else
(scan_limit, the least that any server could do), a grpc++ server with generated classes that
throws the spans away, and a server on our own network code that does not even look at them. A
format that grpc++ cannot take is held against what it makes of the same spans as OTLP.

cpu_seconds_per_million_spans is of the whole server until the spans are in a block. ack_* are at
half of the spans/s that were possible, from when a request was due; busy_ack_* at all of them.
"""
import argparse
import pathlib
import subprocess
import sys
import threading
import time
import urllib.parse

import ingest_cells as cells
import store_measures as measures
import table

FORMATS = ("otlp_grpc", "otlp_http", "otlp_json", "jaeger_http", "jaeger_grpc", "zipkin_json")
ENCODINGS = ("none", "gzip", "zstd")
ALL_SPANS = 10**12  # until the time is over
PARTS = ("formats", "grid", "sizes", "slow-disk", "overload")
SLOW_DISK_MS = 30
# What a server may take is what these allow it, and its cache of pages, which has no flag. They are
# small here, so that too much load comes near to them.
LIMITS_MIB = {"memory-limit": 256, "body-memory": 128, "query-memory-limit": 64}
LIMIT_FLAGS = ("--body-limit=32MiB", "--query-concurrency=2", *(f"--{flag}={mib}MiB" for flag, mib in LIMITS_MIB.items()))
MEMORY_CAP_MIB = {"memory_limit": LIMITS_MIB["memory-limit"], "body_memory": LIMITS_MIB["body-memory"],
                  "queries": 2 * LIMITS_MIB["query-memory-limit"], "page_cache": 128}


def say(text):
    print(f"  {text}", file=sys.stderr, flush=True)


class Bench:
    def __init__(self, options, harness):
        self.options, self.harness, self.rows = options, harness, []
        self.plain = {}   # CPU of a format's plain bodies
        self.grpcpp = {}  # and of grpc++, by encoding
        self.grpcpp_of_size = {}  # and by spans a request, of plain ones on 8 connections
        self.seconds = 1 if options.quick else options.seconds

    def row(self, name, value, unit, **more):
        self.rows.append(table.row(name, value, unit, **more))

    def client(self, form, encoding, spans, spans_per_body):
        return cells.Client(self.options.build, form, encoding, spans, spans_per_body)

    def to_server(self, *arguments, **more):
        return cells.send_to_server(self.harness, *arguments, **more)

    # --- every format and encoding, 500 spans a request, 8 connections ---------

    def formats(self):
        spans = 20_000 if self.options.quick else self.options.spans
        for encoding in ENCODINGS:
            for form in FORMATS:
                if self.options.quick and encoding == "zstd":
                    continue
                with self.client(form, encoding, spans, 500) as client:
                    self.one_format(client, encoding)
        with self.client("otlp_grpc", "none", spans, 500) as client:
            all_in = self.to_server(client, 8, 60, "--spans", 5 * spans, merges=True)
        self.row("ingest.otlp_grpc.none.cpu_seconds_per_million_spans_all", all_in["cpu_all"], "CPU-s", target=3.0)

    def one_format(self, client, encoding):
        name = f"ingest.{client.form}.{encoding}"
        scan, inflate = client.scan()
        busy = self.to_server(client, 8, 60)
        half = self.to_server(client, 8, 60, "--rate", busy["spans"] / busy["seconds"] / 2)
        if client.form == "otlp_grpc" and encoding != "zstd":  # which grpc++ does not know
            with cells.grpcpp(self.options.build) as sink:
                self.grpcpp[encoding] = sink.send(client, 8, 60)["cpu"]
        if encoding == "none":
            self.plain[client.form] = busy["cpu"]
        target = self.target_of(client.form, encoding, inflate)
        peer = self.grpcpp.get(encoding, self.grpcpp["none"])
        say(f"{name}: {busy['cpu']:.2f} CPU-s, scan {scan:.2f}, grpc++ {peer:.2f}, ack p99 {half['p99_ms']:.1f} ms")
        self.row(f"{name}.cpu_seconds_per_million_spans", busy["cpu"], "CPU-s", target=target,
                 peer="grpc++", peer_value=round(peer, 3))
        self.row(f"{name}.scan_limit", scan, "CPU-s", peer="server", peer_value=round(busy["cpu"], 3))
        if encoding != "none":
            self.row(f"{name}.inflate", inflate, "CPU-s", peer="server", peer_value=round(busy["cpu"], 3))
        if client.form == "otlp_grpc" and encoding in self.grpcpp:
            self.row(f"{name}.grpcpp", self.grpcpp[encoding], "CPU-s", peer="server", peer_value=round(busy["cpu"], 3))
        self.throughput(name, busy)
        self.row(f"{name}.ack_p50_ms", half["p50_ms"], "ms")
        self.row(f"{name}.ack_p99_ms", half["p99_ms"], "ms", target=15)

    def target_of(self, form, encoding, inflate):
        if encoding != "none":
            return round(1.3 * self.plain[form] + inflate, 3)
        as_protobuf = {"otlp_json": 1.6, "jaeger_http": 1.5}
        if form in as_protobuf:
            return round(as_protobuf[form] * self.plain["otlp_http"], 3)
        return 2.0 if form == "otlp_grpc" else None

    def throughput(self, name, busy):
        self.row(f"{name}.spans_per_s", busy["spans"] / busy["seconds"], "1/s")
        self.row(f"{name}.mb_per_s", busy["bytes"] / busy["seconds"] / 1e6, "MB/s")
        self.row(f"{name}.rss_mb", busy["rss_mb"], "MB")
        self.row(f"{name}.busy_ack_p50_ms", busy["p50_ms"], "ms")
        self.row(f"{name}.busy_ack_p99_ms", busy["p99_ms"], "ms")

    # --- sizes of requests, and connections ------------------------------------

    def grid(self):
        sizes, connections = ((1, 500), (1, 8)) if self.options.quick else ((1, 10, 100, 500, 5000), (1, 8, 64))
        for size in sizes:
            spans = max(50_000 if size == 1 else 200_000, 100 * size) // (10 if self.options.quick else 1)
            with self.client("otlp_grpc", "none", spans, size) as client:
                for count in connections:
                    self.one_size(client, size, count)
        with self.client("otlp_http", "none", 50_000, 1) as client:
            busy = self.to_server(client, connections[-1], self.seconds, "--spans", ALL_SPANS)
            name = f"ingest.otlp_http.none.1x{connections[-1]}"
            self.bare(name, client, connections[-1], busy)
            self.throughput(name, busy)

    def one_size(self, client, size, connections):
        name = f"ingest.otlp_grpc.none.{size}x{connections}"
        more = (connections, self.seconds, "--spans", ALL_SPANS)
        busy = self.to_server(client, *more)
        with cells.grpcpp(self.options.build) as sink:
            peer = sink.send(client, *more)
        if connections == 8:
            self.grpcpp_of_size[size] = peer["cpu"]
        say(f"{name}: {busy['spans'] / busy['seconds']:.0f} spans/s, {busy['cpu']:.2f} CPU-s, grpc++ {peer['cpu']:.2f}")
        self.row(f"{name}.cpu_seconds_per_million_spans", busy["cpu"], "CPU-s", peer="grpc++", peer_value=round(peer["cpu"], 3))
        self.throughput(name, busy)
        if size == 1:
            self.bare(name, client, connections, busy)
            self.requests_per_s(f"{name}.requests_per_s_grpcpp", busy, peer, "grpc++")

    # --- the smallest and the largest requests of the other formats -------------

    def sizes(self):
        for size in (1,) if self.options.quick else (1, 5000):
            spans = (100_000 if size == 1 else 400_000) // (10 if self.options.quick else 1)
            peer = self.grpcpp_of(size, spans)
            for form in FORMATS[1:]:
                with self.client(form, "none", spans, size) as client:
                    busy = self.to_server(client, 8, 60)  # each body once: only OTLP's can be made new ones
                name = f"ingest.{form}.none.{size}x8"
                say(f"{name}: {busy['spans'] / busy['seconds']:.0f} spans/s, {busy['cpu']:.2f} CPU-s, grpc++ {peer:.2f}")
                self.row(f"{name}.cpu_seconds_per_million_spans", busy["cpu"], "CPU-s", peer="grpc++", peer_value=round(peer, 3))
                self.throughput(name, busy)

    def grpcpp_of(self, size, spans):
        if size not in self.grpcpp_of_size:
            with self.client("otlp_grpc", "none", spans, size) as client, cells.grpcpp(self.options.build) as sink:
                self.grpcpp_of_size[size] = sink.send(client, 8, 60)["cpu"]
        return self.grpcpp_of_size[size]

    def bare(self, name, client, connections, busy):
        with cells.swallow(self.options.build) as sink:
            peer = sink.send(client, connections, self.seconds, "--spans", ALL_SPANS)
        self.requests_per_s(f"{name}.requests_per_s", busy, peer, "bare")

    def requests_per_s(self, name, busy, peer, peer_name):
        of_peer = peer["requests"] / peer["seconds"]
        self.row(name, busy["requests"] / busy["seconds"], "1/s", target=round(0.75 * of_peer), peer=peer_name,
                 peer_value=round(of_peer))

    # --- a disk that is slow to make anything durable --------------------------

    def slow_disk(self):
        library = pathlib.Path(self.options.build).resolve() / "bench/libbench_ingest_slow_disk.so"
        with self.client("otlp_grpc", "none", 100_000, 500) as client:
            more = ("--spans", ALL_SPANS)
            disk = self.to_server(client, 64, self.seconds, *more)
            slow = self.to_server(client, 64, self.seconds, *more, library=library)
            rate = disk["spans"] / disk["seconds"]
            half = self.to_server(client, 64, self.seconds, *more, "--rate", rate / 2, library=library)
        assert half["p50_ms"] >= SLOW_DISK_MS / 2, "the slow disk is not slow"
        self.row("slow_disk.spans_per_s", slow["spans"] / slow["seconds"], "1/s", target=round(rate), peer="disk",
                 peer_value=round(rate))
        self.row("slow_disk.ack_p50_ms", half["p50_ms"], "ms")
        self.row("slow_disk.ack_p99_ms", half["p99_ms"], "ms", target=80)

    # --- three times of what is possible ---------------------------------------

    def overload(self):
        seconds = min(self.options.overload_seconds, 3) if self.options.quick else self.options.overload_seconds
        with self.client("otlp_grpc", "none", 200_000, 500) as client:
            best = self.to_server(client, 64, min(seconds, 30), "--spans", ALL_SPANS, "--longest-pause-ms", 100,
                                  flags=LIMIT_FLAGS)
            peak = best["spans"] / best["seconds"]
            say(f"overload: peak {peak:.0f} spans/s, {best['refused']} refused")
            with cells.start_server(self.harness, *LIMIT_FLAGS) as server:
                self.offer_too_much(server, client, peak, seconds)

    def offer_too_much(self, server, client, peak, seconds):
        with Watch(server) as watch, measures.MostMemory(server) as memory:
            answer = client.send(server.ports["otlp_grpc"], 128, seconds, "--spans", ALL_SPANS, "--rate", 3 * peak,
                                 "--longest-delay-ms", 250, "--longest-pause-ms", 0)
        stored = measures.metric(server, "clew_store_spans")
        offered = 500 * (answer["requests"] + answer["dropped"]) / answer["seconds"]
        self.row("overload.peak_spans_per_s", peak, "1/s")
        self.row("overload.offered_share", offered / peak, "of peak")
        self.row("overload.accepted_share", answer["spans"] / answer["seconds"] / peak, "of peak", target=0.8)
        self.row("overload.refused_share", answer["refused"] / (answer["requests"] + answer["dropped"]), "of all")
        cap = sum(MEMORY_CAP_MIB.values())
        for name, mib in MEMORY_CAP_MIB.items():
            self.row(f"overload.cap_mb.{name}", mib, "MB")
        self.row("overload.rss_mb", memory.most, "MB", peer="cap", peer_value=cap)
        self.row("overload.rss_over_cap", memory.most / cap, "ratio", target=1.1)
        self.row("overload.store_memory_over_limit", watch.most_store_bytes / 2**20 / LIMITS_MIB["memory-limit"], "ratio", target=1.1)
        self.row("overload.lost_spans", answer["spans"] - stored, "spans")
        self.row("overload.queries", len(watch.milliseconds), "")
        self.row("overload.failed_queries", watch.failed, "")
        self.row("overload.query_max_ms", max(watch.milliseconds), "ms")


class Watch:
    """Asks a server for spans again and again, and for its memory, while it is open."""

    def __init__(self, server):
        self.server, self.done = server, threading.Event()
        self.milliseconds, self.failed, self.most_store_bytes = [], 0, 0.0
        self.thread = threading.Thread(target=self.run)

    def run(self):
        query = urllib.parse.quote("{ status = error }")
        while not self.done.wait(0.25):
            begin = time.monotonic()
            try:
                status, _ = self.server.get(f"/api/search?q={query}&limit=20")
                self.failed += status != 200
                self.most_store_bytes = max(self.most_store_bytes, measures.metric(self.server, "clew_store_memory_bytes"))
            except OSError:
                self.failed += 1
            self.milliseconds.append((time.monotonic() - begin) * 1e3)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.done.set()
        self.thread.join()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--json")
    parser.add_argument("--spans", type=int, default=400_000, help="of each format and encoding")
    parser.add_argument("--seconds", type=float, default=4, help="of each other cell")
    parser.add_argument("--overload-seconds", type=float, default=20)
    parser.add_argument("--parts", default=",".join(PARTS), help="some of " + ",".join(PARTS) + "; sizes, of requests of all formats but "
                        "otlp_grpc, takes two minutes, grid, of those of otlp_grpc, three")
    parser.add_argument("--quick", action="store_true", help="a few small cells, to see that it works")
    options = parser.parse_args()
    sys.argv[1:] = [options.build]
    harness = measures.import_harness()
    subprocess.run(["cmake", "--build", options.build, "--target", "bench_ingest"], check=True, stdout=subprocess.DEVNULL)

    bench = Bench(options, harness)
    for part in options.parts.split(","):
        assert part in PARTS, f"there is no part {part}"
        getattr(bench, part.replace("-", "_"))()
    table.report(bench.rows, options.json)


if __name__ == "__main__":
    main()
