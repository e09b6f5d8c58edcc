"""Calls a server with gRPC's own client for Node."""
import json
import subprocess

import harness

CLIENT = harness.ROOT / "tests/clients/grpc_calls.mjs"
PROTOS = {"jaeger.api_v2": "jaeger/api_v2/model.proto", "zipkin.proto3": "zipkin.proto"}
POST_SPANS = "jaeger.api_v2.CollectorService/PostSpans"
GET_SAMPLING_STRATEGY = "jaeger.api_v2.SamplingManager/GetSamplingStrategy"
ZIPKIN_REPORT = "zipkin.proto3.SpanService/Report"
OK, INVALID_ARGUMENT, PERMISSION_DENIED, RESOURCE_EXHAUSTED, UNIMPLEMENTED, UNAUTHENTICATED = 0, 3, 7, 8, 12, 16


def calls(server, port_name, method, requests, metadata=None):
    """The answers to one call after the other: {"code", "text", "message", "retryDelay"}."""
    told = [{"request": request, "metadata": metadata or {}} for request in requests]
    proto = PROTOS[method.rpartition(".")[0]]
    done = subprocess.run(["node", CLIENT, proto, method, str(server.ports[port_name])], input=json.dumps(told),
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done
    return json.loads(done.stdout)


def call(server, port_name, method, request, metadata=None):
    (answer,) = calls(server, port_name, method, [request], metadata)
    return answer
