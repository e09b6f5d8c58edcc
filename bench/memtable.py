#!/usr/bin/env python3
"""What a span costs in a memtable that fills up: time to scan it in, and memory.

The peer of the time is validating the same bytes, which reads them all and stores nothing. Targets are
the design's: at most 0.6 us a span for scan and intern, and about 190 bytes. Columns double when they
grow, so a memtable that is just full may have much room to spare; the least is without it.
"""
import argparse
import pathlib
import statistics
import subprocess

import table


def run(program):
    """The figures of one run by name; each run fills a new memtable with the same spans."""
    output = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    return {name: float(value) for name, value in (line.split() for line in output.splitlines())}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--json")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()

    subprocess.run(["cmake", "--build", options.build, "--target", "memtable_bench"],
                   check=True, stdout=subprocess.DEVNULL)
    program = pathlib.Path(options.build) / "libs/store/memtable_bench"
    runs = [run(program) for _ in range(options.rounds)]

    def median(name):
        return statistics.median(figures[name] for figures in runs)

    table.report([
        table.row("memtable.ns_per_span", median("ns_per_span"), "ns", target=600,
                  peer="validate", peer_value=median("validate_ns_per_span")),
        table.row("memtable.bytes_per_span", median("bytes_per_span"), "bytes", target=190),
        table.row("memtable.least_bytes_per_span", median("least_bytes_per_span"), "bytes", target=190),
    ], options.json)


if __name__ == "__main__":
    main()
