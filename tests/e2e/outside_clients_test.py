"""Clients nobody here wrote get their spans in: OpenTelemetry JS by gRPC, HTTP, JSON and Zipkin, grpc++, and
Jaeger's and Zipkin's own for Node."""
import base64
import json
import pathlib
import subprocess
import tempfile

import harness

JS_CLIENT = harness.ROOT / "tests/clients/otel_js_client.mjs"
ZIPKIN_CLIENT = harness.ROOT / "tests/clients/zipkin_client.mjs"
JAEGER_CLIENT = harness.ROOT / "tests/clients/jaeger_client.mjs"
GRPC_CLIENT = harness.BUILD / "tests/clients/grpc_client"


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def check_js_traces(server, output, service):
    trace_ids = output.split()
    assert len(trace_ids) == 20, output
    for trace_id in trace_ids:
        spans = {span["name"]: (name, span) for name, span in server.trace_spans(trace_id)}
        assert set(spans) == {"request", "work"}, spans
        name, work = spans["work"]
        assert name == service
        values = harness.attributes(work)
        assert values == {"ratio": 0.5, "ok": True, "parts": ["a", "b"]}, values
        assert work["status"] == {"code": "STATUS_CODE_ERROR", "message": "as planned"}, work
        assert [event["name"] for event in work["events"]] == ["halfway"], work
    assert len(server.search(f'tags=service.name%3D{service}&limit=100')) == 20


def test_opentelemetry_js_over_grpc():
    with harness.Server() as server:
        output = run("node", JS_CLIENT, "grpc", f"http://127.0.0.1:{server.ports['otlp_grpc']}", "20")
        check_js_traces(server, output, "js-grpc")


def test_opentelemetry_js_over_http_protobuf():
    with harness.Server() as server:
        endpoint = f"http://127.0.0.1:{server.ports['otlp_http']}/v1/traces"
        check_js_traces(server, run("node", JS_CLIENT, "http", endpoint, "20"), "js-http")


def test_opentelemetry_js_over_http_json():
    with harness.Server() as server:
        endpoint = f"http://127.0.0.1:{server.ports['otlp_http']}/v1/traces"
        check_js_traces(server, run("node", JS_CLIENT, "json", endpoint, "20"), "js-json")
        server.kill()
        server.start()
        assert len(server.search("tags=service.name%3Djs-json&limit=100")) == 20


def test_grpc_cpp_with_generated_classes():
    with harness.Server() as server:
        target = f"127.0.0.1:{server.ports['otlp_grpc']}"
        assert run(GRPC_CLIENT, target, "9999") == "rejected 0\n"
        assert len(server.trace_spans(b"grpc-client-test".hex())) == 9999


def test_opentelemetry_js_as_zipkin():
    """All that Zipkin can carry: values are texts, a status is a tag."""
    with harness.Server() as server:
        endpoint = f"http://127.0.0.1:{server.ports['zipkin']}/api/v2/spans"
        trace_ids = run("node", JS_CLIENT, "zipkin", endpoint, "20").split()
        assert len(trace_ids) == 20, trace_ids
        for trace_id in trace_ids:
            spans = {span["name"]: (name, span) for name, span in server.trace_spans(trace_id)}
            assert set(spans) == {"request", "work"}, spans
            request, work = spans["request"][1], spans["work"][1]
            assert {name for name, _ in spans.values()} == {"js-zipkin"}, spans
            assert request["kind"] == "SPAN_KIND_SERVER" and "parentSpanId" not in request, request
            assert work["parentSpanId"] == request["spanId"], spans
            values = harness.attributes(work)
            assert values == {"ratio": "0.5", "ok": "true", "parts": "a,b", "error": "as planned"}, values
            assert work["status"]["code"] == "STATUS_CODE_ERROR", work
            assert [event["name"] for event in work["events"]] == ["halfway"], work
            assert int(request["startTimeUnixNano"]) <= int(work["startTimeUnixNano"]), spans
        assert len(server.search("tags=os.type%3Dlinux&limit=100")) == 20


