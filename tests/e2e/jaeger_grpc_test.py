"""Jaeger's gRPC port: what a collector would be sent is stored with all it says, in the log and in a block."""
import base64

import grpc_calls
import harness

TRACE = bytes.fromhex("0af7651916cd43dd8448eb211c80319c")
OTHER_TRACE = bytes.fromhex("00000000000000000000000000000def")
SECONDS = 1_700_000_000


def raw(data):
    return base64.b64encode(data).decode()


def span(span_id, name, **members):
    return {"trace_id": raw(TRACE), "span_id": raw(span_id), "operation_name": name,
            "start_time": {"seconds": SECONDS, "nanos": 123_456_789}, "duration": {"nanos": 1_500_001}, **members}


def reference(trace_id, span_id, ref_type):
    return {"trace_id": raw(trace_id), "span_id": raw(span_id), "ref_type": ref_type}


def text(key, value):
    return {"key": key, "v_str": value}


ROOT = span(b"root5678", "get /cart", tags=[
    text("span.kind", "server"), text("w3c.tracestate", "vendor=1"), text("otel.scope.name", "shop-tracer"),
    text("otel.scope.version", "2.1"), {"key": "http.status_code", "v_type": "INT64", "v_int64": 204}])
WORK = span(
    b"work5678", "count",
    references=[reference(TRACE, b"root5678", "CHILD_OF"), reference(OTHER_TRACE, b"before78", "FOLLOWS_FROM")],
    tags=[text("größe", "groß"), {"key": "ok", "v_type": "BOOL", "v_bool": True},
          {"key": "items", "v_type": "INT64", "v_int64": -3}, {"key": "ratio", "v_type": "FLOAT64", "v_float64": 0.5},
          {"key": "raw", "v_type": "BINARY", "v_binary": raw(b"\x00\xff")},
          {"key": "error", "v_type": "BOOL", "v_bool": True}, text("otel.status_description", "as planned")],
    logs=[{"timestamp": {"seconds": SECONDS, "nanos": 123_456_790}, "fields": [text("event", "halfway"), text("left", "2")]}])
ELSEWHERE = span(b"else5678", "charge", references=[reference(TRACE, b"work5678", "CHILD_OF")],
                 process={"service_name": "payment", "tags": [text("zone", "b")]})
PROCESS = {"service_name": "shop", "tags": [text("hostname", "till-1"), text("jaeger.version", "Go-2.30")]}


def post(server, *spans):
    request = {"batch": {"spans": spans, "process": PROCESS}}
    return grpc_calls.call(server, "jaeger_grpc", grpc_calls.POST_SPANS, request)


def stored(server):
    """{name of the span: (attributes of its resource, its scope, the span)}."""
    status, trace = server.get_json(f"/api/traces/{TRACE.hex()}")
    assert status == 200, status
    return {one["name"]: (harness.attributes(batch["resource"]), scope["scope"], one)
            for batch in trace["batches"] for scope in batch["scopeSpans"] for one in scope["spans"]}


def check_root(resource, scope, root):
    assert resource == {"service.name": "shop", "host.name": "till-1", "opencensus.exporterversion": "Jaeger-Go-2.30"}
    assert scope == {"name": "shop-tracer", "version": "2.1"}, scope
    assert (root["traceId"], root["spanId"]) == (raw(TRACE), raw(b"root5678")), root
    assert "parentSpanId" not in root and root["kind"] == "SPAN_KIND_SERVER", root
    assert root["traceState"] == "vendor=1" and root["startTimeUnixNano"] == "1700000000123456789", root
    assert root["endTimeUnixNano"] == "1700000000124956790", root
    assert harness.attributes(root) == {"http.status_code": 204} and root["status"] == {}, root


def check_work(resource, scope, work):
    assert resource["service.name"] == "shop" and scope == {}, (resource, scope)
    assert work["parentSpanId"] == raw(b"root5678"), work
    assert harness.attributes(work) == {"größe": "groß", "ok": True, "items": -3, "ratio": 0.5, "raw": raw(b"\x00\xff")}
    assert work["status"] == {"code": "STATUS_CODE_ERROR", "message": "as planned"}, work
    (event,) = work["events"]
    assert (event["name"], event["timeUnixNano"]) == ("halfway", "1700000000123456790"), event
    assert harness.attributes(event) == {"left": "2"}, event
    (link,) = work["links"]
    assert (link["traceId"], link["spanId"]) == (raw(OTHER_TRACE), raw(b"before78")), link
    assert harness.attributes(link) == {"opentracing.ref_type": "follows_from"}, link


def check_all(server):
    spans = stored(server)
    assert set(spans) == {"get /cart", "count", "charge"}, spans
    check_root(*spans["get /cart"])
    check_work(*spans["count"])
    resource, _, elsewhere = spans["charge"]
    assert resource == {"service.name": "payment", "zone": "b"}, resource
    assert elsewhere["parentSpanId"] == raw(b"work5678"), elsewhere
    for tags in ("service.name%3Dpayment", "items%3D-3", "host.name%3Dtill-1"):
        found = server.search(f"tags={tags}&start={SECONDS - 60}&end={SECONDS + 60}")
        assert [trace["traceID"].zfill(32) for trace in found] == [TRACE.hex()], (tags, found)


def test_all_that_a_span_says_is_stored():
    with harness.Server() as server:
        answer = post(server, ROOT, WORK, ELSEWHERE)
        assert (answer["code"], answer["message"]) == (grpc_calls.OK, {}), answer
        assert server.metric("clew_ingest_accepted_spans_total", receiver="jaeger_grpc") == 3
        check_all(server)
        server.kill()
        server.start()
        check_all(server)
        assert server.request("api", "POST", "/flush")[0] == 204
        check_all(server)


def test_a_span_without_an_id_is_left_out_alone():
    with harness.Server() as server:
        answer = post(server, ROOT, span(bytes(8), "nobody"), span(b"short", "nobody"), WORK)
        assert (answer["code"], answer["message"]) == (grpc_calls.OK, {}), answer
        assert set(stored(server)) == {"get /cart", "count"}, stored(server)
        assert server.metric("clew_ingest_rejected_spans_total", reason="invalid_span_id") == 2


def test_other_services_are_not_there():
    with harness.Server() as server:
        answer = grpc_calls.call(server, "jaeger_grpc", grpc_calls.ZIPKIN_REPORT, {"spans": []})
        assert answer["code"] == grpc_calls.UNIMPLEMENTED, answer
        answer = grpc_calls.call(server, "otlp_grpc", grpc_calls.POST_SPANS, {"batch": {}})
        assert answer["code"] == grpc_calls.UNIMPLEMENTED, answer


def test_the_port_may_be_off():
    with harness.Server("--port-jaeger-grpc=off") as server:
        assert "jaeger_grpc" not in server.ports and "jaeger_thrift" in server.ports, server.ports


if __name__ == "__main__":
    harness.run_tests(globals())
