"""Blocks are plain Parquet: DuckDB reads every column of them and counts what we count."""
import json
import subprocess

import harness
from duckdb_sql import sql


def load(server, *flags):
    command = [harness.CLEW, "load", "--quiet", "--json", "--no-floor",
               "--endpoint", f"http://127.0.0.1:{server.ports['otlp_grpc']}", *flags]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_duckdb_reads_every_column_of_all_blocks():
    with harness.Server("--memtable-size=4MiB") as server:
        report = load(server, "--spans", "40000", "--retry-duplicates", "0.1")
        assert server.request("api", "POST", "/flush")[0] == 204
        spans = f"'{server.data}/blocks/*/*/spans.parquet'"
        table = f"read_parquet({spans}, union_by_name=true)"
        files, counts, whole, columns = sql(
            f"select count(distinct file_name) files from parquet_metadata({spans})",
            f"select count(*) spans, count(distinct trace_id) traces from {table}",
            f"select count(*) spans from (select distinct * exclude (others) from {table})",
            f"describe select * from {table}")
        assert int(files[0]["files"]) > 1, files
        assert int(counts[0]["spans"]) == report["sent"]["spans"], (counts, report)
        assert int(whole[0]["spans"]) == report["sent"]["spans"], whole
        types = {column["column_name"]: column["column_type"] for column in columns}
        assert types["trace_id"] == "UUID", types
        assert types["start_unix_nano"].startswith("TIMESTAMP"), types
        assert types["resource.service.name"] == "VARCHAR", types
        assert types["others"] == "MAP(VARCHAR, VARCHAR)", types
        # Every column by itself, values and all.
        for row in sql(*[f'select count("{name}") n, min(hash("{name}")) h from {table}'
                         for name in types]):
            assert 0 <= int(row[0]["n"]) <= report["sent"]["spans"], row


def test_duckdb_agrees_with_the_search():
    with harness.Server("--memtable-size=4MiB") as server:
        load(server, "--spans", "30000")
        assert server.request("api", "POST", "/flush")[0] == 204
        spans = f"'{server.data}/blocks/*/*/spans.parquet'"
        table = f"read_parquet({spans}, union_by_name=true)"
        services, biggest, joined = sql(
            f'''select "resource.service.name" service, count(distinct trace_id) traces,
                count(*) spans from {table} group by 1 order by 3''',
            f"select trace_id, count(*) spans from {table} group by 1 order by 2 desc, 1 limit 3",
            f'''select count(*) children from
                (select *, filename from read_parquet({spans}, union_by_name=true, filename=true)) c
                join (select *, filename from read_parquet({spans}, union_by_name=true, filename=true)) p
                on c.filename = p.filename and c.trace_id = p.trace_id
                and c.parent_row = p.row_in_trace''')
        assert len(services) > 5, services
        for row in services[:4]:
            found = server.search(f'tags=service.name%3D{row["service"]}&limit=100000')
            exact = [trace for trace in found if row["service"] in trace["serviceStats"]]
            assert len(exact) == int(row["traces"]), (row, len(exact))
        for row in biggest:
            trace_id = row["trace_id"].replace("-", "")
            assert len(server.trace_spans(trace_id)) == int(row["spans"]), row
        parents = sql(f"select count(parent_row) n from {table}")[0][0]["n"]
        assert joined[0]["children"] == parents, (joined, parents)
        # Equality on the id finds the trace, Bloom filter and all.
        one = biggest[0]
        found = sql(f"select count(*) n from {table} where trace_id = '{one['trace_id']}'::uuid")
        assert found[0][0]["n"] == one["spans"], (found, one)


def test_row_groups_are_ordered_by_time():
    with harness.Server("--memtable-size=256MiB") as server:
        load(server, "--spans", "300000", "--simulated-rate", "10000")
        assert server.request("api", "POST", "/flush")[0] == 204
        spans = f"'{server.data}/blocks/*/*/spans.parquet'"
        groups = sql(f'''select file_name, stats_min_value low, stats_max_value high,
                         row_group_num_rows n from parquet_metadata({spans})
                         where path_in_schema = 'start_unix_nano' order by file_name, row_group_id''')[0]
        by_file = {}
        for group in groups:
            by_file.setdefault(group["file_name"], []).append(group)
        largest = max(by_file.values(), key=len)
        assert len(largest) >= 2, groups
        # Traces are ordered by time, so that a moment lies in few row groups.
        lows = [group["low"] for group in largest]
        assert lows == sorted(lows) and len(set(lows)) == len(lows), lows


if __name__ == "__main__":
    harness.run_tests(globals())