def check_zipkin_call(server, trace_id):
    spans = sorted(server.trace_spans(trace_id), key=lambda one: (one[1]["name"], one[1].get("kind", "")))
    told = [(service, span["name"], span.get("kind")) for service, span in spans]
    assert told == [("cart", "count", None), ("shop", "get /cart", "SPAN_KIND_CLIENT"),
                    ("cart", "get /cart", "SPAN_KIND_SERVER")], told
    work, client, server_side = (span for _, span in spans)
    assert client["spanId"] == server_side["spanId"] == work["parentSpanId"], spans
    assert "parentSpanId" not in client and "parentSpanId" not in server_side, spans
    assert harness.attributes(client) == {
        "http.status_code": "200", "peer.service": "cart", "net.peer.ip": "10.0.0.2", "net.peer.port": 8080}, client
    assert [event["name"] for event in client["events"]] == ["retry"], client
    assert "events" not in server_side and "events" not in work, spans
    assert harness.attributes(server_side) == {"error": "timeout"}, server_side
    assert server_side["status"]["code"] == "STATUS_CODE_ERROR", server_side
    assert harness.attributes(work) == {"items": "3"}, work
    for span in (work, client, server_side):
        assert 0 < int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"]), span
    # The twin of one id that has the parent: what is below it is below the server.
    found = server.search("q=%7Bresource.service.name%3D%22cart%22%26%26kind%3Dserver%7D%3E%7Bname%3D%22count%22%7D")
    assert [trace["traceID"].zfill(32) for trace in found] == [trace_id], found


def test_zipkin_js_version_1_and_2():
    for version in ("v1", "v2"):
        with harness.Server() as server:
            endpoint = f"http://127.0.0.1:{server.ports['zipkin']}/api/{version}/spans"
            check_zipkin_call(server, run("node", ZIPKIN_CLIENT, version, endpoint).strip())
def check_jaeger_traces(server, output, service):
    trace_ids = output.split()
    assert len(trace_ids) == 20, output
    wait_for = lambda condition: harness.wait_for(condition, server.process, server.folder / "server.log")
    # Datagrams are not answered, so the client ends before they are stored.
    wait_for(lambda: len(server.search(f"tags=service.name%3D{service}&limit=100")) == 40)
    for number, trace_id in enumerate(trace_ids):
        spans = {span["name"]: (name, span) for name, span in server.trace_spans(trace_id)}
        assert set(spans) == {"request", "work"}, spans
        name, request = spans["request"]
        _, work = spans["work"]
        assert name == service
        assert request["kind"] == "SPAN_KIND_SERVER" and "parentSpanId" not in request, request
        values = harness.attributes(request)
        assert values["request.number"] == number and "span.kind" not in values, values
        assert work["parentSpanId"] == request["spanId"], (work, request)
        assert harness.attributes(work) == {"ratio": 0.5, "ok": True, "text": "größer"}, work
        assert work["status"]["code"] == "STATUS_CODE_ERROR", work
        (event,) = work["events"]
        assert event["name"] == "halfway" and harness.attributes(event) == {"event.number": number}, event
        (link,) = work["links"]
        assert harness.attributes(link) == {"opentracing.ref_type": "follows_from"}, link
        ((_, before),) = server.trace_spans(base64.b64decode(link["traceId"]).hex())
        assert before["name"] == "before" and before["spanId"] == link["spanId"], (before, link)
    (resource,) = [batch["resource"] for batch in server.get_json(f"/api/traces/{trace_ids[0]}")[1]["batches"]]
    values = harness.attributes(resource)
    assert values["os.type"] == "linux" and values["host.name"], values
    assert values["opencensus.exporterversion"].startswith("Jaeger-Node-"), values


def test_jaeger_client_over_udp():
    with harness.Server() as server:
        check_jaeger_traces(server, run("node", JAEGER_CLIENT, "udp", str(server.ports["jaeger_binary"]), "20"),
                            "jaeger-udp")


def test_jaeger_client_over_http():
    with harness.Server() as server:
        check_jaeger_traces(server, run("node", JAEGER_CLIENT, "http", str(server.ports["jaeger_thrift"]), "20"),
                            "jaeger-http")


def test_jaeger_client_samples_as_it_is_told():
    with tempfile.TemporaryDirectory() as folder:
        strategies = pathlib.Path(folder) / "strategies.json"
        strategies.write_text(json.dumps({
            "default_strategy": {"type": "probabilistic", "param": 0},
            "service_strategies": [{"service": "jaeger-http", "type": "probabilistic", "param": 1}]}))
        with harness.Server("--sampling-strategies", str(strategies)) as server:
            output = run("node", JAEGER_CLIENT, "http", str(server.ports["jaeger_thrift"]), "20",
                         str(server.ports["jaeger_sampling"]))
            check_jaeger_traces(server, output, "jaeger-http")


if __name__ == "__main__":
    harness.run_tests(globals())
