"""Queries have limits: how many run, how long, in how much memory; and the operator sees them."""
import json
import pathlib
import threading
import urllib.parse

import harness
from stream_call import call

SECOND = 1_000_000_000
START = 1_700_000_000
INVALID_ARGUMENT, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED = 3, 4, 8


def send(server, traces=200):
    for first in range(0, traces, 100):
        spans = [harness.otlp_span(number.to_bytes(16, "big"), b"00000001", name=f"name {number}",
                                   start=(START + number) * SECOND) for number in range(first + 1, first + 101)]
        assert server.export(harness.otlp_request(spans))[0] == 200


def ask(server, path, **parameters):
    status, headers, body = server.request("api", "GET", f"{path}?{urllib.parse.urlencode(parameters)}")
    return status, headers, body.decode()


RANGE = {"start": START, "end": START + 1000}
BY_NAME = "{ } | rate() by (name)"


def test_a_query_over_its_memory_says_what_to_narrow():
    with harness.Server("--query-memory-limit=16KiB") as server:
        send(server)
        for path, parameters, advice in (
                ("/api/metrics/query_range", {"q": BY_NAME, "step": "1s", **RANGE}, "fewer values"),
                ("/api/metrics/query", {"q": '{ } | compare({ name = "x" })', **RANGE}, "narrow the filter"),
                ("/api/search", {"q": "{ } | sort(duration)"}, "narrow the filter"),
                ("/api/search", {"q": "{ }", "limit": 200}, "limit"),
                ("/api/v2/search/tag/name/values", {}, "narrow them with q"),
                ("/api/clew/v1/tag/name/values", {}, "narrow them with q")):
            status, _, body = ask(server, path, **parameters)
            assert status == 422, (path, status, body)
            assert body.startswith("query needs more than its memory limit of 16384 bytes: "), body
            assert advice in body, (advice, body)
        nanos = {name: str(value * SECOND) for name, value in RANGE.items()}
        answer = call(server, "MetricsQueryRange", {"query": BY_NAME, "step": str(SECOND), **nanos})
        assert answer.code == RESOURCE_EXHAUSTED and "memory limit" in answer.text, (answer.code, answer.text)
        # One that keeps little is not touched.
        assert ask(server, "/api/search", q='{ name = "name 7" }')[0] == 200


def test_a_query_that_takes_too_long_ends_and_says_so():
    # The time is over before the query has begun in earnest: it ends at the first look, if it runs until then.
    with harness.Server("--query-timeout=1ms") as server:
        send(server, 60_000)
        query = '{ } && { } | compare({ name =~ ".*7.*" })'
        replies = [ask(server, "/api/metrics/query", q=query, start=START, end=START + 90_000) for _ in range(5)]
        late = [body for status, _, body in replies if status == 504]
        assert late and {status for status, _, _ in replies} <= {200, 504}, [reply[:2] for reply in replies]
        assert set(late) == {"query took longer than its time limit of 1 ms; narrow the filter or the time range"}, late
        nanos = {"start": str(START * SECOND), "end": str((START + 90_000) * SECOND)}
        answers = [call(server, "MetricsQueryInstant", {"query": query, **nanos}) for _ in range(5)]
        assert any(answer.code == DEADLINE_EXCEEDED and answer.text in late for answer in answers), answers[0].text
        # It is among the slow ones only if it is slow, but it has failed.
        assert b"clew_failed_queries_total 0" not in server.get("/metrics")[1]


def test_slow_queries_are_logged_and_listed():
    with harness.Server("--slow-query=1ns") as server:
        send(server)
        assert ask(server, "/api/search", q='{ name = "name 7" }')[0] == 200
        assert ask(server, "/api/search", q="{ nonsense }")[0] == 400
        assert call(server, "Search", {"query": "{ }"}).code == 0
        _, _, body = ask(server, "/api/clew/v1/queries")
        listed = json.loads(body)
        assert listed["slowQueries"] == listed["queries"] == 3, listed
        # A query is the last of the list a moment after its answer at the latest.
        assert [one["call"] for one in listed["last"]] == ["Search", "/api/search", "/api/search"], listed
        found = listed["last"][-1]
        assert found["query"] == 'q={ name = "name 7" }' and found["results"] == 1, found
        assert found["status"] == 200 and listed["last"][1]["status"] == 400 and found["tenant"], listed
        assert listed["limits"]["timeoutMs"] == 60000, listed
        status, page = server.get("/status")
        assert status == 200 and b'call=/api/search query="q={ name = ' in page, page
        line = next(line for line in server.log_text().splitlines() if "slow query" in line)
        assert 'query="q={ name = \\"name 7\\" }"' in line and "results=1 status=200" in line, line


