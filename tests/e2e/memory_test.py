"""A server with little memory for spans takes in many times that and stays within it."""
import json
import re
import subprocess
import threading

import harness

LIMIT_MIB = 12  # of --memory-limit
# What else lives in the program: code's data, threads and their arenas, bodies on their way, and
# what one flush and one merge hold at a time.
OVERHEAD_MIB = 96
TIMES = 20
SPANS = 450_000


def anonymous_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"RssAnon:\s+(\d+) kB", status.read())[1]) / 1024


class Watch(threading.Thread):
    """The most anonymous memory a process has until it is told to stop."""

    def __init__(self, pid):
        super().__init__()
        self.pid = pid
        self.stopped = threading.Event()
        self.most_mib = 0.0

    def run(self):
        while not self.stopped.wait(0.02):
            self.most_mib = max(self.most_mib, anonymous_mib(self.pid))


def test_twenty_times_the_memory_limit_goes_through_it():
    with harness.Server(f"--memory-limit={LIMIT_MIB}MiB", "--memtable-size=2MiB") as server:
        watch = Watch(server.process.pid)
        watch.start()
        run = subprocess.run(
            [harness.CLEW, "load", "--quiet", "--json", "--no-floor", "--spans", str(SPANS), "--rate", "20000",
             "--endpoint", f"http://127.0.0.1:{server.ports['otlp_grpc']}"],
            capture_output=True, text=True, timeout=280)
        watch.stopped.set()
        watch.join()
        assert run.returncode == 0, (run.stdout[-2000:], run.stderr[-2000:])
        sent = json.loads(run.stdout)["sent"]
        print(f"{sent['bytes'] >> 20} MiB in {sent['seconds']:.0f} s, at most {watch.most_mib:.0f} MiB")
        assert sent["failedSpans"] == 0 and sent["bytes"] > TIMES * LIMIT_MIB << 20, sent
        if not harness.SANITIZED:
            assert watch.most_mib <= LIMIT_MIB + OVERHEAD_MIB, watch.most_mib


if __name__ == "__main__":
    harness.run_tests(globals())
