"""A server with little memory for spans takes in many times that and stays within it."""
import contextlib
import json
import re
import subprocess
import threading

import harness

LIMIT_MIB = 12  # of --memory-limit
# A body is let in by its size, and takes some more or less as spans; these have 500 spans.
BODY_MIB = 0.1
# What else lives in the program: code's data, threads and their arenas, bodies on their way, and
# what one flush and one merge hold at a time.
OVERHEAD_MIB = 96
TIMES = 20
SPANS = 450_000


def anonymous_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"RssAnon:\s+(\d+) kB", status.read())[1]) / 1024


class Watch(threading.Thread):
    """The most memory a server has, and says that its spans have, until it is told to stop."""

    def __init__(self, server):
        super().__init__()
        self.server = server
        self.stopped = threading.Event()
        self.looks = 0
        self.most_mib = self.most_of_spans_mib = 0.0

    def run(self):
        while not self.stopped.wait(0.02):
            self.most_mib = max(self.most_mib, anonymous_mib(self.server.process.pid))
            of_spans = self.server.metric("clew_store_memory_bytes") / (1 << 20)
            self.most_of_spans_mib = max(self.most_of_spans_mib, of_spans)
            self.looks += 1


@contextlib.contextmanager
def no_flushes(server):
    """Blocks cannot be written: spans stay in memory, and only the limit keeps more of them out."""
    uploads = server.data / "uploads"
    uploads.rmdir()
    uploads.touch()
    yield
    uploads.unlink()
    uploads.mkdir()


def refused(server):
    return server.metric("clew_ingest_refused_requests_total")


def test_twenty_times_the_memory_limit_goes_through_it():
    with harness.Server(f"--memory-limit={LIMIT_MIB}MiB", "--memtable-size=2MiB") as server:
        watch = Watch(server)
        watch.start()
        load = subprocess.Popen(
            [harness.CLEW, "load", "--quiet", "--json", "--no-floor", "--spans", str(SPANS), "--rate", "20000",
             "--endpoint", f"http://127.0.0.1:{server.ports['otlp_grpc']}"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        with no_flushes(server):
            harness.wait_for(lambda: refused(server) > 0 or watch.most_of_spans_mib > LIMIT_MIB, server.process,
                             server.folder / "server.log", seconds=120)
        out, error = load.communicate(timeout=280)
        watch.stopped.set()
        watch.join()
        assert load.returncode == 0, (out[-2000:], error[-2000:])
        sent = json.loads(out)["sent"]
        print(f"{sent['bytes'] >> 20} MiB in {sent['seconds']:.0f} s, at most {watch.most_mib:.0f} MiB, "
              f"{watch.most_of_spans_mib:.1f} MiB of spans in {watch.looks} looks, {refused(server):.0f} refused")
        assert sent["failedSpans"] == 0 and sent["bytes"] > TIMES * LIMIT_MIB << 20, sent
        assert 0.9 * LIMIT_MIB < watch.most_of_spans_mib <= LIMIT_MIB + BODY_MIB, watch.most_of_spans_mib
        if not harness.SANITIZED:
            assert watch.most_mib <= LIMIT_MIB + OVERHEAD_MIB, watch.most_mib


if __name__ == "__main__":
    harness.run_tests(globals())
