"""Limits that change while the server runs show in what it does from then on, not in its log alone."""
import contextlib
import os
import pathlib
import tempfile
import threading
import urllib.parse

import harness

SECOND = 1_000_000_000
START = 1_700_000_000
RANGE = {"start": START, "end": START + 30_000}
BY_NAME = {"q": "{ } | rate() by (name)", "step": "100s", **RANGE}
# It looks at every name, and so is at work for a while.
LONG = {"q": '{ } && { } | compare({ name =~ ".*7.*" })', **RANGE}
CLIENTS = 8
COUNTS = "from now on counts: "


class File:
    """The configuration of a server, which it reads again."""

    def __init__(self, path):
        self.path = path
        self.path.write_text("")
        self.server = None

    def becomes(self, text, *names):
        """Until the server says that these settings count."""
        before = self.server.log_text().count(COUNTS)
        self.path.write_text(text)
        self.wait_for(lambda: self.server.log_text().count(COUNTS) > before)
        told = self.server.log_text().rsplit(COUNTS, 1)[1].splitlines()[0]
        assert set(told.split(", ")) == set(names), told

    def wait_for(self, condition):
        harness.wait_for(condition, self.server.process, self.server.folder / "server.log")


@contextlib.contextmanager
def server_with_file(*flags):
    with tempfile.TemporaryDirectory() as folder:
        file = File(pathlib.Path(folder) / "clew.yaml")
        with harness.Server("--config", str(file.path), *flags) as server:
            file.server = server
            yield server, file


def send_names(server, spans):
    for first in range(0, spans, 1000):
        body = harness.otlp_request(
            [harness.otlp_span(number.to_bytes(16, "big"), b"00000001", name=f"name {number}",
                               start=(START + number) * SECOND) for number in range(first + 1, first + 1001)])
        assert server.export(body)[0] == 200


def ask(server, path, parameters):
    status, headers, body = server.request("api", "GET", f"{path}?{urllib.parse.urlencode(parameters)}")
    return status, headers, body.decode()


def ask_long(server):
    return ask(server, "/api/metrics/query", LONG)


def test_the_memory_of_queries():
    with server_with_file() as (server, file):
        send_names(server, 1000)
        assert ask(server, "/api/metrics/query_range", BY_NAME)[0] == 200
        file.becomes("query-memory-limit: 16KiB\n", "query-memory-limit")
        status, _, body = ask(server, "/api/metrics/query_range", BY_NAME)
        assert status == 422 and "memory limit of 16384 bytes" in body, (status, body[:200])
        file.becomes("query-memory-limit: 64MiB\n", "query-memory-limit")
        assert ask(server, "/api/metrics/query_range", BY_NAME)[0] == 200


def test_the_time_of_queries():
    with server_with_file() as (server, file):
        send_names(server, 20_000)
        assert ask_long(server)[0] == 200
        file.becomes("query-timeout: 1ms\n", "query-timeout")
        # It ends when it is looked at, if it runs until then.
        file.wait_for(lambda: ask_long(server)[::2] ==
                      (504, "query took longer than its time limit of 1 ms; narrow the filter or the time range"))
        file.becomes("query-timeout: 30s\n", "query-timeout")
        assert ask_long(server)[0] == 200


def ask_all_at_once(server):
    answers = []
    clients = [threading.Thread(target=lambda: answers.append(ask_long(server))) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert len(answers) == CLIENTS, answers
    return answers


def test_the_time_for_which_queries_wait_for_their_turn():
    with server_with_file("--query-concurrency=1", "--query-threads=1") as (server, file):
        send_names(server, 5_000)
        assert {status for status, _, _ in ask_all_at_once(server)} == {200}
        file.becomes("query-queue-wait: 1ms\n", "query-queue-wait")
        refused = []

        def is_refused():
            answers = ask_all_at_once(server)
            assert {status for status, _, _ in answers} <= {200, 429}, answers
            refused.extend(answer for answer in answers if answer[0] == 429)
            return refused

        file.wait_for(is_refused)
        _, headers, body = refused[0]
        assert "waited longer than 1 ms for its turn" in body and int(headers["Retry-After"]) > 0, (headers, body)
        file.becomes("query-queue-wait: 30s\n", "query-queue-wait")
        assert {status for status, _, _ in ask_all_at_once(server)} == {200}


def flushed_trace(server):
    """The id of a trace that has a block of its own."""
    trace_id = os.urandom(16)
    spans = [harness.otlp_span(trace_id, os.urandom(8), name=os.urandom(20).hex()) for _ in range(100)]
    assert server.export(harness.otlp_request(spans))[0] == 200
    assert server.request("api", "POST", "/flush")[0] == 204
    return trace_id.hex()


def test_the_size_of_all_blocks():
    with server_with_file() as (server, file):
        oldest, *others = [flushed_trace(server) for _ in range(3)]
        size = int(server.metric("clew_store_block_bytes"))
        file.becomes(f"max-disk: {size * 3 // 4}\n", "max-disk")
        file.wait_for(lambda: not server.trace_spans(oldest))
        assert [len(server.trace_spans(trace)) for trace in others] == [100, 100]
        assert server.metric("clew_store_dropped_blocks_total") == 1
        file.becomes("max-disk: 1\n", "max-disk")
        file.wait_for(lambda: not any(server.trace_spans(trace) for trace in others))


def test_how_long_spans_are_kept_and_by_which_rule():
    with server_with_file() as (server, file):
        first, second = flushed_trace(server), flushed_trace(server)
        size = int(server.metric("clew_store_block_bytes"))
        # Both are too old, a rule may keep some of either, and there is no room for both.
        file.becomes(f"retention: 1ms\nkeep: '{{ status = error }}=30d'\nmax-disk: {size * 3 // 4}\n",
                     "retention", "keep", "max-disk")
        file.wait_for(lambda: not server.trace_spans(first))
        # Whoever dropped the one has looked at the other, too.
        assert len(server.trace_spans(second)) == 100
        file.becomes("retention: 1ms\n", "keep", "max-disk")
        file.wait_for(lambda: not server.trace_spans(second))
        assert server.metric("clew_store_dropped_blocks_total") == 2


if __name__ == "__main__":
    harness.run_tests(globals())
