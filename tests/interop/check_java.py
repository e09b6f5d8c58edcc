"""OpenTelemetry's agent for Java: the calls of a program that knows nothing of it, over gRPC and HTTP."""
import suite
import harness

AGENT = "io.opentelemetry.javaagent:opentelemetry-javaagent:2.31.1"
CLIENT = suite.ROOT / "tests/interop/java/Client.java"


def agent():
    work = suite.folder("java")
    jar = work / "opentelemetry-javaagent-2.31.1.jar"
    if not jar.exists():
        suite.fetch("mvn", suite.tool("mvn"), "-q", "-B", "dependency:copy", f"-Dartifact={AGENT}",
                    f"-DoutputDirectory={work}", f"-Dmaven.repo.local={work}/repository", cwd=work)
    if not jar.exists():
        raise suite.Skipped("mvn brought no agent")
    return jar


def check_protocol(java, jar, protocol, port):
    with harness.Server() as server:
        output = suite.run(
            # It is compiled by the program that runs it, which the agent would take for a tool.
            java, f"-javaagent:{jar}", "-Dotel.javaagent.enabled=true",
            f"-Dotel.exporter.otlp.protocol={protocol}",
            f"-Dotel.exporter.otlp.endpoint=http://127.0.0.1:{server.ports[port]}",
            "-Dotel.service.name=java", "-Dotel.metrics.exporter=none", "-Dotel.logs.exporter=none",
            str(CLIENT), f"http://127.0.0.1:{server.ports['api']}/ready")
        assert output.split()[-1] == "200", output
        (found,) = server.search("q=%7Bkind%3Dclient%7D&limit=10")
        ((service, span),) = server.trace_spans(found["traceID"])
        assert (service, span["name"]) == ("java", "GET"), span
        assert harness.attributes(span)["http.response.status_code"] == 200, span


def check():
    java, jar = suite.tool("java"), agent()
    for protocol, port in (("grpc", "otlp_grpc"), ("http/protobuf", "otlp_http")):
        check_protocol(java, jar, protocol, port)
    return "the agent over gRPC and HTTP"
