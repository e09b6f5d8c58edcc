"""States of the pages that are seldom on the screen, in a real browser, over two traces that begin alike."""
import time

import browser
import checkout_trace
import harness


def quick_checkout():
    """One that begins as the slow one does, of ten minutes ago."""
    trace = checkout_trace.Checkout(harness, time.time_ns() - 600_000_000_000, bytes(15) + b"\x0b")
    root = trace.add(0, "edge", "POST /checkout", 0, 120, checkout_trace.SERVER)
    trace.call(root, "edge", "frontend", "POST /checkout", ((2, 116), (4, 112)))
    return trace.body()


def test_read_what_is_seldom_shown_in_chromium():
    browser.run_over_a_checkout("states_test.mjs", quick_checkout())


if __name__ == "__main__":
    harness.run_tests(globals())
