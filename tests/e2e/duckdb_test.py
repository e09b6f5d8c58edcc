"""Blocks are plain Parquet: DuckDB reads every column of them and counts what we count."""
import collections
import json
import re
import struct
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


def int_attribute(key, value):
    return harness.field(1, key) + harness.field(2, b"\x18" + harness.varint(value))


def double_attribute(key, value):
    return harness.field(1, key) + harness.field(2, b"\x21" + struct.pack("<d", value))


def fixed32(number, value):
    return harness.varint(number << 3 | 5) + struct.pack("<I", value)


def link_of(trace, *more):
    """A link to a span of that trace, and what else it says."""
    return harness.field(13, harness.field(1, bytes([trace] * 16)) + harness.field(2, bytes([trace + 1] * 8)) +
                         b"".join(more))


def linked_body():
    """Spans with all that events and links can say, of which generated ones say little."""
    dropped = b"\x28" + harness.varint(300)
    text, number, double = (harness.field(4, attribute) for attribute in (
        harness.string_attribute("why", "follows"), int_attribute("why", 7), double_attribute("weight", 0.25)))
    event = (b"\x09" + struct.pack("<Q", 1_700_000_000_123_456_000) + harness.field(2, "paused") +
             harness.field(3, int_attribute("pause", 4)) + b"\x20" + harness.varint(200))
    links = [link_of(1, harness.field(3, "vendor=x"), text, double, dropped, fixed32(6, 0x301)), link_of(3),
             link_of(5, number)]
    spans = [harness.otlp_span(b"of many links...", b"the root") + b"".join(links) + harness.field(11, event) * 2,
             harness.otlp_span(b"of many links...", b"one link", parent=b"the root") + link_of(7, text, double),
             harness.otlp_span(b"of many links...", b"no links", parent=b"the root")]
    return harness.otlp_request(spans, "linked")


