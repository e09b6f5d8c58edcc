"""Every query of docs/duckdb.md runs and finds what the API tells."""
import ast
import collections
import importlib.util
import re
import subprocess
import sys
import uuid

import harness
from api_spans import all_spans
from duckdb_sql import sql

PAGE = harness.ROOT / "docs/duckdb.md"
EXAMPLE = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736"


def blocks_of_code(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def code_of(section, server, trace_id):
    """The Python of a section as one program, with these in place of what stands there."""
    text = PAGE.read_text().split(f"\n## {section}\n")[1].split("\n## ")[0]
    program = "\n".join(re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    for name, found in (("clew-data", str(server.data)), (EXAMPLE, str(uuid.UUID(trace_id))),
                        (EXAMPLE.replace("-", ""), trace_id)):
        program = program.replace(name, found)
    return program


def int_attribute(key, value):
    return harness.field(1, key) + harness.field(2, b"\x18" + harness.varint(value))


def fill(server):
    """Generated spans in several blocks, and a key of two types."""
    done = subprocess.run(
        [harness.CLEW, "load", "--quiet", "--json", "--no-floor", "--spans", "6000", "--errors", "0.05",
         "--endpoint", f"http://127.0.0.1:{server.ports['otlp_grpc']}"], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    for number, attribute in enumerate((int_attribute("code", 404), harness.string_attribute("code", "not found"))):
        span = harness.otlp_span(bytes([number + 1] * 16), bytes([number + 1] * 8)) + harness.field(9, attribute)
        assert server.export(harness.otlp_request([span]))[0] == 200
        assert server.request("api", "POST", "/flush")[0] == 204


def answers_of(server, trace_id):
    """The rows of every SQL statement of the page, by the words that it begins with."""
    text = "\n".join(blocks_of_code("sql")).replace("clew-data", str(server.data))
    statements = [part.strip() for part in text.replace(EXAMPLE, str(uuid.UUID(trace_id))).split(";") if part.strip()]
    assert len(statements) >= 12, statements
    rows = sql("set timezone = 'UTC'", *statements)[1:]
    for statement, found in zip(statements, rows):
        assert found or statement.startswith("create"), statement
    return [found for statement, found in zip(statements, rows) if not statement.startswith("create")]


def example_of(spans):
    """The id of a trace of some length, and the spans by trace."""
    by_trace = collections.defaultdict(list)
    for span in spans:
        by_trace[span.trace_id].append(span)
    return max(by_trace, key=lambda name: (len(by_trace[name]) < 60, len(by_trace[name]))), by_trace


def depths(spans):
    parents = {span.span_id: span.parent_id for span in spans}

    def depth(span_id):
        return 0 if parents[span_id] not in parents else 1 + depth(parents[span_id])
    return sorted((depth(span.span_id), span.name) for span in spans)


def test_every_query_of_the_page_finds_what_the_api_tells():
    with harness.Server("--memtable-size=2MiB") as server:
        fill(server)
        spans = all_spans(server)
        trace_id, by_trace = example_of(spans)
        (slowest, errors, tree, paths, calls, failed, others, codes, exceptions, days, columns,
         longest) = answers_of(server, trace_id)
        servers = [span for span in spans if span.kind == 2]
        requests = collections.Counter((span.service, span.name) for span in servers)
        for row in slowest:
            assert int(row["requests"]) == requests[row["service"], row["name"]], row
            assert float(row["p50_ms"]) <= float(row["p95_ms"]) <= float(row["p99_ms"]), row
        assert max(row["error_rate"] for row in errors) > 0, errors
        # The tree is whole when the trace lies in one block; what its depths are is the same either way.
        found = sorted((len(row["span"]) - len(row["span"].lstrip())) // 2 for row in tree)
        assert len(tree) == len(paths) == len(by_trace[trace_id]), (len(tree), len(by_trace[trace_id]))
        assert found == sorted(int(row["depth"]) for row in paths), (tree, paths)
        if len(sql(f"select distinct filename from read_parquet('{server.data}/blocks/*/*/spans.parquet', filename=true) "
                   f"where trace_id = '{uuid.UUID(trace_id)}'")[0]) == 1:
            assert found == [depth for depth, _ in depths(by_trace[trace_id])], (found, depths(by_trace[trace_id]))
        assert all(row["caller"] != row["callee"] for row in calls) and len(calls) > 3, calls
        status = [span.attributes.get("span.http.response.status_code", (0, 0))[1] for span in spans]
        assert len(failed) == min(20, sum(int(code) >= 500 for code in status)), failed
        contexts = sum("span.app.context" in span.attributes for span in spans)
        assert 0 < sum(int(row["spans"]) for row in others) <= contexts, (others, contexts)
        assert {row["code"]: row["spans"] for row in codes} == {"404": "1", "not found": "1"}, codes
        assert sum(int(row["events"]) for row in exceptions) == sum(len(span.events) for span in spans), exceptions
        assert sum(int(row["spans"]) for row in days) == len(spans), days
        assert len(columns) == 10 and len(longest) == 10, (columns, longest)
        for row in longest:
            assert int(row["spans"]) == len(by_trace[row["trace_id"].replace("-", "")]), row


def modules_of(program):
    return [name for node in ast.walk(ast.parse(program)) if isinstance(node, (ast.Import, ast.ImportFrom))
            for name in ([node.module] if isinstance(node, ast.ImportFrom) else [name.name for name in node.names])]


def test_every_snippet_in_python_runs():
    with harness.Server("--memtable-size=2MiB") as server:
        fill(server)
        spans = all_spans(server)
        for section in ("pandas", "Spark"):
            program = code_of(section, server, example_of(spans)[0])
            missing = [name for name in modules_of(program) if importlib.util.find_spec(name.split(".")[0]) is None]
            if missing:
                print(f"skipped: the code for {section} is parsed but not run, because there is no {missing[0]} here")
                continue
            done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=200)
            assert done.returncode == 0, done.stderr[-3000:]
            services = {span.service for span in spans if span.kind == 2}
            assert all(service in done.stdout for service in sorted(services)[:3]), done.stdout


if __name__ == "__main__":
    harness.run_tests(globals())
