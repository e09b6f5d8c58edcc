"""The Collector's generator of telemetry, over gRPC."""
import go_tool
import suite
import harness

PACKAGE = "github.com/open-telemetry/opentelemetry-collector-contrib/cmd/telemetrygen@v0.161.0"
TRACES = 50


def check():
    program = go_tool.install(PACKAGE, "telemetrygen")
    with harness.Server() as server:
        suite.run(str(program), "traces", "--otlp-insecure", "--otlp-endpoint",
                  f"127.0.0.1:{server.ports['otlp_grpc']}", "--traces", str(TRACES))
        found = server.search("tags=service.name%3Dtelemetrygen&limit=100")
        assert len(found) == TRACES, found
        names = {span["name"] for trace in found for _, span in server.trace_spans(trace["traceID"])}
        assert "lets-go" in names and "okey-dokey-0" in names, names
    return f"{TRACES} traces over gRPC"