# What a column of events or links has of each, as SQL and as Python.
ENTRIES = {
    "event.time": ("epoch_us(x)", lambda event: event.time // 1000),
    "event.name": ("x", lambda event: event.name),
    "event.dropped": ("x", lambda event: event.dropped),
    "link.trace_id": ("replace(x::varchar, '-', '')", lambda link: link.trace_id),
    "link.span_id": ("lower(hex(x))", lambda link: link.span_id),
    "link.trace_state": ("x", lambda link: link.trace_state),
    "link.flags": ("x", lambda link: link.flags),
    "link.dropped": ("x", lambda link: link.dropped),
}


def entries_of(span, column):
    return span.events if column.startswith("event.") else span.links


def test_events_and_links_are_those_of_the_api():
    with harness.Server("--memtable-size=2MiB") as server:
        load(server, "--spans", "8000", "--errors", "0.05")
        assert server.export(linked_body())[0] == 200
        table = blocks_of(server)
        spans = all_spans(server)
        assert sum(len(span.links) for span in spans) > 20 and sum(len(span.events) for span in spans) > 100
        columns = ", ".join(f'to_json(list_transform("{name}", lambda x: {value}))::varchar "{name}"'
                            for name, (value, _) in ENTRIES.items())
        found = sql(f"select lower(hex(span_id)) span_id, {columns} from {table}")[0]
        expected = [{"span_id": span.span_id,
                     **{name: [read(entry) for entry in entries_of(span, name)] or None
                        for name, (_, read) in ENTRIES.items()}} for span in spans]
        check_same([{name: value if name == "span_id" else json.loads(value or "null") for name, value in row.items()}
                    for row in found], expected, "events and links")


def or_none(value):
    """None for a list of nothing: a block of which no event has the attribute has no column of it."""
    return None if isinstance(value, list) and all(item is None for item in value) else value


def test_every_attribute_is_that_of_the_api_and_null_where_it_is_absent():
    with harness.Server("--memtable-size=2MiB") as server:
        load(server, "--spans", "5000")
        assert server.export(linked_body())[0] == 200
        table = blocks_of(server)
        spans = all_spans(server)
        types = {row["column_name"]: row["column_type"] for row in sql(f"describe select * from {table}")[0]}
        names = [name for name in types if re.match(r"(resource|scope|span|event|link)\.", name)
                 and name not in ("scope.name", "scope.version", *ENTRIES)]
        assert len(names) > 40, types
        assert {"link.why", "link.why@int", "link.weight", "event.pause"} <= set(names), names
        answers = sql(*[f'select to_json("{name}")::varchar v, count(*)::int n from {table} group by 1' for name in names])
        inside = 0
        for name, rows in zip(names, answers):
            key = name.split("@")[0]
            found = collections.Counter()
            for row in rows:
                found[json.dumps(or_none(json.loads(row["v"] or "null")))] += row["n"]
            if name.startswith(("event.", "link.")):
                kind = types[name][:-2]
                values = [or_none([value_in(kind, entry.attributes.get(key, (None, None)))
                                   for entry in entries_of(span, name)]) for span in spans]
            else:
                values = [value_in(types[name], span.attributes.get(key, (None, None))) for span in spans]
                inside += sum(value is not None for value in values)
            assert found == collections.Counter(json.dumps(value) for value in values), (name, list(found.items())[:5])
        # All the others are in `others`.
        others = sql(f"""select count(*)::int n from (select unnest(map_keys(others)) k from {table})
                         where k not like 'event[%' and k not like 'link[%'""")[0][0]["n"]
        assert inside + others == sum(len(span.attributes) for span in spans), (inside, others)
        assert others > 0


def root_of(spans):
    """The first, by start and id, of the spans that name no parent; None when there is none."""
    return min((span for span in spans if not span.parent_id), key=lambda span: (span.start, span.span_id), default=None)


def services_of(spans):
    """How many spans and errors each service has."""
    counts = collections.defaultdict(lambda: [0, 0])
    for span in spans:
        counts[span.service][0] += 1
        counts[span.service][1] += span.status_code == 2
    return [{"service": service, "spans": count, "errors": errors} for service, (count, errors) in sorted(counts.items())]


def trace_row(trace_id, spans):
    """What traces.parquet says of these spans of a trace."""
    root = root_of(spans)
    return {"trace_id": trace_id, "rows": len(spans), "start": min(span.start for span in spans) // 1000,
            "end": max(max(span.start, span.end) for span in spans) // 1000,
            "last_start": max(span.start for span in spans) // 1000, "root_found": root is not None,
            "root_start": root and root.start // 1000, "root_span_id": root and root.span_id,
            "root_service": root.service if root else "", "root_name": root.name if root else "",
            "error_spans": sum(span.status_code == 2 for span in spans), "services": services_of(spans)}


# Every column of traces.parquet but the place, as the row above has it.
TRACE_COLUMNS = """replace(trace_id::varchar, '-', '') trace_id, rows::int as rows, epoch_us(start_unix_nano)::varchar as start,
    epoch_us(end_unix_nano)::varchar as "end", epoch_us(last_start_unix_nano)::varchar as last_start, root_found,
    epoch_us(root_start_unix_nano)::varchar as root_start, lower(hex(root_span_id)) as root_span_id, root_service, root_name,
    error_spans::int as error_spans, to_json(services)::varchar as services"""


def read_trace_row(row):
    times = {name: row[name] and int(row[name]) for name in ("start", "end", "last_start", "root_start")}
    return {**row, **times, "services": json.loads(row["services"])}


def test_every_column_of_the_traces_of_a_block_is_what_the_api_says():
    with harness.Server("--memtable-size=256MiB") as server:
        load(server, "--spans", "8000", "--missing", "0.05", "--errors", "0.05")
        table = blocks_of(server)
        traces = table.replace("spans.parquet", "traces.parquet")
        columns, files, found, places = sql(
            f"describe select * from {traces}",
            f"select count(distinct file_name)::int n from parquet_metadata('{server.data}/blocks/*/*/traces.parquet')",
            f"select {TRACE_COLUMNS} from {traces}",
            f"""select count(*)::int n from {traces} t join (select trace_id, min(file_row_number) place
                from {table.replace(')', ', file_row_number=true)')} group by 1) s
                on t.trace_id = s.trace_id and t.first_row = s.place""")
        assert files == [{"n": 1}], files
        types = {column["column_name"]: column["column_type"] for column in columns}
        assert types["services"] == "STRUCT(service VARCHAR, spans BIGINT, errors BIGINT)[]", types
        # With first_row below all there are.
        assert len(types) == 13, types
        by_trace = collections.defaultdict(list)
        for span in all_spans(server):
            by_trace[span.trace_id].append(span)
        check_same(map(read_trace_row, found), [trace_row(*item) for item in by_trace.items()], "traces")
        assert places == [{"n": len(by_trace)}], places
        assert {row["root_found"] for row in found} == {True, False}, "all traces have roots, or none"
        assert sum(row["error_spans"] for row in found) > 100


def test_traces_in_parts_add_up_to_what_a_search_says():
    with harness.Server("--memtable-size=1MiB") as server:
        load(server, "--spans", "8000", "--errors", "0.05", "--late", "0.1")
        traces = blocks_of(server).replace("spans.parquet", "traces.parquet")
        found, services = sql(
            f"""select replace(trace_id::varchar, '-', '') id, count(*)::int parts, sum(rows)::int as rows,
                sum(error_spans)::int errors, epoch_us(min(start_unix_nano))::varchar as start,
                first(root_service order by root_start_unix_nano nulls last, root_span_id) service,
                first(root_name order by root_start_unix_nano nulls last, root_span_id) as name from {traces} group by 1""",
            f"""select replace(trace_id::varchar, '-', '') id, s.service service, sum(s.spans)::int spans,
                sum(s.errors)::int errors from (select trace_id, unnest(services) s from {traces}) group by all""")
        assert sum(row["parts"] > 1 for row in found) > 10, "no trace is in parts"
        stats = {(row["id"], row["service"]): (row["spans"], row["errors"]) for row in services}
        by_id = {row["id"]: row for row in found}
        searched = server.search("limit=100000")
        assert len(searched) == len(by_id) and len(by_id) > 300, (len(searched), len(by_id))
        for trace in searched:
            trace_id = trace["traceID"].rjust(32, "0")
            row = by_id[trace_id]
            assert (row["service"], row["name"]) == (trace.get("rootServiceName"), trace.get("rootTraceName")), (row, trace)
            assert int(row["start"]) == int(trace["startTimeUnixNano"]) // 1000, (row, trace)
            of_services = {service: (counts["spanCount"], counts.get("errorCount", 0))
                           for service, counts in trace["serviceStats"].items()}
            assert of_services == {name: count for (of, name), count in stats.items() if of == trace_id}, (row, trace)
            assert row["rows"] == sum(spans for spans, _ in of_services.values()), row
            assert row["errors"] == sum(errors for _, errors in of_services.values()), row


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
