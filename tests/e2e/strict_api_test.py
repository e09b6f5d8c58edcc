"""The calls that Grafana makes, as documented, read as strictly as its clients read them: by
generated classes that refuse fields they do not know."""
import json
import subprocess
import urllib.parse

import harness
from stream_call import call

CLIENT = harness.BUILD / "tests/clients/strict_client"
SECOND = 1_000_000_000
START = 1_700_000_000
RANGE = {"start": START, "end": START + 600}
NANOS = {name: str(value * SECOND) for name, value in RANGE.items()}
TRACE = b"\x00\x01" + b"t" * 14

SEARCHES = (
    "{}", "{ }", '{ resource.service.name = "shop" && duration > 1ms }', "{ status = error }",
    "{ } | select(resource.service.name, name, .k)", '{ name = "GET /" } >> { } | by(name)',
    "{nestedSetParent<0} &>> { kind = server } | select(status, resource.service.name, name, nestedSetParent, "
    "nestedSetLeft, nestedSetRight)",
    "{ } | select(resource.service.name, event.exception.message, event.exception.stacktrace, "
    "event.exception.type) with(most_recent=true)")
METRICS = (
    "{ } | rate()", "{nestedSetParent<0 && true && resource.service.name != nil} | rate() by(resource.service.name)",
    "{nestedSetParent<0} | rate() by(name) with(sample=true)", "{ } | count_over_time() by (status)",
    "{nestedSetParent<0 && true} | quantile_over_time(duration, 0.9)",
    "{ } | quantile_over_time(duration, .5, .9, .99) by (name)",
    "{nestedSetParent<0} | histogram_over_time(duration) with(sample=true)", "{ } | avg_over_time(duration)",
    "{ } | min_over_time(duration)", "{ } | max_over_time(duration)", "{ } | sum_over_time(duration)",
    "{nestedSetParent<0} | compare({status=error})", "{ } | rate() by (.absent)", "{ .absent = 1 } | rate()")


