"""Queries and metrics in a real browser, over generated spans. Screenshots stay in build/artifacts."""
import os
import subprocess

import harness


def load(server, *flags):
    endpoint = f"http://127.0.0.1:{server.ports['otlp_grpc']}"
    subprocess.run([harness.CLEW, "load", "--quiet", "--no-floor", "--endpoint", endpoint, *flags],
                   check=True, timeout=120, stdout=subprocess.DEVNULL)


def test_type_a_query_read_its_spans_and_follow_an_exemplar_in_chromium():
    artifacts = harness.BUILD / "artifacts"
    artifacts.mkdir(exist_ok=True)
    with harness.Server() as server:
        # Ten minutes up to now: what a page asks about by itself.
        load(server, "--simulated-seconds=600", "--simulated-rate=30")
        environment = {**os.environ, "CLEW_URL": f"http://127.0.0.1:{server.ports['ui']}",
                       "CLEW_ARTIFACTS": str(artifacts.resolve())}
        done = subprocess.run(["node", "--test", "query_test.mjs", "metrics_test.mjs"], cwd=harness.ROOT / "tests/browser",
                              env=environment, capture_output=True, text=True, timeout=280, check=False)
        print(done.stdout[-6000:], done.stderr[-2000:])
        assert done.returncode == 0, "the browser test failed"


if __name__ == "__main__":
    harness.run_tests(globals())
