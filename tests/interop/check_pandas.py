"""pandas: the code of docs/duckdb.md runs as it stands there, and what it finds is the server's."""
import json
import math

import suite
import harness
import block_rows
import duckdb_page_test as page
from api_spans import all_spans

# What is appended to the page's code: its tables, in JSON.
ANSWERS = """
import json

def plain(value):
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, pandas.Timestamp):
        return value.value
    return None if pandas.isna(value) else value

print("ANSWERS")
for table in (spans, one, failed):
    print(json.dumps([[plain(value) for value in row] for row in table.itertuples(index=False)]))
print(json.dumps({"rows": len(block), **{name: int(count) for name, count in block.count().items()}}))
"""
STATUS, ROUTE = "span.http.response.status_code", "span.http.route"


def quantile(values, share):
    place = (len(values) - 1) * share
    low, high = sorted(values)[math.floor(place)], sorted(values)[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


def check_printed(printed, spans):
    """The first table of the page: a service in each line."""
    lines = [line.split() for line in printed.splitlines()[2:] if line.strip()]
    found = {service: list(map(float, quantiles)) for service, *quantiles in lines}
    services = {span.service for span in spans if span.kind == 2}
    assert set(found) >= services and len(services) > 5, (services, printed)
    for service in services:
        durations = [span.end - span.start for span in spans if span.kind == 2 and span.service == service]
        for told, share in zip(found[service], (0.5, 0.95, 0.99), strict=True):
            assert math.isclose(told, quantile(durations, share), rel_tol=1e-4), (service, share, found[service])


def check_answers(server, output, spans, one):
    printed, answers = output.split("ANSWERS\n")
    check_printed(printed.split("trace_id")[0], spans)
    assert all(str(span.end - span.start) in printed for span in one), printed
    of_page, of_one, of_status, counts = map(json.loads, answers.splitlines())

    def wanted(span):
        return [span.trace_id, span.start, span.end - span.start, span.kind, span.service]
    block_rows.check_same(of_page, map(wanted, spans))
    block_rows.check_same(of_one, map(wanted, one))
    value = {name: lambda span, name=name: span.attributes.get(name, (None, None))[1] for name in (STATUS, ROUTE)}
    failed = [[span.start, span.name, value[ROUTE](span), int(value[STATUS](span))] for span in spans
              if int(value[STATUS](span) or 0) >= 500]
    assert block_rows.check_same(of_status, failed) > 10
    last = sorted(server.data.glob("blocks/*/*/spans.parquet"))[-1]
    assert counts["rows"] == counts["span_id"] == json.loads((last.parent / "meta.json").read_text())["spans"], counts


def check():
    python = suite.venv("arrow", "pyarrow", "pandas")
    with harness.Server("--memtable-size=2MiB", "--merge-from=1000") as server:
        page.fill(server)
        spans = all_spans(server)
        trace_id, by_trace = page.example_of(spans)
        program = page.code_of("pandas", server, trace_id) + ANSWERS
        check_answers(server, suite.run(str(python), "-c", program), spans, by_trace[trace_id])
    return "the code of docs/duckdb.md"
