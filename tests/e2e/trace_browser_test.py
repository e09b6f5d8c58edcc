"""The Trace page in a real browser, over the trace of a slow checkout."""
import struct
import time

import browser
import harness


STEPS_ID = bytes(15) + b"\x57"


def event(time_ns, name):
    return harness.field(11, b"\x09" + struct.pack("<Q", time_ns) + harness.field(2, name))


def steps():
    """A trace that is longer than the screen: a root with 600 calls, no two alike, and with events, of which some are
    within less than a pixel."""
    start = time.time_ns() - 60_000_000_000
    root = (1).to_bytes(8, "big")
    near = [event(start + 150_000_000 + number * 100_000, "retry") for number in range(5)]
    events = b"".join([*near, event(start + 150_500_000, "exception"), event(start + 300_000_000, "done")])
    spans = [harness.otlp_span(STEPS_ID, root, name="steps", start=start, duration=600_000_000) + events]
    for number in range(600):
        spans.append(harness.otlp_span(STEPS_ID, (number + 2).to_bytes(8, "big"), name=f"step {number}", parent=root,
                                       start=start + number * 1_000_000))
    return harness.otlp_request(spans)


def test_read_a_trace_in_chromium():
    browser.run_over_a_checkout("trace_test.mjs", steps())


if __name__ == "__main__":
    harness.run_tests(globals())
