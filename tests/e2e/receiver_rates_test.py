"""Jaeger's and Zipkin's senders that are over the rate of their tenant are told how long to wait, and nothing is stored."""
import os
import time

import harness
from receivers import RECEIVERS, Spans

BURST = 1000
LONGEST_WAIT_SECONDS = 60


def found(server, trace_id, headers):
    status, _, body = server.request("api", "GET", f"/api/traces/{trace_id.hex()}", headers=headers)
    return status, body.count(b'"spanId"')


def check_waits(server, name, send):
    """A tenant that has used up its burst has to wait a second for each span."""
    headers = {"x-scope-orgid": name.replace("_", "-")}
    began = time.monotonic()
    answer = send(server, Spans(os.urandom(16), "till", BURST), headers)
    assert (answer.status, answer.retry_seconds) == (202, None), answer
    refused = os.urandom(16)
    answer = send(server, Spans(refused, "till", 40), headers)
    passed = time.monotonic() - began
    assert answer.status == 429 and "send again later" in answer.text, answer
    # It is earlier than after the burst by what has passed since, and a part of a second is a whole one.
    assert 40 - passed <= answer.retry_seconds <= 40, (passed, answer)
    answer = send(server, Spans(refused, "till", BURST), headers)
    assert (answer.status, answer.retry_seconds) == (429, LONGEST_WAIT_SECONDS), answer
    assert found(server, refused, headers) == (404, 0)
    assert server.metric("clew_ingest_refused_requests_total", headers, receiver=name, reason="rate_limited") == 2


def test_over_the_rate_each_receiver_says_how_long_to_wait():
    with harness.Server("--multitenancy", "--tenant-span-rate=1", f"--tenant-span-burst={BURST}") as server:
        for name, send in RECEIVERS.items():
            check_waits(server, name, send)
            # Another tenant has all of its own.
            trace_id, other = os.urandom(16), {"x-scope-orgid": f"other-{name}"}
            answer = send(server, Spans(trace_id, "forklift", 40), other)
            assert (answer.status, answer.retry_seconds) == (202, None), answer
            assert found(server, trace_id, other) == (200, 40)


if __name__ == "__main__":
    harness.run_tests(globals())
