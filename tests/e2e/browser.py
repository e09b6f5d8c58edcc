"""Runs a test of tests/browser in Chromium. Screenshots stay in build/artifacts."""
import os
import subprocess
import time

import checkout_trace
import harness

TEST_SECONDS = 280


def run_browser_test(file, ui_port):
    artifacts = harness.BUILD / "artifacts"
    artifacts.mkdir(exist_ok=True)
    environment = {**os.environ, "CLEW_URL": f"http://127.0.0.1:{ui_port}", "CLEW_ARTIFACTS": str(artifacts.resolve())}
    done = subprocess.run(["node", "--test", file], cwd=harness.ROOT / "tests/browser", env=environment,
                          capture_output=True, text=True, timeout=TEST_SECONDS, check=False)
    print(done.stdout[-6000:], done.stderr[-2000:])
    assert done.returncode == 0, "the browser test failed"
    assert list(artifacts.glob("*.png")), "no screenshot was kept"


def run_over_generated_spans(file):
    """On a server of its own with the spans of the last ten minutes: what a page asks about by itself."""
    # A page asks much at a time, and a server with sanitizers takes its time.
    with harness.Server("--query-queue-wait=5m") as server:
        subprocess.run([harness.CLEW, "load", "--quiet", "--no-floor", "--simulated-seconds=600", "--simulated-rate=30",
                        "--endpoint", f"http://127.0.0.1:{server.ports['otlp_grpc']}"],
                       check=True, timeout=120, stdout=subprocess.DEVNULL)
        run_browser_test(file, server.ports["ui"])


def run_over_a_checkout(file, *more):
    """On a server of its own with one trace of a minute ago, a checkout that was slow, and `more` OTLP bodies."""
    with harness.Server() as server:
        body = checkout_trace.checkout(harness, time.time_ns() - 60_000_000_000)
        for each in (body, *more):
            assert server.export(each)[0] == 200
        run_browser_test(file, server.ports["ui"])
