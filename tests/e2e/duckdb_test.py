"""Blocks are plain Parquet: DuckDB reads every column of them and counts what we count."""
import collections
import json
import re
import subprocess

import harness
from api_spans import all_spans
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


def blocks_of(server, **options):
    """The table of all blocks of a server."""
    assert server.request("api", "POST", "/flush")[0] == 204
    more = "".join(f", {name}={value}" for name, value in options.items())
    return f"read_parquet('{server.data}/blocks/*/*/spans.parquet', union_by_name=true{more})"


def counted(rows):
    """How often each row comes, whatever is in it."""
    return collections.Counter(json.dumps(row, sort_keys=True) for row in rows)


def check_same(found, expected, what):
    found, expected = counted(found), counted(expected)
    assert found == expected, (what, list((found - expected).items())[:3], list((expected - found).items())[:3])


def test_counts_sums_bounds_and_groups_are_those_of_the_api():
    with harness.Server("--memtable-size=2MiB") as server:
        load(server, "--spans", "8000", "--missing", "0.02", "--errors", "0.05")
        table = blocks_of(server)
        spans = all_spans(server)
        whole, groups, traces = sql(
            f"""select count(*)::int n, sum(duration_nano)::varchar total, min(duration_nano)::varchar low,
                max(duration_nano)::varchar high, epoch_us(min(start_unix_nano))::varchar earliest,
                epoch_us(max(start_unix_nano))::varchar latest, sum(len("event.name"))::int events,
                sum(len("event.time"))::int event_times, count("event.name")::int with_events,
                sum(len("link.trace_id"))::int links from {table}""",
            f"""select "resource.service.name" service, name, kind, status_code, count(*)::int n,
                sum(duration_nano)::varchar total, max(duration_nano)::varchar high from {table} group by all""",
            f"""select replace(trace_id::varchar, '-', '') id, count(*)::int n, epoch_us(min(start_unix_nano))::varchar earliest
                from {table} group by 1""")
        durations = [span.end - span.start for span in spans]
        starts = [span.start // 1000 for span in spans]
        assert whole == [{
            "n": len(spans), "total": str(sum(durations)), "low": str(min(durations)), "high": str(max(durations)),
            "earliest": str(min(starts)), "latest": str(max(starts)), "events": sum(len(span.events) for span in spans),
            "event_times": sum(len(span.events) for span in spans),
            "with_events": sum(bool(span.events) for span in spans),
            "links": sum(len(span.links) for span in spans) or None}], whole
        assert whole[0]["events"] > 100 and len(groups) > 50, whole
        grouped, by_trace = collections.defaultdict(list), collections.defaultdict(list)
        for span, duration in zip(spans, durations):
            grouped[span.service, span.name, span.kind, span.status_code].append(duration)
            by_trace[span.trace_id].append(span.start // 1000)
        check_same(groups, [{"service": key[0], "name": key[1], "kind": key[2], "status_code": key[3], "n": len(group),
                             "total": str(sum(group)), "high": str(max(group))} for key, group in grouped.items()],
                   "groups")
        check_same(traces, [{"id": key, "n": len(group), "earliest": str(min(group))} for key, group in by_trace.items()],
                   "traces")


# Which OTLP type a column of a type has.
TYPES = {"VARCHAR": "stringValue", "BIGINT": "intValue", "DOUBLE": "doubleValue", "BOOLEAN": "boolValue"}


def value_in(column_type, attribute):
    """What an attribute is in a column of that type; None when it is not there."""
    kind, value = attribute
    if column_type.endswith("[]"):
        items = value.get("values", []) if kind == "arrayValue" else []
        found = [value_in(column_type[:-2], next(iter(item.items()), (None, None))) for item in items]
        return found if found and None not in found else None
    if kind != TYPES[column_type]:
        return None
    return int(value) if kind == "intValue" else float(value) if kind == "doubleValue" else value


def test_every_attribute_is_that_of_the_api_and_null_where_it_is_absent():
    with harness.Server("--memtable-size=2MiB") as server:
        load(server, "--spans", "5000")
        table = blocks_of(server)
        spans = all_spans(server)
        types = {row["column_name"]: row["column_type"] for row in sql(f"describe select * from {table}")[0]}
        names = [name for name in types if re.match(r"(resource|scope|span|event)\.", name)
                 and name not in ("scope.name", "scope.version", "event.time", "event.name", "event.dropped")]
        assert len(names) > 40, types
        answers = sql(*[f'select to_json("{name}")::varchar v, count(*)::int n from {table} group by 1' for name in names])
        inside = 0
        for name, rows in zip(names, answers):
            key = name.split("@")[0]
            found = {json.dumps(json.loads(row["v"] or "null")): row["n"] for row in rows}
            if name.startswith("event."):
                kind = types[name][:-2]
                values = [[value_in(kind, event[1].get(key, (None, None))) for event in span.events] or None
                          for span in spans]
            else:
                values = [value_in(types[name], span.attributes.get(key, (None, None))) for span in spans]
                inside += sum(value is not None for value in values)
            assert found == collections.Counter(json.dumps(value) for value in values), (name, list(found.items())[:5])
        # All the others are in `others`.
        others = sql(f"""select count(*)::int n from (select unnest(map_keys(others)) k from {table})
                         where k not like 'event[%' and k not like 'link[%'""")[0][0]["n"]
        assert inside + others == sum(len(span.attributes) for span in spans), (inside, others)
        assert others > 0


def int_attribute(key, value):
    return harness.field(1, key) + harness.field(2, b"\x18" + harness.varint(value))


def test_a_key_of_two_types_keeps_the_type_it_had_first():
    whole = [int_attribute("code", 404), int_attribute("code", 200)]
    text = [harness.string_attribute("code", "not found")]
    with harness.Server() as first, harness.Server() as second:
        for server, batches in ((first, (whole, text, whole + text)), (second, (text, whole, whole + text))):
            for number, attributes in enumerate(batches):
                spans = [harness.otlp_span(bytes([number + 1] * 16), bytes([i + 1] * 8)) + harness.field(9, attribute)
                         for i, attribute in enumerate(attributes)]
                spans.append(harness.otlp_span(bytes([number + 1] * 16), b"without.", name="without"))
                assert server.export(harness.otlp_request(spans))[0] == 200
                assert server.request("api", "POST", "/flush")[0] == 204
        for server, plain, other, kind in ((first, "INT64", "span.code@str", "BIGINT"),
                                           (second, "BYTE_ARRAY", "span.code@int", "VARCHAR")):
            table = blocks_of(server)
            schemas, types, values = sql(
                f"""select type, count(*)::int n from parquet_schema('{server.data}/blocks/*/*/spans.parquet')
                    where name = 'span.code' group by 1""",
                f"describe select * from {table}",
                f"""select "span.code"::varchar code, "{other}"::varchar other, count(*)::int n from {table} group by 1, 2""")
            assert schemas == [{"type": plain, "n": 2}], schemas
            found = {row["column_name"]: row["column_type"] for row in types}
            assert found["span.code"] == kind and {found["span.code"], found[other]} == {"BIGINT", "VARCHAR"}, found
            numbers = "code" if kind == "BIGINT" else "other"
            texts = "other" if kind == "BIGINT" else "code"
            check_same(values, [{numbers: "404", texts: None, "n": 2}, {numbers: "200", texts: None, "n": 2},
                                {numbers: None, texts: "not found", "n": 2}, {numbers: None, texts: None, "n": 3}], values)


def test_duckdb_agrees_with_the_search():
    with harness.Server("--memtable-size=4MiB") as server:
        load(server, "--spans", "30000")
        table = blocks_of(server)
        services, biggest = sql(
            f'''select "resource.service.name" service, count(distinct trace_id) traces,
                count(*) spans from {table} group by 1 order by 3''',
            f"select trace_id, count(*) spans from {table} group by 1 order by 2 desc, 1 limit 3")
        assert len(services) > 5, services
        for row in services[:4]:
            found = server.search(f'tags=service.name%3D{row["service"]}&limit=100000')
            exact = [trace for trace in found if row["service"] in trace["serviceStats"]]
            assert len(exact) == int(row["traces"]), (row, len(exact))
        for row in biggest:
            trace_id = row["trace_id"].replace("-", "")
            assert len(server.trace_spans(trace_id)) == int(row["spans"]), row
            # Equality on the id finds the trace, Bloom filter and all.
            found = sql(f"select count(*) n from {table} where trace_id = '{row['trace_id']}'::uuid")
            assert found[0][0]["n"] == row["spans"], (found, row)


def test_parents_are_joined_in_sql():
    with harness.Server("--memtable-size=2MiB") as server:
        load(server, "--spans", "6000", "--missing", "0.05", "--late", "0.05")
        table = blocks_of(server, filename="true")
        found = sql(f"""
            select lower(hex(c.span_id)) child, lower(hex(case when c.parent_span_id is null then p.span_id
                when c.parent_span_id <> '\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00'::blob then c.parent_span_id end)) parent
            from {table} c left join {table} p
            on c.filename = p.filename and c.trace_id = p.trace_id and c.parent_row = p.row_in_trace""")[0]
        spans = all_spans(server)
        check_same(found, [{"child": span.span_id, "parent": span.parent_id or None} for span in spans], "parents")
        assert sum(row["parent"] is not None for row in found) > 1000


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
