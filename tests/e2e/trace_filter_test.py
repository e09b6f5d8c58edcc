"""/api/v2/traces/{id} with a filter: the spans that match and what is asked for around them."""
import json
import urllib.parse

import harness

TRACE = b"f" * 16
MESSAGE = "Trace filtered, only a subset of spans matching the filter is returned"
# 1 a; 2 b and 5 e below it; 3 c below b; 4 d below c.
TREE = {"a": (1, 0), "b": (2, 1), "c": (3, 2), "d": (4, 3), "e": (5, 1)}


def span_id(number):
    return b"%08d" % number if number else b""


def send(server):
    for name, (own, parent) in TREE.items():
        span = harness.otlp_span(TRACE, span_id(own), name=name, parent=span_id(parent), start=10**18 + own)
        assert server.export(harness.otlp_request([span], service=f"service of {name}"))[0] == 200


def get(server, trace_id=TRACE.hex(), accept="application/json", **parameters):
    return server.get(f"/api/v2/traces/{trace_id}?{urllib.parse.urlencode(parameters)}", accept)


def names(server, **parameters):
    status, body = get(server, **parameters)
    assert status == 200, (status, body)
    reply = json.loads(body)
    found = sorted(span["name"] for resource in reply["trace"].get("resourceSpans", [])
                   for scope in resource["scopeSpans"] for span in scope["spans"])
    partial = len(found) < len(TREE)
    assert (reply.get("status") == "PARTIAL") == partial and (reply.get("message") == MESSAGE) == partial, reply
    return "".join(found)


def check(server):
    c = '{ name = "c" }'
    assert names(server) == "abcde"
    assert names(server, q="{ }") == "abcde"
    assert names(server, q=c) == "c"
    assert names(server, q='{ resource.service.name = "service of e" }') == "e"
    assert names(server, q='{ name = "z" }') == ""
    assert names(server, q=c, keep_hierarchy="true") == "abc"
    assert names(server, q=c, keep_hierarchy="false", ancestor_depth=5) == "c"
    assert names(server, q=c, keep_hierarchy="1", ancestor_depth=1) == "bc"
    assert names(server, q=c, keep_hierarchy="t", ancestor_depth=0) == "c"
    assert names(server, q=c, match_depth=1) == "cd"
    assert names(server, q='{ name = "a" }', match_depth=1) == "abe"
    assert names(server, q='{ name = "b" }', match_depth=-1) == "bcd"
    assert names(server, q='{ name = "b" }', match_depth=1, keep_hierarchy="true") == "abc"
    assert names(server, q='{ name = "d" || name = "e" }', keep_hierarchy="true") == "abcde"


def test_filters_in_memory_and_in_blocks():
    for flags in ((), ("--memtable-size=1",)):
        with harness.Server(*flags) as server:
            send(server)
            check(server)


def test_a_wrong_filter_is_refused():
    with harness.Server() as server:
        send(server)
        for parameters, text in (
                ({"q": '{ name = "a" } | count() > 1'}, "one filter of spans"),
                ({"q": '{ name = "a" } >> { name = "d" }'}, "one filter of spans"),
                ({"q": "{ } | rate()"}, "metrics"),
                ({"q": '{ rootName = "a" }'}, "rootName"),
                ({"q": "{ trace:duration > 1s }"}, "traceDuration"),
                ({"q": "{ name = }"}, "parse error at line 1"),
                ({"q": "{ }", "match_depth": "-2"}, "invalid match_depth"),
                ({"q": "{ }", "match_depth": "x"}, "invalid match_depth"),
                ({"q": "{ }", "keep_hierarchy": "yes"}, "invalid keep_hierarchy"),
                ({"q": "{ }", "keep_hierarchy": "true", "ancestor_depth": "1.5"}, "invalid ancestor_depth")):
            status, body = get(server, **parameters)
            assert status == 400 and text in body.decode(), (parameters, status, body)


def test_what_is_not_there_and_what_nothing_matches_still_has_a_trace():
    with harness.Server() as server:
        send(server)
        _, body = get(server, trace_id="ab", accept="application/protobuf", q="{ }")
        assert body == b"\x0a\x00", body
        _, body = get(server, accept="application/protobuf", q='{ name = "z" }')
        assert body == b"\x0a\x00\x18\x01\x22" + bytes([len(MESSAGE)]) + MESSAGE.encode(), body


if __name__ == "__main__":
    harness.run_tests(globals())
