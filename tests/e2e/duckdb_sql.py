"""SQL in DuckDB, which the tests have from npm."""
import json
import subprocess

import harness

DUCKDB = harness.ROOT / "tests/clients/duckdb_query.mjs"


def sql(*queries):
    """The rows of each query; all run in one database."""
    done = subprocess.run(["node", DUCKDB, *queries], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]
