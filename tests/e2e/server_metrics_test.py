"""What /metrics tells: in the format of Prometheus to the letter, and each number moves with its matter."""
import os
import pathlib
import re
import socket
import struct
import subprocess
import tempfile
import threading

import exposition
import harness
import tls_server

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
COMPACT = (harness.ROOT / "tests/corpus/jaeger_message_scan_fuzz/whole_batch").read_bytes()
# Units of the base kind, and what is counted rather than measured.
NO_BASE_UNIT = re.compile(r"(_ms|_milliseconds|_micros|_nanos|_ns|_kb|_mib|_percent|_minutes)(_|$)")


def body(name="op", **span):
    return harness.otlp_request([harness.otlp_span(os.urandom(16), os.urandom(8), name=name, **span)])


def read(server, headers=None):
    status, fields, text = server.request("api", "GET", "/metrics", headers=headers or {})
    assert status == 200 and fields["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8", fields
    return exposition.parse(text.decode())


class Moved:
    """How much each metric has moved since it was made."""

    def __init__(self, server):
        self.server, self.before = server, read(server)

    def __call__(self, name, **labels):
        def value(families):
            try:
                return exposition.total(families, name, **labels)
            except KeyError:
                return None
        before, after = value(self.before), value(read(self.server))
        assert after is not None, f"there is no {name}"
        return after - (before or 0)


def grpc(server, port_name, path, message, *options):
    """What curl shows of one gRPC call without TLS."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"\x00" + struct.pack(">I", len(message)) + message)
        file.flush()
        return subprocess.run(
            ["curl", "-sS", "-i", "--max-time", "30", "--http2-prior-knowledge", "-H", "content-type: application/grpc",
             "-H", "te: trailers", *options, "--data-binary", f"@{file.name}",
             f"http://127.0.0.1:{server.ports[port_name]}{path}"], capture_output=True, check=False).stdout


def check_conventions(families):
    for name, family in families.items():
        assert re.fullmatch(r"(clew|process)_[a-z0-9_]+", name), name
        assert not NO_BASE_UNIT.search(name), name
        assert name.endswith("_total") == (family.type == "counter"), (name, family.type)
        assert not re.search(r"_(count|sum|bucket)$", name), name
        assert family.help[0].isupper() and family.help.endswith("."), (name, family.help)
        if family.type == "histogram":
            assert name.endswith("_seconds"), name
        for _, labels, value in family.samples:
            assert value >= 0, (name, labels, value)
            assert not {"job", "instance"} & set(labels), (name, labels)


def test_the_text_keeps_the_format_and_the_conventions():
    with harness.Server() as server:
        check_conventions(read(server))
        assert server.export(body())[0] == 200
        assert server.get("/api/search")[0] == 200
        families = read(server)
        check_conventions(families)
        assert exposition.total(families, "clew_ready") == 1
        assert exposition.total(families, "clew_query_duration_seconds_count", call="/api/search") == 1
        assert exposition.total(families, "process_open_fds") > 5
        assert exposition.total(families, "process_start_time_seconds") > 1.6e9
        assert exposition.total(families, "process_resident_memory_bytes") > 1 << 20
        assert exposition.total(families, "clew_disk_free_bytes") > 0


def test_the_reader_refuses_what_is_no_metric():
    good = "# HELP a A.\n# TYPE a gauge\na 1\n"
    exposition.parse(good)
    for wrong in ("a 1\n", good + good, "# HELP a A.\n# TYPE a gauge\na{x=\"1\",x=\"2\"} 1\n", good[:-1],
                  "# HELP a A.\n# TYPE a gauge\na{x=\"\\q\"} 1\n", "# HELP a A.\n# TYPE a gauge\nb 1\n",
                  "# HELP a A.\n# TYPE a gauge\na 1\na 2\n", "# HELP a A.\na 1\n",
                  "# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1\"} 1\na_sum 1\na_count 1\n"):
        try:
            exposition.parse(wrong)
        except AssertionError:
            continue
        raise AssertionError(f"taken for right: {wrong}")


def test_every_receiver_counts_its_own():
    with harness.Server() as server:
        moved = Moved(server)
        assert b"grpc-status: 0" in grpc(server, "otlp_grpc", EXPORT, body())
        assert server.export(body())[0] == 200
        thrift = (harness.ROOT / "tests/corpus/jaeger_thrift_scan_fuzz")
        whole = next(path for path in sorted(thrift.iterdir())
                     if server.request("jaeger_thrift", "POST", "/api/traces", path.read_bytes(),
                                       {"Content-Type": "application/x-thrift"})[0] == 202)
        assert whole
        zipkin = b'[{"traceId":"1f","id":"2e"}]'
        assert server.request("zipkin", "POST", "/api/v2/spans", zipkin, {"Content-Type": "application/json"})[0] == 202
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(COMPACT, ("127.0.0.1", server.ports["jaeger_compact"]))
        harness.wait_for(lambda: moved("clew_ingest_accepted_spans_total", receiver="jaeger_compact") == 2,
                         server.process, server.folder / "server.log")
        assert moved("clew_ingest_accepted_spans_total", receiver="otlp_grpc") == 1
        assert moved("clew_ingest_accepted_spans_total", receiver="otlp_http") == 1
        assert moved("clew_ingest_accepted_spans_total", receiver="zipkin_http") == 1
        for receiver in ("otlp_grpc", "otlp_http", "jaeger_thrift", "zipkin_http", "jaeger_compact"):
            assert moved("clew_ingest_requests_total", receiver=receiver) >= 1, receiver
            assert moved("clew_ingest_received_bytes_total", receiver=receiver) > 0, receiver
        assert moved("clew_ingest_duration_seconds_count") >= 5
        assert moved("clew_wal_records_total") >= 5 and moved("clew_wal_syncs_total") > 0
        assert moved("clew_wal_written_bytes_total") > 0
        assert moved("clew_connections_accepted_total", port="otlp_grpc") == 1


def refusals(moved):
    return {sample[1]["reason"]: sample[2] for sample in read(moved.server)["clew_ingest_refused_requests_total"].samples
            if sample[2] > 0}


def test_refusals_say_why():
    with harness.Server("--body-limit=10KiB", "--tenant-span-rate=10", "--tenant-span-burst=10") as server:
        moved = Moved(server)
        assert server.export(b"\xff" * 10)[0] == 400
        assert server.export(bytes(20000))[0] == 413
        assert server.export(body(), {"Content-Encoding": "strange"})[0] == 415
        assert server.export(b"x", {"Content-Type": "text/strange"})[0] == 415
        grpc(server, "otlp_grpc", EXPORT, bytes(20000))  # the answer may come before all is sent, which curl dislikes
        many = harness.otlp_request([harness.otlp_span(os.urandom(16), os.urandom(8)) for _ in range(30)])
        assert server.export(many)[0] == 200  # more than the burst, when nothing was before
        assert server.export(body())[0] == 429
        refused = lambda reason, receiver="otlp_http": moved("clew_ingest_refused_requests_total", reason=reason,
                                                             receiver=receiver)
        counted = {reason: refused(reason) for reason in ("malformed", "too_large", "unsupported", "rate_limited")}
        assert counted == {"malformed": 1, "too_large": 1, "unsupported": 2, "rate_limited": 1}, counted
        assert refused("too_large", "otlp_grpc") == 1
        assert moved("clew_tenant_refused_requests_total", tenant="single-tenant") == 6
        assert moved("clew_tenant_accepted_spans_total", tenant="single-tenant") == 30


def refusal_lines(server):
    return [line for line in server.log_text().splitlines() if "refused a body" in line]


def test_the_log_says_what_is_refused_once_in_a_while():
    with harness.Server("--body-limit=10KiB", "--multitenancy") as server:
        headers = {"X-Scope-OrgID": "shop"}
        for _ in range(3):
            assert server.export(b"\xff" * 10, headers)[0] == 400
        assert server.export(bytes(20000), headers)[0] == 413
        assert server.export(body())[0] == 401
        lines = refusal_lines(server)
        for words in ("(malformed) over otlp_http, of tenant shop: ", "(too_large) over otlp_http, of tenant shop: ",
                      "(unauthorized) over otlp_http: no tenant"):
            assert sum(words in line for line in lines) == 1, (words, lines)
        assert len(lines) == 3, lines
        some = harness.otlp_request([harness.otlp_span(os.urandom(16), os.urandom(8)),
                                     harness.otlp_span(bytes(16), os.urandom(8))])
        assert server.export(some, headers)[0] == 200
        left_out = [line for line in server.log_text().splitlines() if "left spans out of a body" in line]
        assert len(left_out) == 1 and "of tenant shop: 1 span rejected: trace id must" in left_out[0], left_out


def stall(server):
    """A connection that sends most of a body and then nothing."""
    peer = socket.create_connection(("127.0.0.1", server.ports["otlp_http"]), timeout=30)
    peer.sendall(b"POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\n"
                 b"Content-Length: 1000000\r\n\r\n" + bytes(900_000))
    return peer


def test_bodies_that_find_no_memory_are_told_from_those_over_a_rate():
    with harness.Server("--body-memory=4MiB", "--body-limit=1MiB") as server:
        moved = Moved(server)
        refused = lambda receiver: moved("clew_ingest_refused_requests_total", reason="memory", receiver=receiver)
        peers = [stall(server) for _ in range(8)]
        harness.wait_for(lambda: refused("otlp_http") >= 4, server.process, server.folder / "server.log")
        large = body(name="x" * 1_000_000)
        slow = [threading.Thread(target=grpc, args=(server, "otlp_grpc", EXPORT, large, "--limit-rate", "400k"))
                for _ in range(8)]
        for thread in slow:
            thread.start()
        for thread in slow:
            thread.join()
        harness.wait_for(lambda: refused("otlp_grpc") >= 1, server.process, server.folder / "server.log")
        assert set(refusals(moved)) == {"memory"}, refusals(moved)
        for peer in peers:
            peer.close()


def test_a_store_that_has_no_room_says_of_what():
    with harness.Server("--memory-limit=1MiB", "--memtable-size=512KiB") as server:
        moved = Moved(server)
        large = body(name="x" * (2 << 20))
        assert server.export(large)[0] == 429
        assert moved("clew_ingest_refused_requests_total", reason="memory") == 1
        # No block can be made where a file lies.
        pathlib.Path(server.data, "blocks").write_text("in the way")
        assert server.export(body())[0] == 200
        assert server.request("api", "POST", "/flush")[0] == 500
        assert moved("clew_store_failed_flushes_total") >= 1
        harness.wait_for(lambda: server.export(large)[0] == 429 and
                         moved("clew_ingest_refused_requests_total", reason="disk_error") >= 1,
                         server.process, server.folder / "server.log")


def test_what_is_left_out_repaired_or_sent_again_is_counted():
    with harness.Server() as server:
        moved = Moved(server)
        once = body()
        assert server.export(once)[0] == 200 and server.export(once)[0] == 200
        assert moved("clew_ingest_duplicate_requests_total", receiver="otlp_http") == 1
        assert moved("clew_store_duplicates_total") == 1
        wrong = [harness.otlp_span(b"x", os.urandom(8)), harness.otlp_span(os.urandom(16), b"x"),
                 harness.otlp_span(os.urandom(16), os.urandom(8), parent=b"x"),
                 harness.otlp_span(os.urandom(16), os.urandom(8), start=(1 << 63) + 5), harness.otlp_span(b"x", b"x")]
        assert server.export(harness.otlp_request(wrong))[0] == 200
        rejected = lambda reason: moved("clew_ingest_rejected_spans_total", reason=reason)
        assert rejected("invalid_trace_id") == 2 and rejected("invalid_span_id") == 1
        assert rejected("invalid_parent_span_id") == 1 and rejected("time_out_of_range") == 1
        assert server.export(body(name=b"\xff\xfe"))[0] == 200
        assert moved("clew_store_repaired_strings_total") == 1


def test_the_way_of_spans_into_blocks_is_told():
    with harness.Server("--merge-from=2") as server:
        moved = Moved(server)
        trace = os.urandom(16)
        for _ in range(2):
            assert server.export(harness.otlp_request([harness.otlp_span(trace, os.urandom(8))]))[0] == 200
            assert moved("clew_store_memtables", state="open") == 1
            assert moved("clew_wal_pinned_bytes", tenant="single-tenant") > 0
            assert server.request("api", "POST", "/flush")[0] == 204
            assert moved("clew_wal_pinned_bytes") == 0
        harness.wait_for(lambda: moved("clew_store_merges_total") == 1, server.process, server.folder / "server.log")
        assert moved("clew_store_flushes_total") == 2 and moved("clew_store_flush_seconds_total") > 0
        assert moved("clew_store_flushed_block_bytes_total") > 0 and moved("clew_store_merged_block_bytes_total") > 0
        assert moved("clew_store_merged_trace_parts_total") == 2 and moved("clew_store_merged_traces_total") == 1
        assert moved("clew_store_merge_seconds_total") > 0 and moved("clew_store_blocks") == 1
        assert moved("clew_store_block_bytes") > 0 and moved("clew_store_unmerged_blocks") == 0
        assert moved("clew_store_compaction_debt_blocks") == 0
        assert server.get(f"/api/traces/{trace.hex()}")[0] == 200
        assert server.get(f"/api/traces/{trace.hex()}")[0] == 200
        assert moved("clew_cache_misses_total") > 0 and moved("clew_cache_hits_total") > 0 and moved("clew_cache_bytes") > 0


def test_queries_are_counted_by_how_they_end():
    with harness.Server("--slow-query=1ns") as server:
        moved = Moved(server)
        assert server.export(body())[0] == 200
        assert server.get("/api/search?q=%7B%7D")[0] == 200
        assert server.get("/api/search?q=%7B")[0] == 400
        count = lambda **labels: moved("clew_queries_total", call="/api/search", **labels)
        assert count(outcome="answered") == 1 and count(outcome="refused") == 1 and count(outcome="failed") == 0
        assert moved("clew_query_duration_seconds_bucket", call="/api/search", le="+Inf") == 2
        assert moved("clew_slow_queries_total") == 2 and moved("clew_query_rows_total") >= 1


def test_who_is_kept_out_is_counted_and_no_tenant_learns_of_another():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "credentials.yaml")
        path.write_text("tenants:\n  shop: {tokens: [one]}\n  warehouse: {tokens: [two]}\n")
        with harness.Server(f"--credentials={path}", "--port-jaeger-compact=off", "--port-jaeger-binary=off") as server:
            shop, warehouse = {"authorization": "Bearer one"}, {"authorization": "Bearer two"}
            assert server.export(body())[0] == 401
            assert server.export(body(), {**shop, "x-scope-orgid": "warehouse"})[0] == 403
            assert server.export(body(), shop)[0] == 200 and server.export(body(), warehouse)[0] == 200
            families = read(server, shop)
            refused = lambda reason: exposition.total(families, "clew_ingest_refused_requests_total", reason=reason)
            assert refused("unauthorized") == 1 and refused("forbidden") == 1
            spans = {sample[1]["tenant"]: sample[2] for sample in families["clew_tenant_accepted_spans_total"].samples}
            assert spans == {"shop": 1, "other": 1}, spans
            assert b"warehouse" not in server.request("api", "GET", "/metrics", headers=shop)[2]


def test_connections_that_the_server_ends_are_counted_and_logged():
    with harness.Server() as server:
        moved = Moved(server)
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", server.ports["otlp_http"]), timeout=10) as peer:
                peer.sendall(b"what is this\r\n\r\n")
                while peer.recv(1000):
                    pass
        assert moved("clew_connections_ended_total", port="otlp_http", reason="malformed") == 3
        assert moved("clew_connections_ended_total") == 3 and moved("clew_connections_failed_accepts_total") == 0
        line = "ended a connection (malformed) to otlp_http from 127.0.0.1:"
        assert server.log_text().count(line) == 1, server.log_text()


def test_tls_handshakes_are_counted():
    with tls_server.TlsServer() as server:
        with socket.create_connection(("127.0.0.1", server.ports["api"]), timeout=10) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
            while plain.recv(1000):
                pass
        families = read(server)
        assert exposition.total(families, "clew_tls_failed_handshakes_total", port="api") == 1
        assert exposition.total(families, "clew_tls_handshakes_total", port="api") >= 1
        assert exposition.total(families, "clew_connections_open", port="api") >= 1


harness.run_tests(globals())
