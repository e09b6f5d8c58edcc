"""OpenTelemetry JS with Jaeger's propagation on both sides of the edge: one trace from the caller to the server."""
import subprocess

import harness
from edge_test import Edge

THROUGH_EDGE = harness.ROOT / "tests/clients/otel_js_through_edge.mjs"
COUNT = 10


def check_chain(server, trace_id):
    """The caller's span, the edge's two and the server's, each the child of the one before."""
    chain = [("js-caller", "call", "SPAN_KIND_CLIENT"),
             ("traefik", "EntryPoint web echo.localhost", "SPAN_KIND_SERVER"),
             ("traefik", "forward echo@file/echo@file", "SPAN_KIND_CLIENT"),
             ("js-server", "serve", "SPAN_KIND_SERVER")]
    spans = {span["name"]: (service, span) for service, span in server.trace_spans(trace_id)}
    assert len(spans) == len(chain), spans
    parent = None
    for service, name, kind in chain:
        assert (spans[name][0], spans[name][1]["kind"]) == (service, kind), spans
        assert spans[name][1].get("parentSpanId") == parent, (name, spans)
        parent = spans[name][1]["spanId"]


def run_through_edge(server, node):
    edge = Edge(server, int(node.stdout.readline()))
    try:
        trace_ids = node.communicate(f"{edge.port}\n", timeout=60)[0].split()
        assert node.returncode == 0 and len(trace_ids) == COUNT, trace_ids
    finally:
        assert edge.stop() == 0
    return trace_ids


def test_a_trace_goes_on_through_the_edge_and_behind_it():
    with harness.Server() as server:
        command = ("node", THROUGH_EDGE, f"http://127.0.0.1:{server.ports['otlp_http']}/v1/traces", str(COUNT))
        with subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as node:
            try:
                trace_ids = run_through_edge(server, node)
            finally:
                node.kill()
        for trace_id in trace_ids:
            check_chain(server, trace_id)


if __name__ == "__main__":
    harness.run_tests(globals())
