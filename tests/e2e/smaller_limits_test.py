"""Limits are judged before the log and never when it is read: a server that starts again with smaller ones has all that
was acknowledged."""
import gzip
import os
import time
import urllib.parse

import harness

BODIES = 12
SPANS_OF_A_BODY = 1000
# Each of these has less than one of the bodies.
SMALLER = ("--body-limit=64KiB", "--body-memory=1MiB", "--memory-limit=256KiB", "--tenant-rate=1KiB",
           "--tenant-span-rate=10")


def send_all(server):
    """The names of the spans of each trace."""
    sent = {}
    for number in range(BODIES):
        trace_id = os.urandom(16)
        names = [os.urandom(200).hex() for _ in range(SPANS_OF_A_BODY)]
        body = harness.otlp_request([harness.otlp_span(trace_id, os.urandom(8), name=name) for name in names],
                                    "large")
        # As they come, and packed: the log has them so.
        packed = {"Content-Encoding": "gzip"} if number % 2 else {}
        status, _, answer = server.export(gzip.compress(body, 1) if packed else body, packed)
        assert status == 200, (status, answer)
        sent[trace_id.hex()] = sorted(names)
    return sent


def count(server, service):
    """How many spans a service has, as a count has it."""
    now = time.time_ns()
    query = f'{{ resource.service.name = "{service}" }} | count_over_time()'
    parameters = {"q": query, "exemplars": 0, "step": "86400s", "start": now - 3600 * 10**9, "end": now + 3600 * 10**9}
    status, answer = server.get_json(f"/api/metrics/query_range?{urllib.parse.urlencode(parameters)}")
    assert status == 200, status
    return sum(sample["value"] for series in answer["series"] for sample in series["samples"])


def check_all(server, sent):
    for trace_id, names in sent.items():
        found = sorted(span["name"] for _, span in server.trace_spans(trace_id))
        assert found == names, (trace_id, len(found), len(names))
    assert count(server, "large") == BODIES * SPANS_OF_A_BODY


def check_limits_hold(server):
    """Those it has now, for what comes now."""
    status, _, answer = server.export(bytes(65 << 10))
    assert status == 413, (status, answer)
    spans = [harness.otlp_span(os.urandom(16), os.urandom(8)) for _ in range(20)]
    statuses = [server.export(harness.otlp_request(spans[first:first + 10]))[0] for first in (0, 10)]
    assert 429 in statuses, statuses


def start_again(server, flags):
    server.kill()
    server.flags = flags
    server.start()


def test_smaller_limits_lose_nothing_that_was_acknowledged():
    with harness.Server() as server:
        sent, larger = send_all(server), server.flags
        assert server.metric("clew_store_flushes_total") == 0, "some of it is in the log no more"
        start_again(server, (*larger, *SMALLER))
        check_all(server, sent)
        check_limits_hold(server)
        # For want of memory it is in blocks by now.
        harness.wait_for(lambda: server.metric("clew_store_flushes_total") > 0, server.process,
                         server.folder / "server.log")
        for flags in ((*larger, *SMALLER), larger):
            start_again(server, flags)
            check_all(server, sent)


def test_nor_does_one_that_ends_at_once_each_time():
    with harness.Server() as server:
        sent, larger = send_all(server), server.flags
        for flags in ((*larger, *SMALLER), (*larger, *SMALLER), larger):
            start_again(server, flags)
        check_all(server, sent)


if __name__ == "__main__":
    harness.run_tests(globals())
