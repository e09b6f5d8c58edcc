"""Clients nobody here wrote get their spans in: OpenTelemetry JS by gRPC, HTTP and JSON, grpc++, and Jaeger's own for Node."""
import base64
import json
import pathlib
import subprocess
import tempfile

import harness

JS_CLIENT = harness.ROOT / "tests/clients/otel_js_client.mjs"
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
