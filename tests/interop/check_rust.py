"""OpenTelemetry Rust of 2023, as the services of that time send: Jaeger's propagation, one call for each span."""
import os

import suite
import harness

PARENT = "745400f204181422:1f1e2d6167105390:745400f204181422:1"


def build():
    target = suite.copy_sources("rust", suite.folder("rust") / "sources")
    environment = {**os.environ, "CARGO_TARGET_DIR": str(suite.folder("rust") / "target")}
    suite.tool("protoc")
    suite.fetch("cargo build", suite.tool("cargo"), "build", "--quiet", seconds=suite.BUILD_SECONDS, cwd=target,
                env=environment)
    return suite.folder("rust") / "target/debug/interop"


def check():
    program = build()
    with harness.Server() as server:
        endpoint = f"http://127.0.0.1:{server.ports['otlp_grpc']}"
        trace_id = suite.run(str(program), endpoint, PARENT).strip()
        assert trace_id == "0000000000000000745400f204181422", trace_id
        spans = {span["name"]: (service, span) for service, span in server.trace_spans(trace_id)}
        assert set(spans) == {"handle_incoming_call", "redis_call"}, spans
        incoming, call = spans["handle_incoming_call"][1], spans["redis_call"][1]
        assert spans["redis_call"][0] == "uservice3" and incoming["kind"] == "SPAN_KIND_SERVER", spans
        assert call["parentSpanId"] == incoming["spanId"], spans
        assert harness.attributes(call)["test-attribute-1"] == "test-values-1", call
        (event,) = incoming["events"]
        assert event["name"] == "Request decoded!" and harness.attributes(event) == {"happened": True}, event
        assert incoming["status"] == {"code": "STATUS_CODE_ERROR", "message": "no error"}, incoming
    return "OTLP over gRPC, continuing uber-trace-id"
