"""Rows of a block's files, whoever read them, as the spans and traces that the API tells."""
import collections
import json
import re

INTRINSICS = {"scope.name", "scope.version", "event.time", "event.name", "event.dropped", "link.trace_id",
              "link.span_id", "link.trace_state", "link.flags", "link.dropped"}
KINDS = {bool: "boolValue", int: "intValue", float: "doubleValue", str: "stringValue"}


def typed(value):
    """A value of a column: its type in OTLP, and what it is."""
    if isinstance(value, list):
        return ["arrayValue", [typed(item) for item in value]]
    return [KINDS[type(value)], value]


def from_otlp(value):
    """The same of a value in OTLP's JSON."""
    kind, inner = next(iter(value.items()), (None, None))
    if kind == "arrayValue":
        return [kind, [from_otlp(item) for item in inner.get("values", [])]]
    return [kind, {"intValue": int, "doubleValue": float}.get(kind, lambda same: same)(inner)]


def name_of(column):
    """The attribute that a column has; a type after @ tells it from another column of the key."""
    return re.sub(r"@(str|int|double|bool)(\[\])?$", "", column)


def hexed(value):
    return None if value is None else bytes(value).hex()


def entries_of(row, kind):
    """Events or links, with their attributes."""
    columns = {name: values for name, values in row.items() if name.startswith(kind) and values is not None}
    count = len(columns.get(f"{kind}dropped", ()))
    assert all(len(values) == count for values in columns.values()), columns
    entries = [{"attributes": {}} for _ in range(count)]
    for name, values in columns.items():
        for entry, value in zip(entries, values):
            if name in INTRINSICS:
                entry[name.removeprefix(kind)] = hexed(value) if name.endswith("_id") else value
            elif value is not None:
                entry["attributes"][name_of(name)] = typed(value)
    return entries


def span_of(row, span_ids):
    """`span_ids` has the ids of a file's spans by trace and row."""
    parent = row["parent_span_id"]
    if parent is None and row["parent_row"] is not None:
        parent = span_ids[bytes(row["trace_id"]), row["parent_row"]]
    attributes = {name_of(name): typed(value) for name, value in row.items()
                  if name.startswith(("resource.", "scope.", "span.")) and value is not None and name not in INTRINSICS}
    found = {"trace_id": hexed(row["trace_id"]), "span_id": hexed(row["span_id"]),
             "parent_id": hexed(parent) if parent is not None and any(parent) else "",
             "start": row["start_unix_nano"], "end": (row["start_unix_nano"] + row["duration_nano"]) % 2**64,
             "name": row["name"], "kind": row["kind"], "status_code": row["status_code"], "attributes": attributes,
             "events": entries_of(row, "event."), "links": entries_of(row, "link.")}
    for key, value in (row["others"] or {}).items():
        inside = re.match(r"(event|link)\[(\d+)\](\..*)", key, re.DOTALL)
        holder = found[f"{inside[1]}s"][int(inside[2])]["attributes"] if inside else attributes
        holder[inside[1] + inside[3] if inside else key] = from_otlp(json.loads(value))
    return found


def spans_of(rows):
    """The spans that the rows of one spans.parquet are."""
    span_ids = {(bytes(row["trace_id"]), row["row_in_trace"]): row["span_id"] for row in rows}
    return [span_of(row, span_ids) for row in rows]


def trace_of(row):
    """A row of traces.parquet, but for the place; moments in microseconds, as the tests with DuckDB have them."""
    def micros(name):
        return None if row[name] is None else row[name] // 1000
    return {"trace_id": hexed(row["trace_id"]), "rows": row["rows"], "start": micros("start_unix_nano"),
            "end": micros("end_unix_nano"), "last_start": micros("last_start_unix_nano"),
            "root_found": row["root_found"], "root_start": micros("root_start_unix_nano"),
            "root_span_id": hexed(row["root_span_id"]), "root_service": row["root_service"],
            "root_name": row["root_name"], "error_spans": row["error_spans"], "services": row["services"]}


def span_of_api(span):
    """A span of api_spans.py in the same form."""
    def attributes(found):
        return {name: from_otlp({} if kind is None else {kind: value}) for name, (kind, value) in found.items()}
    fields = span._asdict()
    del fields["service"], fields["parent_id"]
    return {**fields, "parent_id": span.parent_id or "", "attributes": attributes(span.attributes),
            "events": [{**event._asdict(), "attributes": attributes(event.attributes)} for event in span.events],
            "links": [{**link._asdict(), "attributes": attributes(link.attributes)} for link in span.links]}


def check_same(found, expected):
    """That these are the same, in any order; how many there are."""
    found, expected = (collections.Counter(json.dumps(row, sort_keys=True) for row in rows) for rows in (found, expected))
    assert found == expected, (list((found - expected).items())[:2], list((expected - found).items())[:2])
    return sum(found.values())
