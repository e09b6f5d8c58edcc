"""DuckDB reads only the row groups of a block that can have what is asked for, as its profile shows."""
import json
import random
import subprocess

import harness
from duckdb_sql import sql

READS = harness.ROOT / "tests/clients/duckdb_reads.mjs"
START = 1_700_000_000_000_000_000
TRACES, SPANS_OF_TRACE = 32_000, 10


def service_of(number):
    """Half of the spans are of a service that is everywhere, the others of one for each third."""
    if number % 2:
        return "m-everywhere"
    return ("a-first", "n-middle", "z-last")[number * 3 // TRACES]


def fill(server, services_everywhere=()):
    """Traces a millisecond apart with random ids, in about three row groups; a few spans of
    some more services between them. Returns the ids."""
    chance = random.Random(5)
    ids = [chance.randbytes(16) for _ in range(TRACES)]
    for begin in range(0, TRACES, 2000):
        by_service = {}
        for number in range(begin, begin + 2000):
            spans = by_service.setdefault(service_of(number), [])
            spans += [harness.otlp_span(ids[number], (number * 16 + i + 1).to_bytes(8, "big"),
                                        start=START + number * 1_000_000 + i) for i in range(SPANS_OF_TRACE)]
        for service in services_everywhere:
            by_service[service] = [harness.otlp_span(chance.randbytes(16), b"one more", start=START + begin * 1_000_000)]
        for service, spans in by_service.items():
            assert server.export(harness.otlp_request(spans, service))[0] == 200
    assert server.request("api", "POST", "/flush")[0] == 204
    return ids


def table_of(server):
    """The one block of the server, and the rows of its row groups."""
    files = f"'{server.data}/blocks/*/*/spans.parquet'"
    groups = sql(f"""select row_group_num_rows::int n from parquet_metadata({files})
                     where path_in_schema = 'name' order by row_group_id""")[0]
    groups = [group["n"] for group in groups]
    assert len(groups) == 3, groups
    return f"read_parquet({files})", groups


def operators(node):
    yield node
    for child in node.get("children", []):
        yield from operators(child)


class Scan:
    """What DuckDB finds, and what it reads for it."""

    def __init__(self, table, where):
        query = f"select count(*)::int n, bit_xor(hash(span_id))::varchar all_ids from {table} where {where}"
        done = subprocess.run(["node", READS, query, query, f"explain (analyze, format json) {query}"],
                              capture_output=True, text=True, timeout=100)
        assert done.returncode == 0, done.stderr
        _, again, plan = [json.loads(line) for line in done.stdout.splitlines()]
        self.found = again["rows"][0]["n"]
        self.bytes = again["bytes"]
        # What the scan handed on. Its operator_rows_scanned is an estimate for the whole file.
        self.rows = next(node["operator_cardinality"]
                         for node in operators(json.loads(plan["rows"][0]["explain_value"]))
                         if node.get("operator_name", "").strip() in ("PARQUET_SCAN", "READ_PARQUET"))


def test_fewer_rows_are_scanned_where_bounds_tell():
    with harness.Server("--memtable-size=256MiB") as server:
        fill(server)
        table, groups = table_of(server)
        whole = Scan(table, "true")
        assert whole.found == whole.rows == sum(groups), (whole.found, groups)
        # Of alternatives DuckDB's scan regards the bounds of row groups only and a filter above
        # it does the rest, so the rows that the scan hands on are those that it read.
        early = Scan(table, "start_unix_nano < to_timestamp(1700000001) or start_unix_nano < to_timestamp(17)")
        assert early.found == 10_000 and early.rows == groups[0], (early.found, early.rows, groups)
        late = Scan(table, "start_unix_nano >= to_timestamp(1700000031)")
        assert late.found == 10_000 and late.bytes < 0.7 * whole.bytes, (late.found, late.bytes, whole.bytes)
        service = Scan(table, "\"resource.service.name\" in ('a-first', 'a-second')")
        assert service.found == (TRACES + 5) // 6 * SPANS_OF_TRACE and service.rows == groups[0], (
            service.found, service.rows, groups)


def test_bloom_filters_tell_where_bounds_do_not():
    with harness.Server("--memtable-size=256MiB") as server:
        ids = fill(server, services_everywhere=("0", "zzz"))
        table, _ = table_of(server)
        whole = Scan(table, "true")
        # What equality finds is filtered inside of the scan, so what it reads shows in bytes.
        trace = Scan(table, f"trace_id = '{ids[100].hex()}'")
        nobody = Scan(table, f"trace_id = '{ids[100][:-1].hex() + '77'}'")
        assert trace.found == SPANS_OF_TRACE and nobody.found == 0, (trace.found, nobody.found)
        assert nobody.bytes < trace.bytes < 0.75 * whole.bytes, (nobody.bytes, trace.bytes, whole.bytes)
        service = Scan(table, "\"resource.service.name\" = 'a-first'")
        absent = Scan(table, "\"resource.service.name\" = 'nobody'")
        common = Scan(table, "\"resource.service.name\" = 'm-everywhere'")
        assert service.found == (TRACES + 5) // 6 * SPANS_OF_TRACE and absent.found == 0, service.found
        assert absent.bytes < service.bytes < 0.75 * common.bytes, (absent.bytes, service.bytes, common.bytes)


if __name__ == "__main__":
    harness.run_tests(globals())
