"""The Trace page in a real browser, over the trace of a slow checkout."""
import time

import browser
import checkout_trace
import harness


def test_read_a_trace_in_chromium():
    with harness.Server() as server:
        body = checkout_trace.checkout(harness, time.time_ns() - 60_000_000_000)
        assert server.export(body)[0] == 200
        browser.run_browser_test("trace_test.mjs", server.ports["ui"])


if __name__ == "__main__":
    harness.run_tests(globals())
