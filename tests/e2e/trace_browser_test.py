"""The Trace page in a real browser, over the trace of a slow checkout."""
import browser
import harness


def test_read_a_trace_in_chromium():
    browser.run_over_a_checkout("trace_test.mjs")


if __name__ == "__main__":
    harness.run_tests(globals())
