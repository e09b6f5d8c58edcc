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

    starts, acks, queries = [], [], []
    unseen = 0  # acked spans that the first query after the ack did not return
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
                unseen += len(server.trace_spans(trace_id.hex())) != 1
                queries.append(time.monotonic() - acked)
                acks.append(acked - begin)
    table.report([
        table.row("start.ready_ms", statistics.median(starts) * 1e3, "ms", target=200),
        table.row("start.ack_ms", statistics.median(acks) * 1e3, "ms"),
        table.row("start.query_after_ack_ms", statistics.median(queries) * 1e3, "ms"),
        table.row("start.unseen_after_ack", unseen, "spans", target=0),
    ], options.json)


if __name__ == "__main__":
    main()
