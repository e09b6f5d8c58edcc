"""Clients nobody here wrote get their spans in: OpenTelemetry JS by gRPC, HTTP and JSON, and grpc++."""
import subprocess

import harness

JS_CLIENT = harness.ROOT / "tests/clients/otel_js_client.mjs"
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


if __name__ == "__main__":
    harness.run_tests(globals())
