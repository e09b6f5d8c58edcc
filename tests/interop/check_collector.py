"""The OpenTelemetry Collector between two servers: one forwards to it, it exports to the other by gRPC and HTTP."""
import pathlib
import tempfile

import go_tool
import suite
import harness
from redact_test import export, metric, send_all

CONFIG = """
receivers: {{ otlp: {{ protocols: {{ http: {{ endpoint: "127.0.0.1:{port}" }} }} }} }}
exporters:
  otlp: {{ endpoint: "127.0.0.1:{grpc}", tls: {{ insecure: true }} }}
  otlphttp: {{ endpoint: "http://127.0.0.1:{http}" }}
service:
  telemetry: {{ metrics: {{ level: none }} }}
  pipelines: {{ traces: {{ receivers: [otlp], exporters: [{exporter}] }} }}
"""


def check_exporter(program, exporter):
    with harness.Server() as destination, tempfile.TemporaryDirectory() as folder:
        port, config = suite.free_port(), pathlib.Path(folder, "config.yaml")
        config.write_text(CONFIG.format(port=port, grpc=destination.ports["otlp_grpc"],
                                        http=destination.ports["otlp_http"], exporter=exporter))
        with suite.running(program, "--config", config, ready="Everything is ready") as (collector, log_path), \
             harness.Server("--forward", f"http://127.0.0.1:{port}") as source:
            send_all(source)
            spans = metric(source, "clew_ingest_accepted_spans_total")
            harness.wait_for(lambda: metric(destination, "clew_ingest_accepted_spans_total") >= spans,
                             collector, log_path)
            assert export(source) == export(destination)


def check():
    program = go_tool.build("collector")
    for exporter in ("otlp", "otlphttp"):
        check_exporter(program, exporter)
    return "forwarded to it, and exported by it over gRPC and HTTP"
