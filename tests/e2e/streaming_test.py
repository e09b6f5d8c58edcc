"""The streaming query API over gRPC: every answer is the one that the HTTP API gives."""
import json
import urllib.parse

import harness
import tls_server
from stream_call import MEBIBYTE, call

SECOND = 1_000_000_000
START = 1_700_000_000
INVALID_ARGUMENT, UNIMPLEMENTED = 3, 12
PROGRESS = ("completedJobs", "totalJobs")
TRACES = 40


def ask(server, path, **parameters):
    status, _, body = server.request("api", "GET", f"{path}?{urllib.parse.urlencode(parameters)}")
    return status, body.decode()


def plain(value):
    """JSON without what protobuf leaves out: zeros and empty things."""
    if isinstance(value, dict):
        kept = {key: plain(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (0, "", [], {}, False)}
    return [plain(item) for item in value] if isinstance(value, list) else value


def comparable(message, layout_is_still):
    """A message of either API; what was inspected counts only while no block comes or goes."""
    metrics = {name: value for name, value in message["metrics"].items() if name not in PROGRESS}
    return plain({**message, "metrics": metrics if layout_is_still else {}})


def send(server):
    for number in range(TRACES):
        trace_id = bytes([number + 1]) * 16
        start = START * SECOND + number * SECOND
        root = harness.otlp_span(trace_id, b"00000001", name="checkout", start=start, duration=5_000_000)
        child = harness.otlp_span(trace_id, b"00000002", name=f"step {number % 3}", start=start + 1, parent=b"00000001")
        body = harness.otlp_request([root, child], service=f"shop-{number % 2}")
        assert server.export(body)[0] == 200


def check(server, method, request, path, **parameters):
    answer = call(server, method, request)
    assert answer.code == 0, (method, answer.code, answer.text)
    status, body = ask(server, path, **parameters)
    assert status == 200, (status, body)
    last = answer.messages[-1]
    assert last["metrics"]["completedJobs"] == last["metrics"]["totalJobs"] > 0, last
    still = not any("memtable" in str(flag) for flag in server.flags)
    assert comparable(last, still) == comparable(json.loads(body), still), (method, request, last, body)


RANGE = {"start": START, "end": START + 60}
NANOS = {name: str(value * SECOND) for name, value in RANGE.items()}
QUERIES = ("{ }", '{ name =~ "step.*" && kind = server } | select(resource.service.name)',
           "{ name = \"checkout\" } | count() > 0", '{ duration > 1ms } >> { .k = "v" } | by(name)',
           "{ .absent = 1 }")


def check_all(server):
    search = "/api/search"
    check(server, "Search", {"limit": 1}, search, limit=1)
    check(server, "Search", {}, search)
    check(server, "Search", {"tags": {"k": "v", "service.name": "shop-1"}, **RANGE}, search,
          tags="k=v service.name=shop-1", **RANGE)
    check(server, "Search", {"minDurationMs": 2, "maxDurationMs": 10}, search, minDuration="2ms", maxDuration="10ms")
    for query in QUERIES:
        check(server, "Search", {"query": query, "limit": 7, "spansPerSpanSet": 1}, search, q=query, limit=7, spss=1)
        check(server, "Search", {"query": query, **RANGE}, search, q=query, **RANGE)
    for scope in ("", "span", "resource", "intrinsic", "none"):
        request, parameters = {"scope": scope, **RANGE}, {"scope": scope, **RANGE}
        check(server, "SearchTags", request, "/api/search/tags", **parameters)
        check(server, "SearchTagsV2", request, "/api/v2/search/tags", **parameters)
    check(server, "SearchTagsV2", {"maxTagsPerScope": 3}, "/api/v2/search/tags", limit=3)
    for tag in ("name", "service.name", "status.code", "error"):
        check(server, "SearchTagValues", {"tagName": tag}, f"/api/search/tag/{tag}/values")
    for tag in ("name", "resource.service.name", ".k", "span:kind", "status"):
        check(server, "SearchTagValuesV2", {"tagName": tag, "maxTagValues": 2, **RANGE},
              f"/api/v2/search/tag/{tag}/values", limit=2, **RANGE)
    narrowing = '{ resource.service.name = "shop-1" && name ='
    check(server, "SearchTagValuesV2", {"tagName": ".k", "query": narrowing}, "/api/v2/search/tag/.k/values",
          q=narrowing)
    check_metrics(server)


def check_metrics(server):
    for query in ("{ } | rate() by (name)", "{ } | quantile_over_time(duration, 0.5, 0.9)",
                  "{ } | histogram_over_time(duration)", "{ .absent = 1 } | count_over_time()"):
        check(server, "MetricsQueryRange", {"query": query, "step": str(5 * SECOND), "exemplars": 10, **NANOS},
              "/api/metrics/query_range", q=query, step="5s", exemplars=10, **NANOS)
        check(server, "MetricsQueryRange", {"query": query, **NANOS}, "/api/metrics/query_range", q=query, **NANOS)
        check(server, "MetricsQueryInstant", {"query": query, **NANOS}, "/api/metrics/query", q=query, **NANOS)


def check_errors(server):
    for method, request, path, parameters in (
            ("Search", {"query": "{ name = }"}, "/api/search", {"q": "{ name = }"}),
            ("Search", {"query": "{ } | rate()"}, "/api/search", {"q": "{ } | rate()"}),
            ("Search", {"limit": 300_000}, "/api/search", {"limit": 300_000}),
            ("Search", {"spansPerSpanSet": 101}, "/api/search", {"spss": 101}),
            ("Search", {"start": 9, "end": 5}, "/api/search", {"start": 9, "end": 5}),
            ("SearchTags", {"scope": "x"}, "/api/search/tags", {"scope": "x"}),
            ("SearchTagValuesV2", {"tagName": "foo"}, "/api/v2/search/tag/foo/values", {}),
            ("MetricsQueryRange", {"query": "{ }", **NANOS}, "/api/metrics/query_range", {"q": "{ }", **NANOS}),
            ("MetricsQueryRange", {"query": "{ } | rate()", "step": "1", **NANOS}, "/api/metrics/query_range",
             {"q": "{ } | rate()", "step": "1ns", **NANOS}),
            ("MetricsQueryInstant", {}, "/api/metrics/query", {})):
        answer = call(server, method, request)
        status, text = ask(server, path, **parameters)
        assert status == 400 and answer.code == INVALID_ARGUMENT, (method, request, status, answer.code)
        assert answer.text == text and not answer.messages, (answer.text, text)
    unheard = call(server, "Unheard", {})
    assert unheard.code == UNIMPLEMENTED and "Unheard" in unheard.text, unheard.text


def test_answers_are_those_of_http_in_memory_and_in_blocks():
    for flags in ((), ("--memtable-size=1KiB",)):
        with harness.Server(*flags) as server:
            send(server)
            check_all(server)
            check_errors(server)


def test_answers_are_those_of_http_over_tls():
    with tls_server.TlsServer() as server:
        send(server)
        check_all(server)
        check_errors(server)


def test_an_empty_store_answers():
    with harness.Server() as server:
        check(server, "Search", {"limit": 1}, "/api/search", limit=1)
        check(server, "SearchTagsV2", {}, "/api/v2/search/tags")
        check(server, "MetricsQueryInstant", {"query": "{ } | rate()", **NANOS}, "/api/metrics/query",
              q="{ } | rate()", **NANOS)


def send_large(server, traces, name_bytes):
    for number in range(traces):
        trace_id = (number + 1).to_bytes(16, "big")
        spans = [harness.otlp_span(trace_id, b"%08d" % (span + 1), name=f"{number} {span} " + "x" * name_bytes,
                                   start=(START + number) * SECOND + span) for span in range(3)]
        assert server.export(harness.otlp_request(spans))[0] == 200


def whole(answer):
    """The last messages of a search, which together are its whole answer: the traces in order."""
    ids = [trace["traceID"] for trace in answer.messages[-1]["traces"]]
    traces = list(answer.messages[-1]["traces"])
    for message in reversed(answer.messages[:-1]):
        # The diffs before it repeat what the whole answer has.
        if any(trace["traceID"] in ids for trace in message.get("traces", [])):
            break
        ids += [trace["traceID"] for trace in message.get("traces", [])]
        traces = message.get("traces", []) + traces
    return traces


def test_an_answer_of_several_mebibytes_comes_in_messages_of_one():
    with harness.Server("--memtable-size=1MiB") as server:
        send_large(server, 60, 20_000)
        answer = call(server, "Search", {"query": "{ }", "limit": 50})
        assert answer.code == 0 and sum(answer.sizes) > 4 * MEBIBYTE, answer.sizes
        _, body = ask(server, "/api/search", q="{ }", limit=50)
        assert plain(whole(answer)) == plain(json.loads(body)["traces"])
        last = answer.messages[-1]["metrics"]
        assert last["completedJobs"] == last["totalJobs"], last
        for message in answer.messages[:-1]:
            assert message["metrics"].get("completedJobs", 0) < message["metrics"]["totalJobs"], message["metrics"]
        values = call(server, "SearchTagValuesV2", {"tagName": "name"})
        assert len(values.messages) == 4, values.sizes
        _, body = ask(server, "/api/v2/search/tag/name/values")
        assert [value for message in values.messages for value in message["tagValues"]] == \
            json.loads(body)["tagValues"]


# It finds every trace, and each keeps it busy long enough that what was found before is sent meanwhile.
SLOW = " && ".join(["({ } >> { } && { })"] * 100)


def send_blocks(server, blocks, spans):
    """Two traces a block, all spans of each below the first."""
    for number in range(2 * blocks):
        trace_id = bytes([number + 1]) * 16
        body = [harness.otlp_span(trace_id, b"00000001", name="root", start=(START + number) * SECOND)]
        body += [harness.otlp_span(trace_id, b"%08d" % (span + 2), start=(START + number) * SECOND + 1,
                                   parent=b"00000001") for span in range(spans - 1)]
        assert server.export(harness.otlp_request(body))[0] == 200
        if number % 2 == 1:
            assert server.request("api", "POST", "/flush")[0] == 204


def test_a_search_sends_what_it_has_found_before_it_ends():
    with harness.Server() as server:
        send_blocks(server, blocks=5, spans=2000)
        answer = call(server, "Search", {"query": SLOW, "limit": 50, "spansPerSpanSet": 1})
        assert answer.code == 0, (answer.code, answer.text)
        *before, last = answer.messages
        found = [trace for message in before for trace in message.get("traces", [])]
        assert found, "no trace came before the whole answer"
        # The first traces of the answer, in its order, each once and as it is there.
        assert len(last["traces"]) == 10 and found == last["traces"][:len(found)], answer.messages
        done = [message["metrics"].get("completedJobs", 0) for message in answer.messages]
        jobs = {message["metrics"]["totalJobs"] for message in answer.messages}
        assert done == sorted(done) and jobs == {done[-1]} and done[-2] < done[-1], (done, jobs)
        _, body = ask(server, "/api/search", q=SLOW, limit=50, spss=1)
        assert comparable(last, True) == comparable(json.loads(body), True), body


if __name__ == "__main__":
    harness.run_tests(globals())