def test_other_queries_are_in_a_verbose_log_only():
    for flags, lines in (((), 0), (("--verbose",), 1)):
        with harness.Server("--slow-query=1h", *flags) as server:
            assert ask(server, "/api/search", q="{ }")[0] == 200
            assert server.stop() == 0
            found = [line for line in server.log_text().splitlines() if "query tenant=" in line]
            assert len(found) == lines, server.log_text()


def test_queries_that_find_no_room_are_told_to_come_again():
    """Many clients of one worker and a queue of one: each is answered, or told when to come again."""
    with harness.Server("--query-concurrency=1", "--query-queue=1") as server:
        send(server, 3000)
        outcomes = []

        def client():
            for _ in range(5):
                outcomes.append(ask(server, "/api/metrics/query_range", q='{ } | compare({ name =~ ".*7.*" })',
                                    step="1s", **RANGE))

        clients = [threading.Thread(target=client) for _ in range(8)]
        for thread in clients:
            thread.start()
        for thread in clients:
            thread.join()
        assert len(outcomes) == 40
        assert any(status == 200 for status, _, _ in outcomes)
        busy = [(headers, body) for status, headers, body in outcomes if status == 429]
        assert busy, "all of 40 queries found room"
        for headers, body in busy:
            assert int(headers["Retry-After"]) > 0 and "queue" in body, (headers, body)
        assert {status for status, _, _ in outcomes} == {200, 429}, outcomes


def test_a_tenant_with_many_queries_does_not_take_the_turns_of_another():
    """Whoever asks little is answered, however full another's queries have made the queue."""
    with harness.Server("--multitenancy", "--query-concurrency=1", "--query-queue=4") as server:
        spans = [harness.otlp_span(number.to_bytes(16, "big"), b"00000001", name=f"name {number}",
                                   start=(START + number) * SECOND) for number in range(1, 1000)]
        flood, other = {"X-Scope-OrgID": "flood"}, {"X-Scope-OrgID": "other"}
        for tenant in (flood, other):
            assert server.export(harness.otlp_request(spans), tenant)[0] == 200
        question = urllib.parse.urlencode({"q": '{ } | compare({ name =~ ".*7.*" })', "step": "1s", **RANGE})
        enough, statuses = threading.Event(), []

        def client():
            while not enough.is_set():
                path = f"/api/metrics/query_range?{question}"
                statuses.append(server.request("api", "GET", path, headers=flood)[0])

        clients = [threading.Thread(target=client) for _ in range(16)]
        for thread in clients:
            thread.start()
        for _ in range(20):
            assert server.request("api", "GET", "/api/search?q=%7B%7D", headers=other)[0] == 200
        enough.set()
        for thread in clients:
            thread.join()
        assert 429 in statuses and set(statuses) <= {200, 429}, set(statuses)


def test_damage_is_told_once_by_both_apis():
    with harness.Server() as server:
        send(server)
        assert server.request("api", "POST", "/flush")[0] == 204
        block = next(pathlib.Path(server.data).glob("blocks/*/*"))
        with open(block / "spans.parquet", "r+b") as file:
            file.truncate(100)
        assert server.stop() == 0
        server.start()
        for _ in range(2):
            _, headers, _ = ask(server, "/api/search", q="{ }")
            assert headers.get("X-Clew-Partial"), headers
            assert call(server, "Search", {"query": "{ }"}).partial
        told = [line for line in server.log_text().splitlines() if "answers lack spans" in line]
        assert len(told) == 1, told


def long_query(size):
    """So many bytes of conditions, of which the last alone holds of a span."""
    end = '|| name = "name 7" }'
    query = "{ false "
    while len(query) + len(end) + 11 <= size:
        query += f"|| .k={1000 + len(query) % 9000} "
    return query + " " * (size - len(query) - len(end)) + end


def test_the_longest_queries_are_answered_and_longer_ones_refused():
    most = 128 << 10
    with harness.Server() as server:
        send(server)
        answer = call(server, "Search", {"query": long_query(most)})
        assert answer.code == 0, (answer.code, answer.text)
        assert [trace["rootTraceName"] for trace in answer.messages[-1]["traces"]] == ["name 7"], answer.messages
        answer = call(server, "Search", {"query": long_query(most + 1)})
        assert answer.code == INVALID_ARGUMENT and not answer.messages, answer.code
        assert "exceeds the configured maximum size of 131072 bytes" in answer.text, answer.text
        answer = call(server, "Search", {"query": long_query(300 << 10)})
        assert answer.code == RESOURCE_EXHAUSTED and "over the limit of 262144" in answer.text, answer.text
        # In a URL conditions take half as much room again.
        status, _, body = ask(server, "/api/search", q=long_query(36 << 10))
        assert status == 200 and [trace["rootTraceName"] for trace in json.loads(body)["traces"]] == ["name 7"], body
        status, _, body = ask(server, "/api/search", q=long_query(64 << 10))
        assert (status, body) == (431, "header is larger than 65536 bytes\n"), (status, body)


if __name__ == "__main__":
    harness.run_tests(globals())
