"""The programs of bench/ingest.py, and one cell of its grid: a server, what is sent to it, and its cost."""
import contextlib
import json
import os
import pathlib
import socket
import subprocess
import time

import store_measures as measures

PORTS = {"otlp_grpc": "otlp_grpc", "otlp_http": "otlp_http", "otlp_json": "otlp_http", "jaeger_http": "jaeger_thrift",
         "jaeger_grpc": "jaeger_grpc", "zipkin_json": "zipkin"}


class Client:
    """Bodies of one format, encoding and size, made when it starts, and whoever sends them."""

    def __init__(self, build, form, encoding, spans, spans_per_body):
        self.form = form
        self.process = subprocess.Popen(
            [pathlib.Path(build) / "bench/bench_ingest_client", "--format", form, "--encoding", encoding,
             "--spans", str(spans), "--spans-per-body", str(spans_per_body)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the client has ended"
        return json.loads(line)

    def scan(self):
        """CPU-s a million spans of checking these bodies and of inflating them, the least of a few times."""
        runs = [self.ask("scan") for _ in range(3)]
        return [min(run[what] for run in runs) / runs[0]["spans"] * 1e6 for what in ("validate_seconds", "inflate_seconds")]

    def send(self, port, connections, seconds, *more):
        answer = self.ask("send", "--port", port, "--connections", connections, "--seconds", seconds, *more)
        assert answer["failed"] == 0, answer
        assert answer["requests"] > 0, answer
        return answer

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.wait()


@contextlib.contextmanager
def preloaded(library):
    """Programs that are started meanwhile have the library in front of the system's."""
    if library:
        os.environ["LD_PRELOAD"] = str(library)
    try:
        yield
    finally:
        os.environ.pop("LD_PRELOAD", None)


def start_server(harness, *flags, library=None):
    with preloaded(library):
        return harness.Server(*flags)


def send_to_server(harness, client, connections, seconds, *more, flags=(), library=None, merges=False):
    """What the client saw, and what the server spent until all of it was in a block (and merged)."""
    with start_server(harness, *flags, library=library) as server:
        begin = measures.Cost(server)
        with measures.MostMemory(server) as memory:
            answer = client.send(server.ports[PORTS[client.form]], connections, seconds, *more)
            assert server.request("api", "POST", "/flush")[0] == 204
        flushed = begin.until_now()
        check_all_stored(server, answer)
        # Merges run beside in a thread of their own; they are of what comes after the block.
        answer["cpu"] = (flushed.cpu_seconds - flushed.of_threads.get("compact", 0.0)) / answer["spans"] * 1e6
        answer["rss_mb"] = memory.most
        if merges:
            measures.wait_for_merges(server)
            answer["cpu_all"] = begin.until_now().cpu_seconds / answer["spans"] * 1e6
        return answer


def check_all_stored(server, answer):
    for name in ("clew_ingest_rejected_spans_total", "clew_ingest_duplicate_requests_total"):
        assert measures.metric(server, name) == 0, name
    stored = measures.metric(server, "clew_store_spans")
    assert stored == answer["spans"], (stored, answer)


class Sink:
    """A server that keeps nothing, with what it costs."""

    def __init__(self, build, name, *arguments):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        program = pathlib.Path(build) / f"bench/bench_ingest_{name}"
        self.process = subprocess.Popen([program, str(self.port), *arguments])
        self.wait_until_it_listens()

    def wait_until_it_listens(self):
        for _ in range(500):
            with contextlib.suppress(OSError):
                return socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            time.sleep(0.02)
        raise SystemExit(f"nothing listens on {self.port}")

    def send(self, client, connections, seconds, *more):
        begin = measures.Cost(self)
        answer = client.send(self.port, connections, seconds, *more)
        answer["cpu"] = begin.until_now().cpu_seconds / answer["spans"] * 1e6
        return answer

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.kill()
        self.process.wait()


def grpcpp(build):
    return Sink(build, "grpcpp")


def swallow(build):
    return Sink(build, "swallow", str(os.cpu_count()))
