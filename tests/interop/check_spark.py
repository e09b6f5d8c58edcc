"""Spark: the code of docs/duckdb.md, every column of every block, and questions that its filters answer."""
import json
import os
import shutil

import suite
import harness
import block_rows
import duckdb_page_test as page
from api_spans import all_spans
from duckdb_test import linked_body, load
from parquet_rows import DUMP, check_rows, dump

READER = suite.ROOT / "tests/interop/spark/read_blocks.py"
WRITER = suite.ROOT / "tests/interop/spark/write_files.py"
# What is appended to the page's code.
ANSWERS = """
import json

print("ANSWERS")
for table in (spans, one):
    print(json.dumps([[bytes(row[0]).hex(), *row[1:]] for row in table.collect()]))
"""
SETTINGS = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.driver.memory": "2g",
            "spark.driver.bindAddress": "127.0.0.1", "spark.sql.shuffle.partitions": "4"}


def run(python, *arguments):
    work = suite.folder("spark")
    settings = {**SETTINGS, "spark.local.dir": str(work / "local")}
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYTHONDONTWRITEBYTECODE": "1", "PYSPARK_PYTHON": str(python),
                   "PYSPARK_SUBMIT_ARGS": " ".join(f"--conf {name}={value}" for name, value in settings.items()) +
                                          " pyspark-shell"}
    return suite.run(str(python), *arguments, seconds=500, env=environment, cwd=work)


def cells(shown):
    """The rows of what show() prints, below their heads."""
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in shown.splitlines() if line.startswith("|")][1:]


def check_answers(output, spans, one):
    printed, answers = output.split("ANSWERS\n")
    mean, trace = printed.split("|trace_id")
    durations = {}
    for span in spans:
        if span.kind == 2:
            durations.setdefault(span.service, []).append(span.end - span.start)
    found = {service: float(value) for service, value in cells(mean)}
    assert len(found) == min(20, len(durations)) > 5, (found, durations.keys())
    for service, value in found.items():
        expected = sum(durations[service]) / len(durations[service])
        assert abs(value - expected) <= 1e-6 * expected, (service, value, expected)
    starts = [int(row[1]) for row in cells("|trace_id" + trace)]
    assert starts == sorted(span.start for span in one), (starts, len(one))

    def wanted(span):
        status = span.attributes.get("span.http.response.status_code", (None, None))[1]
        return [span.trace_id, span.start, span.end - span.start, span.kind, span.status_code, span.name, span.service,
                None if status is None else int(status)]
    for answer, expected in zip(answers.splitlines(), (spans, one), strict=True):
        block_rows.check_same(json.loads(answer), map(wanted, expected))


def check_page(python):
    with harness.Server("--memtable-size=2MiB", "--merge-from=1000") as server:
        page.fill(server)
        spans = all_spans(server)
        trace_id, by_trace = page.example_of(spans)
        output = run(python, "-c", page.code_of("Spark", server, trace_id) + ANSWERS)
        check_answers(output, spans, by_trace[trace_id])


def check_columns(python):
    """Every column of two blocks, one of them of several pages; how many questions were asked."""
    with harness.Server("--memtable-size=256MiB", "--merge-from=1000") as server:
        load(server, "--spans", "20000", "--errors", "0.05", "--missing", "0.05")
        assert server.request("api", "POST", "/flush")[0] == 204
        assert server.export(linked_body())[0] == 200
        assert server.request("api", "POST", "/flush")[0] == 204
        *lines, (_, (asked, unread)) = map(json.loads, run(python, str(READER), str(server.data / "blocks")).splitlines())
        spans = all_spans(server)
        block_rows.check_same([row for name, row in lines if name == "spans"], map(block_rows.span_of_api, spans))
        assert sum(row["rows"] for name, row in lines if name == "traces") == len(spans)
        # Absent values of three columns with Bloom filters lie between others; a filter may be wrong once.
        assert unread >= 2, unread
        return asked


def ordered(rows):
    """Maps have no order, and Spark keeps none."""
    return [{**row, "pairs": row["pairs"] and sorted(row["pairs"], key=lambda pair: pair["key"])} for row in rows]


def check_files(python):
    """What Spark writes is what clew reads, or is refused by name; how many files there were."""
    written = suite.folder("spark") / "written"
    shutil.rmtree(written, ignore_errors=True)
    rows = ordered(map(json.loads, run(python, str(WRITER), str(written)).splitlines()))
    ways = sorted(path.name for path in written.iterdir())
    for way in ways:
        (path,) = (written / way).glob("*.parquet")
        if way.startswith("refused-"):
            dump(path, way.removeprefix("refused-"))
        else:
            check_rows(ordered(dump(path)), rows, way)
    assert len(ways) > 15, ways
    return len(ways)


def check():
    suite.tool("java")
    python = suite.venv("spark", "pyspark")
    check_page(python)
    asked = check_columns(python)
    written = f"{check_files(python)} files that it writes" if DUMP.exists() else suite.NO_DUMP
    return f"the code of docs/duckdb.md, every column, {asked} questions, {written}"
