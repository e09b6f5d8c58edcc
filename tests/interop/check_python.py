"""OpenTelemetry Python: its exporters over gRPC and over HTTP."""
import suite
import harness

PACKAGES = ("opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-grpc", "opentelemetry-exporter-otlp-proto-http")
CLIENT = suite.ROOT / "tests/interop/python/client.py"
COUNT = 20


def check_traces(server, trace_ids, service):
    assert len(trace_ids) == COUNT, trace_ids
    for trace_id in trace_ids:
        spans = {span["name"]: (name, span) for name, span in server.trace_spans(trace_id)}
        assert set(spans) == {"request", "work"}, spans
        assert {name for name, _ in spans.values()} == {service}, spans
        request, work = spans["request"][1], spans["work"][1]
        assert request["kind"] == "SPAN_KIND_SERVER" and work["parentSpanId"] == request["spanId"], spans
        assert harness.attributes(work) == {"ratio": 0.5, "ok": True, "parts": ["a", "b"], "count": 3}, work
        assert work["status"] == {"code": "STATUS_CODE_ERROR", "message": "as planned"}, work
        assert [event["name"] for event in work["events"]] == ["halfway"], work


def check():
    python = suite.venv("python", *PACKAGES)
    for protocol, port in (("grpc", "otlp_grpc"), ("http", "otlp_http")):
        with harness.Server() as server:
            output = suite.run(str(python), str(CLIENT), protocol, str(server.ports[port]), str(COUNT))
            check_traces(server, output.split(), f"python-{protocol}")
    return "OTLP over gRPC and HTTP"
