"""Sends spans with OpenTelemetry Python: client.py grpc|http PORT COUNT; prints the trace ids, one a line."""
import sys

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode


def exporter(protocol, port):
    if protocol == "grpc":
        return GrpcExporter(endpoint=f"127.0.0.1:{port}", insecure=True)
    return HttpExporter(endpoint=f"http://127.0.0.1:{port}/v1/traces")


def main(protocol, port, count):
    provider = TracerProvider(resource=Resource({"service.name": f"python-{protocol}"}))
    provider.add_span_processor(BatchSpanProcessor(exporter(protocol, port)))
    tracer = provider.get_tracer("interop", "1.0")
    for _ in range(int(count)):
        with tracer.start_as_current_span("request", kind=SpanKind.SERVER) as request:
            values = {"ratio": 0.5, "ok": True, "parts": ["a", "b"], "count": 3}
            with tracer.start_as_current_span("work", attributes=values) as work:
                work.add_event("halfway")
                work.set_status(Status(StatusCode.ERROR, "as planned"))
        print(f"{request.get_span_context().trace_id:032x}")
    provider.shutdown()


main(*sys.argv[1:])
