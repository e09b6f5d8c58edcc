#!/usr/bin/env python3
"""How soon the server is ready, and how soon an acknowledged span is visible."""
import argparse
import os
import pathlib
import statistics
import sys
import time

import table

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/e2e"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--json")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    sys.argv[1:] = [options.build]
    import harness

    starts, acks, visible = [], [], []
    for _ in range(options.rounds):
        begin = time.monotonic()
        with harness.Server() as server:
            starts.append(time.monotonic() - begin)
            for _ in range(20):
                trace_id = os.urandom(16)
                body = harness.otlp_request([harness.otlp_span(trace_id, b"12345678")])
                begin = time.monotonic()
                assert server.export(body)[0] == 200
                acked = time.monotonic()
                # The first query after the ack must see the span: anything else is a failure, not a delay.
                assert len(server.trace_spans(trace_id.hex())) == 1, "an acked span was not visible"
                acks.append(acked - begin)
                visible.append(0.0)
    table.report([
        table.row("start.ready_ms", statistics.median(starts) * 1e3, "ms", target=200),
        table.row("start.ack_ms", statistics.median(acks) * 1e3, "ms"),
        table.row("start.ack_to_visible_ms", max(visible), "ms", target=0),
    ], options.json)


if __name__ == "__main__":
    main()
