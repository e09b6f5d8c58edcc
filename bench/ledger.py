#!/usr/bin/env python3
"""What the ledger of a trace takes: where its time went, of a million spans, with rows and verdict.

Calls as services make them, one call after the other below one span, and a chain as deep as it gets;
the target is for the slowest of them.
"""
import argparse
import pathlib
import subprocess

import table


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--json")
    options = parser.parse_args()

    subprocess.run(["cmake", "--build", options.build, "--target", "ledger_bench"],
                   check=True, stdout=subprocess.DEVNULL)
    output = subprocess.run([pathlib.Path(options.build) / "libs/ledger/ledger_bench"],
                            capture_output=True, text=True, check=True).stdout
    figures = {name: float(value) for name, value in (line.split() for line in output.splitlines())}
    table.report([
        table.row("ledger.million_spans_ms", max(figures.values()), "ms", target=500),
        *(table.row(f"ledger.million_spans_{name}", value, "ms") for name, value in figures.items()),
    ], options.json)


if __name__ == "__main__":
    main()
