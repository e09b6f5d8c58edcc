"""Prometheus' own tracing, of queries and of scrapes. Debian builds Prometheus without its exporter."""
import json
import pathlib
import tempfile
import urllib.parse
import urllib.request

import go_tool
import suite
import harness
from api_spans import hex_of

PACKAGE = "github.com/prometheus/prometheus/cmd/prometheus@v0.316.0"
TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
CONFIG = """
global: {{ scrape_interval: 500ms }}
tracing: {{ client_type: {protocol}, endpoint: "127.0.0.1:{port}", insecure: true, sampling_fraction: 1, compression: gzip }}
scrape_configs:
  - {{ job_name: itself, static_configs: [{{ targets: ["127.0.0.1:{own}"] }}] }}
  - {{ job_name: clew, static_configs: [{{ targets: ["127.0.0.1:{api}"] }}] }}
"""


def query(port, text, headers=None):
    """The values of a query, by job."""
    url = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": text})
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=30) as answer:
        return {one["metric"]["job"]: one["value"][1] for one in json.load(answer)["data"]["result"]}


def run_and_ask(program, server, protocol, port_name):
    """Both are scraped, and one query is asked within a trace."""
    with tempfile.TemporaryDirectory() as folder:
        own, config = suite.free_port(), pathlib.Path(folder, "prometheus.yml")
        config.write_text(CONFIG.format(protocol=protocol, port=server.ports[port_name], own=own,
                                        api=server.ports["api"]))
        with suite.running(program, f"--config.file={config}", f"--storage.tsdb.path={folder}/data",
                           f"--web.listen-address=127.0.0.1:{own}",
                           ready="ready to receive web requests") as (process, log_path):
            up = {"itself": "1", "clew": "1"}
            harness.wait_for(lambda: query(own, "up") == up, process, log_path)
            assert query(own, "up", {"traceparent": f"00-{TRACE}-{CALLER}-01"}) == up


def check_protocol(program, protocol, port_name):
    with harness.Server() as server:
        run_and_ask(program, server, protocol, port_name)
        # It has sent what it had when it ended.
        told = server.trace_spans(TRACE)
        assert {service for service, _ in told} == {"prometheus"}, told
        spans = {span["name"]: span for _, span in told}
        request, evaluation = spans["GET /api/v1/query"], spans["promqlInstantQuery"]
        assert request["kind"] == "SPAN_KIND_SERVER", request
        assert hex_of(request["parentSpanId"]) == CALLER, request
        assert evaluation["parentSpanId"] == request["spanId"], told
        # What scrapes itself is both sides of the call.
        joined = '{resource.service.name="prometheus"&&kind=client}>{name="GET /metrics"&&kind=server}'
        assert server.search("q=" + urllib.parse.quote(joined)), server.search("limit=20")


def check():
    program = go_tool.install(PACKAGE, "prometheus", "-tags", "remove_all_sd")
    for protocol, port_name in (("grpc", "otlp_grpc"), ("http", "otlp_http")):
        check_protocol(program, protocol, port_name)
    return "queries and scrapes, over gRPC and HTTP, and it scrapes clew"
