"""OpenTelemetry Go: its exporters over gRPC and over HTTP in gzip."""
import go_tool
import suite
import harness
from check_python import COUNT, check_traces


def check():
    program = go_tool.build("go")
    for protocol, port in (("grpc", "otlp_grpc"), ("http", "otlp_http")):
        with harness.Server() as server:
            output = suite.run(str(program), protocol, str(server.ports[port]), str(COUNT))
            check_traces(server, output.split(), f"go-{protocol}")
    return "OTLP over gRPC and HTTP"
