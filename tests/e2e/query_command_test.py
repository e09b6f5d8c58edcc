"""`clew query`: a server and a directory are asked, and the answers read as strictly as they can be."""
import csv
import io
import json
import os
import re
import select
import signal
import subprocess
import time

import harness

START = 1_700_000_000_000_000_000
ODD = 'a "quoted", text\nof two lines \x1b[31mand red'


def clew_query(*arguments, code=0):
    return harness.run_clew("query", *arguments, code=code)


def attribute(key, value):
    return {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}


def send(server, number, seconds, service="shop", status=0, **attributes):
    """A trace of two spans that starts so many seconds after START and takes 1.5 s."""
    trace_id = f"{number:032x}"
    start = START + seconds * 10**9

    def span(span_id, name, **members):
        return {"traceId": trace_id, "spanId": f"{span_id:016x}", "name": name, "startTimeUnixNano": str(start),
                "endTimeUnixNano": str(start + 1_500_000_000), "status": {"code": status},
                "attributes": [attribute(key, value) for key, value in attributes.items()], **members}

    body = {"resourceSpans": [{"resource": {"attributes": [attribute("service.name", service)]},
                               "scopeSpans": [{"spans": [span(1, "GET /"),
                                                         span(2, "work", parentSpanId=f"{1:016x}")]}]}]}
    status, _, reply = server.request("otlp_http", "POST", "/v1/traces", json.dumps(body),
                                      {"Content-Type": "application/json"})
    assert status == 200, (status, reply)


def filled():
    """Some traces in a block and some in the log alone."""
    server = harness.Server()
    send(server, 0xa1, 0, status=2, path="/a", code=500)
    send(server, 0xa2, 60, path=ODD, code=200)
    assert server.get("/flush")[0] == 204
    send(server, 0xa3, 120, service="bank", path="/c")
    return server


def rows_of(table):
    return [re.split(r"  +", line.strip()) for line in table.splitlines()]


def test_a_server_and_its_directory_answer_the_same():
    server = filled()
    with server:
        for query in ("{ }", "{ status = error }", "{ span.path != nil } | select(span.code)", "{ } > { name = `work` }"):
            for output in ("table", "json", "csv"):
                answers = [clew_query(query, *source, "--format", output)[0]
                           for source in (harness.of_server(server), harness.of_data(server))]
                if output == "json":
                    answers = [json.loads(answer)["traces"] for answer in answers]
                assert answers[0] == answers[1] and answers[0], (query, answers)
        expected = clew_query("{ }", *harness.of_server(server))
        server.stop()
        assert clew_query("{ }", *harness.of_data(server)) == expected


def test_a_directory_is_answered_whole_while_its_server_flushes_and_merges():
    with harness.Server("--memtable-size=1") as server:
        for number in range(1, 61):
            send(server, number, number)
            answer = json.loads(clew_query("{ }", *harness.of_data(server), "--json", "--limit", "1000")[0])
            found = [int(trace["traceID"], 16) for trace in answer["traces"]]
            assert found == list(range(number, 0, -1)), (number, found)


def test_the_table_is_for_people():
    with filled() as server:
        table, _ = clew_query("{ span.code > 0 }", *harness.of_server(server))
        assert rows_of(table) == [
            ["TIME (UTC)", "SERVICE", "ROOT", "DURATION", "SPANS", "TRACE", "code"],
            ["2023-11-14 22:14:20.000", "shop", "GET /", "1.50 s", "2", "a2", "200"],
            ["2023-11-14 22:13:20.000", "shop", "GET /", "1.50 s", "2", "a1", "500"]], table
        starts = [line.index(" a") for line in table.splitlines()[1:]]
        assert len(set(starts)) == 1, table
        odd, _ = clew_query("{ span.code = 200 } | select(span.path)", *harness.of_server(server))
        assert "\x1b" not in odd and len(odd.splitlines()) == 2 and "…" not in odd.splitlines()[0], odd
        nothing, note = clew_query("{ span.path = `nowhere` }", *harness.of_server(server))
        assert (nothing, note) == ("", "no traces\n")


