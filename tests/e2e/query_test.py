"""What the query API says of spans that came twice, and of clients that leave."""
import json
import socket
import time
import urllib.parse

import harness

SECOND = 1_000_000_000


def v2_trace(server, trace_id):
    status, body = server.get(f"/api/v2/traces/{trace_id.hex()}")
    assert status == 200, (status, body)
    return json.loads(body)


def tag_values(server, name, query=""):
    status, body = server.get(f"/api/v2/search/tag/{name}/values{query}")
    assert status == 200, (status, body)
    return [value["value"] for value in json.loads(body)["tagValues"]]


def test_equal_spans_of_different_requests_are_shown_once():
    with harness.Server() as server:
        copy = harness.otlp_span(b"f" * 16, b"00000001", start=5 * SECOND)
        other = harness.otlp_span(b"f" * 16, b"00000001", name="other", start=5 * SECOND)
        assert server.export(harness.otlp_request([copy]))[0] == 200
        assert "message" not in v2_trace(server, b"f" * 16)
        assert server.export(harness.otlp_request([copy, other]))[0] == 200
        names = sorted(span["name"] for _, span in server.trace_spans((b"f" * 16).hex()))
        assert names == ["op", "other"], names
        assert v2_trace(server, b"f" * 16)["message"] == "1 equal copy of a span is folded"


def test_tags_keep_to_the_time_range():
    with harness.Server() as server:
        early = harness.otlp_span(b"r" * 16, b"00000001", name="early", start=100 * SECOND)
        late = harness.otlp_span(b"r" * 16, b"00000002", name="late", start=200 * SECOND)
        assert server.export(harness.otlp_request([early, late]))[0] == 200
        assert tag_values(server, "name") == ["early", "late"]
        assert tag_values(server, "name", "?start=100&end=200") == ["early"]


def test_values_of_tags_are_narrowed_by_a_query_that_may_be_half_typed():
    with harness.Server() as server:
        early = harness.otlp_span(b"r" * 16, b"00000001", name="early", start=100 * SECOND)
        late = harness.otlp_span(b"r" * 16, b"00000002", name="late", start=200 * SECOND)
        assert server.export(harness.otlp_request([early, late]))[0] == 200
        for query, names in (('{ name = "early" && span. }', ["early"]), ('{ name = "neither" }', []),
                             ("{ name = }", ["early", "late"]), ("no query at all", ["early", "late"])):
            assert tag_values(server, "name", "?q=" + urllib.parse.quote(query)) == names, query


def test_search_by_kind():
    with harness.Server() as server:
        assert server.export(harness.otlp_request([harness.otlp_span(b"k" * 16, b"00000001")]))[0] == 200
        assert len(server.search("tags=kind%3Dserver")) == 1
        assert server.search("tags=kind%3Dclient") == []


def test_clients_that_leave_disturb_nobody():
    with harness.Server() as server:
        spans = [harness.otlp_span(b"l" * 16, b"%08d" % i) for i in range(20_000)]
        assert server.export(harness.otlp_request(spans))[0] == 200
        for path in ("/api/search?tags=k%3Dv", f"/api/traces/{(b'l' * 16).hex()}") * 20:
            with socket.create_connection(("127.0.0.1", server.ports["api"])) as client:
                client.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        end = time.monotonic() + 60
        while time.monotonic() < end and server.get("/api/search?tags=k%3Dv")[0] != 200:
            time.sleep(0.01)
        assert len(server.search("tags=k%3Dv")) == 1


if __name__ == "__main__":
    harness.run_tests(globals())