def strict(message, body, form="json"):
    """The body as generated classes have it; refused when it has what they do not know."""
    done = subprocess.run([CLIENT, form, message], input=body, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, (done.stderr.decode(), body[:2000])
    return plain(json.loads(done.stdout))


def plain(value):
    """Without the empty messages that one form has and the other leaves out."""
    if isinstance(value, dict):
        kept = {key: plain(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item != {}}
    return [plain(item) for item in value] if isinstance(value, list) else value


def get(server, path, accept="application/json", **parameters):
    target = f"{path}?{urllib.parse.urlencode(parameters)}" if parameters else path
    status, headers, body = server.request("api", "GET", target, headers={"Accept": accept})
    return status, headers, body


def answer(server, message, path, **parameters):
    status, headers, body = get(server, path, **parameters)
    assert status == 200 and headers["Content-Type"].startswith("application/json"), (path, status, headers, body)
    return strict(message, body)


def send(server):
    root = harness.otlp_span(TRACE, b"00000001", name="GET /", start=START * SECOND + SECOND, duration=50_000_000)
    child = harness.otlp_span(TRACE, b"00000002", name="work", start=START * SECOND + SECOND + 5, parent=b"00000001")
    failed = harness.field(15, b"\x18\x02")
    event = harness.field(11, harness.field(2, "exception") +
                          harness.field(3, harness.string_attribute("exception.message", "no \"such\" thing")))
    spans = [root, child + failed + event]
    assert server.export(harness.otlp_request(spans, service="shop"))[0] == 200
    for number in range(1, 60):
        span = harness.otlp_span(bytes([number]) * 16, b"00000001", name=f"op {number % 5}",
                                 start=(START + number * 5) * SECOND, duration=number * 1_000_000)
        assert server.export(harness.otlp_request([span], service=f"service {number % 3}"))[0] == 200


def check_save_and_test(server):
    assert get(server, "/api/echo")[0] == 200
    _, _, body = get(server, "/api/status/buildinfo")
    assert json.loads(body)["version"].startswith("3."), body
    tried = call(server, "Search", {"query": "{}", "limit": 1, "start": START, "end": START + 900})
    assert tried.code == 0 and tried.messages, tried.text


def check_traces(server):
    protobuf = "application/protobuf"
    for parameters in ({}, RANGE):
        for trace_id in (TRACE.hex(), TRACE.hex().lstrip("0")):
            status, headers, body = get(server, f"/api/v2/traces/{trace_id}", protobuf, **parameters)
            assert status == 200 and headers["Content-Type"] == protobuf, (status, headers)
            wrapped = strict("TraceByIDResponse", body, "binary")
            assert len(wrapped["trace"]["resourceSpans"][0]["scopeSpans"][0]["spans"]) == 2, wrapped
            status, _, body = get(server, f"/api/traces/{trace_id}", protobuf, **parameters)
            assert status == 200 and strict("WholeTrace", body, "binary") == wrapped["trace"], body
            json_wrapped = answer(server, "TraceByIDResponse", f"/api/v2/traces/{trace_id}", **parameters)
            assert json_wrapped["trace"] == wrapped["trace"], json_wrapped
            batches = answer(server, "TraceBatches", f"/api/traces/{trace_id}", **parameters)
            assert batches["batches"] == wrapped["trace"]["resourceSpans"], batches
    filtered = answer(server, "TraceByIDResponse", f"/api/v2/traces/{TRACE.hex()}", q="{ status = error }")
    assert filtered["status"] == "PARTIAL" and filtered["message"], filtered
    # Which readers look into without asking whether it is there.
    for path, accept, empty in (("/api/v2/traces/abc", protobuf, b"\x0a\x00"),
                                ("/api/v2/traces/abc", "application/json", b'{"trace":{},"metrics":{}}')):
        assert get(server, path, accept)[2] == empty
    status, _, body = get(server, "/api/traces/abc", protobuf)
    assert status == 404 and body == b"", (status, body)


def check_searches(server):
    for query in SEARCHES:
        for parameters in ({"limit": 20, "spss": 3, **RANGE}, {"limit": 400, "spss": 10}):
            found = answer(server, "SearchResponse", "/api/search", q=query, **parameters)
            assert found.get("traces"), (query, found)
            for trace in found["traces"]:
                assert trace["traceID"] and trace["startTimeUnixNano"] and trace["spanSets"], trace
            streamed = call(server, "Search", {"query": query, "limit": 20, "spansPerSpanSet": 3, **RANGE})
            assert streamed.code == 0 and streamed.messages[-1]["traces"], streamed.text
    assert "traces" not in answer(server, "SearchResponse", "/api/search", q='{ .absent = "x" }')
    answer(server, "SearchResponse", "/api/search", tags='service.name="shop"', minDuration="1ms")


def check_metrics(server):
    for query in METRICS:
        wanted = ".absent = 1" not in query
        series = answer(server, "QueryRangeResponse", "/api/metrics/query_range", q=query, step="30s", exemplars=100,
                        **RANGE).get("series", [])
        assert bool(series) == wanted, (query, series)
        for one in series:
            assert one["labels"] and one["samples"], one
            for exemplar in one.get("exemplars", []):
                assert "trace:id" in [label["key"] for label in exemplar["labels"]], exemplar
        answer(server, "QueryRangeResponse", "/api/metrics/query_range", q=query, **RANGE)
        instant = answer(server, "QueryInstantResponse", "/api/metrics/query", q=query, **RANGE)
        assert bool(instant.get("series")) == wanted, (query, instant)
        for method, request in (("MetricsQueryRange", {"step": str(30 * SECOND), "exemplars": 100}),
                                ("MetricsQueryInstant", {})):
            streamed = call(server, method, {"query": query, **request, **NANOS})
            assert streamed.code == 0 and bool(streamed.messages[-1].get("series")) == wanted, (query, streamed.text)
    compared = answer(server, "QueryRangeResponse", "/api/metrics/query_range", q="{ } | compare({status=error})",
                      **RANGE)
    types = {label["value"].get("stringValue") for one in compared["series"] for label in one["labels"]
             if label["key"] == "__meta_type"}
    assert types == {"baseline", "selection", "baseline_total", "selection_total"}, types


def check_tags(server):
    for parameters in ({"limit": 5000}, {"limit": 5000, **RANGE}):
        scopes = answer(server, "SearchTagsV2Response", "/api/v2/search/tags", **parameters)["scopes"]
        by_name = {scope["name"]: scope["tags"] for scope in scopes}
        assert "k" in by_name["span"] and "service.name" in by_name["resource"], by_name
        assert "exception.message" in by_name["event"] and "rootServiceName" in by_name["intrinsic"], by_name
        answer(server, "SearchTagsResponse", "/api/search/tags", **parameters)
    for tag, kind in (("resource.service.name", "string"), (".k", "string"), ("name", "string"), ("status", "keyword"),
                      ("kind", "keyword"), ("span:kind", "keyword"), ("event.exception.message", "string")):
        path = f"/api/v2/search/tag/{urllib.parse.quote(tag)}/values"
        for parameters in ({"limit": 5000}, {"limit": 5000, "tag": tag, "q": "{ status = error && ", **RANGE}):
            values = answer(server, "SearchTagValuesV2Response", path, **parameters)["tagValues"]
            assert {value["type"] for value in values} == {kind}, (tag, values)
    answer(server, "SearchTagValuesV2Response", "/api/v2/search/tag/duration/values")
    answer(server, "SearchTagValuesResponse", "/api/search/tag/service.name/values")


def check_errors(server):
    for path, parameters in (("/api/search", {"q": "{ name = }"}), ("/api/search", {"q": "{}", "limit": -1}),
                             ("/api/metrics/query_range", {"q": "{ }"}), ("/api/metrics/query", {"q": "x"}),
                             ("/api/v2/traces/nothex", {"x": 1}), ("/api/v2/search/tag/foo/values", {"x": 1}),
                             ("/api/v2/search/tags", {"scope": "x"})):
        status, headers, body = get(server, path, **parameters)
        assert status == 400 and headers["Content-Type"].startswith("text/plain"), (path, status, headers)
        assert body and b"<" not in body[:1], body


def test_answers_are_what_generated_classes_know():
    for flags in ((), ("--memtable-size=1",)):
        with harness.Server(*flags) as server:
            send(server)
            check_save_and_test(server)
            check_traces(server)
            check_searches(server)
            check_metrics(server)
            check_tags(server)
            check_errors(server)


def test_a_field_that_no_class_knows_would_be_seen():
    for form, body in (("json", b'{"traces":[],"more":1}'), ("binary", b"\x78\x01")):
        done = subprocess.run([CLIENT, form, "SearchResponse"], input=body, capture_output=True, timeout=60,
                              check=False)
        assert done.returncode == 1, done


if __name__ == "__main__":
    harness.run_tests(globals())