def test_csv_keeps_every_character():
    with filled() as server:
        text, _ = clew_query("{ } | select(span.path)", *harness.of_data(server), "--format", "csv")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert rows[0] == ["trace_id", "start", "duration_ms", "root_service", "root_name", "matched_spans", "path"]
        assert [row[0] for row in rows[1:]] == ["a3", "a2", "a1"], rows
        assert rows[2] == ["a2", "2023-11-14T22:14:20Z", "1500", "shop", "GET /", "2", ODD], rows


def test_json_is_the_answer_of_the_api():
    with filled() as server:
        text, _ = clew_query("{ status = error }", *harness.of_server(server), "--json", "--spss", "1")
        trace, = json.loads(text)["traces"]
        assert trace["traceID"] == "a1" and len(trace["spanSets"][0]["spans"]) == 1, trace
        assert [one["traceID"] for one in json.loads(clew_query("{ }", *harness.of_data(server), "--json", "--limit", "2")[0])["traces"]] == ["a3", "a2"]


RATE = ("{ } | count_over_time() by(resource.service.name)", "--start", str(START // 10**9),
        "--end", "2023-11-14T22:16:40Z", "--step", "100s")


def test_numbers_over_time_in_every_format():
    with filled() as server:
        for source in (harness.of_server(server), harness.of_data(server)):
            table = rows_of(clew_query(*RATE, *source)[0])
            assert table == [["SERIES", "LAST", "MIN", "MAX", "OVER TIME"],
                             ["resource.service.name=bank", "2", "0", "2", "▁▁█"],
                             ["resource.service.name=shop", "0", "0", "2", "██▁"]], table
            rows = list(csv.DictReader(io.StringIO(clew_query(*RATE, *source, "--format", "csv")[0], newline="")))
            assert sum(float(row["value"]) for row in rows if row["resource.service.name"] == "shop") == 4, rows
            assert all(re.fullmatch(r"2023-11-14T22:\d\d:\d\dZ", row["time"]) for row in rows), rows
            series = json.loads(clew_query(*RATE, *source, "--json")[0])["series"]
            assert len(series) == 2 and series[0]["labels"][0]["value"] == {"stringValue": "bank"}, series


def test_explain_prints_the_plan_and_what_was_passed_over():
    with filled() as server:
        for source in (harness.of_server(server), harness.of_data(server)):
            text, _ = clew_query("{ span.path = `/c` }", *source, "--explain")
            for line in ('columns     span.path = "/c"', "order       newest first, until there are 20 results",
                         "sources     1 memtable with 2 spans", "            1 block with 4 spans, 0 of them outside",
                         "looked at   1 memtable, 1 block, 1 row group, 6 rows",
                         "            1 row group without a row that meets the condition"):
                assert line in text, (line, text)
            explained = json.loads(clew_query(*RATE, *source, "--explain", "--json")[0])
            assert "spans       row by row" in explained["plan"], explained
            assert explained["counters"]["rows"] == 6 and explained["results"] == 2, explained


class Watching:
    """`clew query --watch` and what it has printed."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([harness.CLEW, "query", *arguments, "--watch", "0.1"],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.text = ""

    def until(self, wanted, times=1):
        deadline = time.monotonic() + 30
        while self.text.count(wanted) < times:
            assert time.monotonic() < deadline, self.text
            if select.select([self.process.stdout], [], [], 1)[0]:
                piece = os.read(self.process.stdout.fileno(), 65536).decode()
                assert piece, (self.text, self.process.stderr.read())
                self.text += piece

    def end(self):
        self.process.send_signal(signal.SIGINT)
        rest, errors = self.process.communicate(timeout=30)
        assert self.process.returncode == 0, (self.process.returncode, errors)
        return self.text + rest.decode()


def test_watch_prints_traces_as_they_come():
    with filled() as server:
        for number, source in ((0xb1, harness.of_server(server)), (0xb2, harness.of_data(server))):
            watching = Watching("{ }", *source, "--json")
            watching.until('"a3"')
            send(server, number, 180 + number)
            watching.until(f'"{number:x}"')
            traces = [json.loads(line)["traceID"] for line in watching.end().splitlines()]
            assert traces[:3] == ["a1", "a2", "a3"] and traces[-1] == f"{number:x}", traces
            assert len(set(traces)) == len(traces), traces


def test_watch_goes_on_when_the_server_comes_back():
    with filled() as server:
        watching = Watching("{ }", *harness.of_server(server))
        watching.until("a3")
        port = server.ports["api"]
        server.kill()
        server.flags = (*server.flags, f"--port-api={port}")
        server.start()
        send(server, 0xc1, 300)
        watching.until("c1")
        rows = rows_of(watching.end())
        assert [row[5] for row in rows] == ["TRACE", "a1", "a2", "a3", "c1"], rows


def test_watch_draws_numbers_anew():
    with filled() as server:
        watching = Watching(*RATE, *harness.of_server(server))
        watching.until("SERIES", times=3)
        tables = watching.end().split("\n\n")
        assert len(tables) >= 3 and len(set(tables[:2])) == 1, tables


def test_watch_ends_when_nobody_reads_it():
    with filled() as server:
        watching = Watching(*RATE, *harness.of_server(server))
        watching.until("SERIES")
        watching.process.stdout.close()
        assert watching.process.wait(timeout=30) == 1
        assert b"standard output" in watching.process.stderr.read()


def test_a_wrong_query_is_shown_with_its_place():
    _, why = clew_query("{ name = `é` && status = }", code=2)
    lines = why.splitlines()
    assert lines[0].startswith("clew query: syntax error: unexpected }"), why
    assert lines[1] == "  { name = `é` && status = }" and lines[2] == " " * 27 + "^", why
    _, why = clew_query("{ }\n  | by(", code=2)
    assert why.splitlines()[1:3] == ["    | by(", " " * 9 + "^"], why
    _, why = clew_query("{ status > ok }", code=2)
    assert why.splitlines()[2].strip() == "^", why


def test_wrong_use_ends_with_2_and_says_what_is_right():
    with filled() as server:
        misuses = ((["{ }", "--step", "5s"], "--step is for numbers"),
                   (["{ } | rate()", "--limit", "5"], "--limit and --spss are for traces"),
                   (["{ }", "--since", "yesterday"], "since"),
                   (["{ }", "--start", "noon"], "--start"),
                   (["{ }", "--watch", "0"], "--watch takes seconds"),
                   (["{ }", "--explain", "--format", "csv"], "no CSV"),
                   ([], "say what to look for"),
                   (["{ }", "--format", "xml"], "--format"))
        for arguments, words in misuses:
            _, why = clew_query(*arguments, *harness.of_data(server), code=2)
            assert words in why, (arguments, why)


def test_what_is_not_there_ends_with_1():
    _, why = clew_query("{ }", "--server", "http://127.0.0.1:1", code=1)
    assert why.startswith("clew query: no answer from the server at http://127.0.0.1:1"), why
    _, why = clew_query("{ }", "--data", "/nowhere", code=1)
    assert "/nowhere is no data directory" in why, why
    _, why = clew_query("{ }", "--server", "http://127.0.0.1:1", "--watch", code=1)
    assert "no answer" in why, why


def test_the_query_may_stand_after_watch():
    process = subprocess.Popen([harness.CLEW, "query", "--data", "/nowhere", "--watch", "{ }"], stderr=subprocess.PIPE)
    _, why = process.communicate(timeout=30)
    assert b"/nowhere is no data directory" in why and process.returncode == 1, why


harness.run_tests(globals())
