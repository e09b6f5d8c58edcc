"""Caddy's own tracing: one before the other, in the trace that the caller began. Debian builds Caddy without it."""
import contextlib
import os
import pathlib
import tempfile
import urllib.request

import go_tool
import suite
import harness
from api_spans import hex_of

PACKAGE = "github.com/caddyserver/caddy/v2/cmd/caddy@v2.11.9"
TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
CONFIG = """
{{
  admin off
  auto_https off
  persist_config off
}}
http://127.0.0.1:{port} {{
  tracing {{
    span "{{http.request.method}} {name}"
  }}
  {directive}
}}
"""


@contextlib.contextmanager
def caddy(program, name, protocol, endpoint, directive):
    """The port of one whose service has that name and does that with a request."""
    with tempfile.TemporaryDirectory() as folder:
        port, config = suite.free_port(), pathlib.Path(folder, "Caddyfile")
        config.write_text(CONFIG.format(port=port, name=name, directive=directive))
        settings = {"HOME": folder, "OTEL_SERVICE_NAME": name, "OTEL_EXPORTER_OTLP_PROTOCOL": protocol,
                    "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_EXPORTER_OTLP_INSECURE": "true"}
        with suite.running(program, "run", "--adapter", "caddyfile", "--config", config,
                           ready="serving initial configuration", env={**os.environ, **settings}):
            yield port


def call(port):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"traceparent": f"00-{TRACE}-{CALLER}-01"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.read() == b"bread", answer


def check_protocol(program, protocol, port_name):
    with harness.Server() as server:
        sent = (protocol, f"http://127.0.0.1:{server.ports[port_name]}")
        with caddy(program, "shop", *sent, 'respond "bread"') as shop, \
             caddy(program, "edge", *sent, f"reverse_proxy 127.0.0.1:{shop}") as edge:
            call(edge)
        # They have sent what they had when they ended.
        spans = {service: span for service, span in server.trace_spans(TRACE)}
        assert set(spans) == {"edge", "shop"}, spans
        edge, shop = spans["edge"], spans["shop"]
        assert (edge["name"], shop["name"]) == ("GET edge", "GET shop"), spans
        assert edge["kind"] == shop["kind"] == "SPAN_KIND_SERVER", spans
        assert hex_of(edge["parentSpanId"]) == CALLER and shop["parentSpanId"] == edge["spanId"], spans
        assert len(server.search("q=%7Bresource.webengine.name%3D%22Caddy%22%26%26kind%3Dserver%7D")) == 1


def check():
    program = go_tool.install(PACKAGE, "caddy")
    for protocol, port_name in (("grpc", "otlp_grpc"), ("http/protobuf", "otlp_http")):
        check_protocol(program, protocol, port_name)
    return "one before the other, over gRPC and HTTP"
