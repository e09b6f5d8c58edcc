"""The ways in besides OTLP over which a sender is answered. Each is called with a server, spans and headers, and
tells what became of them; the names are those of the receivers in /metrics."""
import base64
import collections
import json
import struct

import grpc_calls

MICROS = 1_700_000_000_000_000
# A status of HTTP, that of gRPC as the one of HTTP that means the same, and how many seconds to wait, if it says so.
Answer = collections.namedtuple("Answer", "status text retry_seconds")
# Spans of one trace with the ids from 1 on.
Spans = collections.namedtuple("Spans", "trace_id service count", defaults=(1,))
HTTP_OF_GRPC = {grpc_calls.OK: 202, grpc_calls.INVALID_ARGUMENT: 400, grpc_calls.UNAUTHENTICATED: 401,
                grpc_calls.PERMISSION_DENIED: 403, grpc_calls.RESOURCE_EXHAUSTED: 429}


def raw(data):
    return base64.b64encode(data).decode()


def ids(spans):
    return [number.to_bytes(8, "big") for number in range(1, spans.count + 1)]


def thrift_batch(spans):
    """A Batch in thrift's binary protocol."""
    def member(kind, number, value):
        return bytes([kind]) + struct.pack(">h", number) + value

    def text(value):
        return struct.pack(">i", len(value)) + value.encode()
    high, low = spans.trace_id[:8], spans.trace_id[8:]
    one = b"".join([member(10, 1, low), member(10, 2, high), member(10, 3, b"SPAN-ID-"), member(10, 4, bytes(8)),
                    member(11, 5, text("op")), member(8, 7, struct.pack(">i", 1)),
                    member(10, 8, struct.pack(">q", MICROS)), member(10, 9, struct.pack(">q", 1500))]) + b"\0"
    listed = b"".join(one.replace(b"SPAN-ID-", span_id) for span_id in ids(spans))
    process = member(11, 1, text(spans.service)) + b"\0"
    return member(12, 1, process) + member(15, 2, b"\x0c" + struct.pack(">i", spans.count) + listed) + b"\0"


def posted(server, port_name, path, content_type, body, headers):
    status, fields, answer = server.request(port_name, "POST", path, body, {"content-type": content_type, **headers})
    retry = fields.get("Retry-After")
    return Answer(status, answer.decode(), None if retry is None else int(retry))


def called(server, port_name, method, request, headers):
    answer = grpc_calls.call(server, port_name, method, request, headers)
    retry = answer["retryDelay"]
    return Answer(HTTP_OF_GRPC[answer["code"]], answer["text"], None if retry is None else retry["seconds"])


def jaeger_thrift(server, spans, headers):
    return posted(server, "jaeger_thrift", "/api/traces", "application/x-thrift", thrift_batch(spans), headers)


def jaeger_grpc(server, spans, headers):
    sent = [{"trace_id": raw(spans.trace_id), "span_id": raw(span_id), "operation_name": "op"} for span_id in ids(spans)]
    request = {"batch": {"spans": sent, "process": {"service_name": spans.service}}}
    return called(server, "jaeger_grpc", grpc_calls.POST_SPANS, request, headers)


def zipkin_http(server, spans, headers):
    sent = [{"traceId": spans.trace_id.hex(), "id": span_id.hex(), "name": "op", "timestamp": MICROS,
             "localEndpoint": {"serviceName": spans.service}} for span_id in ids(spans)]
    return posted(server, "zipkin", "/api/v2/spans", "application/json", json.dumps(sent), headers)


def zipkin_grpc(server, spans, headers):
    sent = [{"trace_id": raw(spans.trace_id), "id": raw(span_id), "name": "op", "timestamp": MICROS,
             "local_endpoint": {"service_name": spans.service}} for span_id in ids(spans)]
    return called(server, "zipkin", grpc_calls.ZIPKIN_REPORT, {"spans": sent}, headers)


RECEIVERS = {send.__name__: send for send in (jaeger_thrift, jaeger_grpc, zipkin_http, zipkin_grpc)}
