"""Attributes that rules drop or hash: nothing of them is ever on the disk, in whatever format they came, and all
else is as without rules."""
import gzip
import json
import re
import shlex
import socket
import struct
import tempfile

import exposition
import harness

PAGE = harness.ROOT / "docs/redact.md"
SECRET = "Bearer-t0p-s3cret"
USER = "alice@example.org"
HEADER = "http.request.header.authorization"
START = 1_700_000_000_000_000  # in microseconds
RULES = ("--redact", f"drop:{HEADER}", "--redact", "hash:enduser.id")
OF_OTHERS = ("--redact", "drop:no.such.key", "--redact", "hash:resource.nor.this.*")


def trace_id(number):
    return f"{number:032x}"


def otlp_body(number):
    attributes = (field_attribute(9, HEADER, SECRET) + field_attribute(9, "enduser.id", USER) +
                  harness.field(11, harness.field(2, "e") + field_attribute(3, HEADER, SECRET)) +
                  harness.field(13, harness.field(1, bytes(15) + b"\x63") + harness.field(2, bytes(7) + b"\x63") +
                                field_attribute(4, HEADER, SECRET)))
    span = harness.otlp_span(bytes.fromhex(trace_id(number)), bytes(7) + b"\x01", start=START * 1000) + attributes
    bad = harness.otlp_span(b"short", bytes(7) + b"\x01", start=START * 1000) + attributes
    return harness.otlp_request([span, bad])


def field_attribute(number, key, value):
    return harness.field(number, harness.string_attribute(key, value))


def otlp_json_body(number):
    attributes = [{"key": key, "value": {"stringValue": value}} for key, value in
                  ((HEADER, SECRET), ("enduser.id", USER), ("k", "v"))]
    span = {"traceId": trace_id(number), "spanId": "0000000000000001", "name": "op", "attributes": attributes,
            "startTimeUnixNano": str(START * 1000), "endTimeUnixNano": str(START * 1000 + 5)}
    scope_spans = [{"scope": {"name": "s", "attributes": attributes}, "spans": [span]}]
    return json.dumps({"resourceSpans": [{"resource": {"attributes": attributes}, "scopeSpans": scope_spans}]})


def zipkin_json_body(number):
    return json.dumps([{"traceId": trace_id(number), "id": "0000000000000001", "name": "op", "timestamp": START,
                        "duration": 9, "localEndpoint": {"serviceName": "cart"},
                        "tags": {HEADER: SECRET, "enduser.id": USER, "k": "v"}}])


def zipkin_v1_body(number):
    return json.dumps([{"traceId": trace_id(number), "id": "0000000000000001", "name": "op", "timestamp": START,
                        "duration": 9, "binaryAnnotations": [
                            {"key": key, "value": value, "endpoint": {"serviceName": "cart"}}
                            for key, value in ((HEADER, SECRET), ("enduser.id", USER), ("k", "v"))]}])


def zipkin_proto_body(number):
    tags = b"".join(harness.field(11, harness.field(1, key) + harness.field(2, value))
                    for key, value in ((HEADER, SECRET), ("enduser.id", USER), ("k", "v")))
    return harness.field(1, harness.field(1, bytes.fromhex(trace_id(number))) + harness.field(3, bytes(7) + b"\x01") +
                         harness.field(5, "op") + b"\x31" + struct.pack("<Q", START) + tags)


def thrift_text(number, text):
    return b"\x0b" + struct.pack(">hi", number, len(text)) + text.encode()


def thrift_i64(number, value):
    return b"\x0a" + struct.pack(">hq", number, value)


def thrift_list(number, structs):
    return b"\x0f" + struct.pack(">hbi", number, 12, len(structs)) + b"".join(structs)


def jaeger_batch(number):
    tags = thrift_list(10, [thrift_text(1, key) + b"\x08" + struct.pack(">hi", 2, 0) + thrift_text(3, value) + b"\0"
                            for key, value in ((HEADER, SECRET), ("enduser.id", USER), ("k", "v"))])
    span = (thrift_i64(1, number) + thrift_i64(2, 0) + thrift_i64(3, 1) + thrift_i64(4, 0) + thrift_text(5, "op") +
            b"\x08" + struct.pack(">hi", 7, 1) + thrift_i64(8, START) + thrift_i64(9, 9) + tags + b"\0")
    process = b"\x0c" + struct.pack(">h", 1) + thrift_text(1, "shop") + b"\0"
    return process + thrift_list(2, [span]) + b"\0"


def zipkin_thrift_body(number):
    annotations = [thrift_text(1, key) + thrift_text(2, value) + b"\x08" + struct.pack(">hi", 3, 6) + b"\0"
                   for key, value in ((HEADER, SECRET), ("enduser.id", USER), ("k", "v"))]
    return (struct.pack(">bi", 12, 1) + thrift_i64(1, number) + thrift_text(3, "op") + thrift_i64(4, 1) +
            thrift_list(8, annotations) + thrift_i64(10, START) + thrift_i64(11, 9) + b"\0")


def datagram(number):
    name = b"emitBatch"
    return (struct.pack(">Ii", 0x80010004, len(name)) + name + struct.pack(">i", 0) +
            b"\x0c" + struct.pack(">h", 1) + jaeger_batch(number) + b"\0")


TRACES = range(1, 10)


def send_all(server):
    """A trace of every format that comes without gRPC: 1 to 9."""
    def post(port, path, body, media_type, **headers):
        fields = {"content-type": media_type, **headers}
        status, _, answer = server.request(port, "POST", path, body, fields)
        assert status in (200, 202), (path, status, answer)
    protobuf, as_json, thrift = "application/x-protobuf", "application/json", "application/x-thrift"
    post("otlp_http", "/v1/traces", otlp_body(1), protobuf)
    post("otlp_http", "/v1/traces", gzip.compress(otlp_body(2), mtime=0), protobuf, **{"content-encoding": "gzip"})
    post("otlp_http", "/v1/traces", otlp_json_body(3), as_json)
    post("zipkin", "/api/v2/spans", zipkin_json_body(4), as_json)
    post("zipkin", "/api/v2/spans", zipkin_proto_body(5), protobuf)
    post("zipkin", "/api/v1/spans", zipkin_v1_body(6), as_json)
    post("zipkin", "/api/v1/spans", zipkin_thrift_body(7), thrift)
    post("jaeger_thrift", "/api/traces", jaeger_batch(8), thrift)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(datagram(9), ("127.0.0.1", server.ports["jaeger_binary"]))
    harness.wait_for(lambda: server.trace_spans(trace_id(9)), server.process, server.folder / "server.log")


def export(server):
    """All spans, each with its resource and scope, as sorted texts; flushes first."""
    with tempfile.TemporaryDirectory() as folder:
        harness.run_clew("export", "-o", f"{folder}/spans", *harness.of_data(server), *harness.of_server(server))
        with open(f"{folder}/spans", encoding="utf-8") as file:
            requests = [json.loads(line) for line in file]
    return sorted(json.dumps([resource.get("resource"), scope.get("scope"), span], sort_keys=True)
                  for request in requests for resource in request["resourceSpans"]
                  for scope in resource["scopeSpans"] for span in scope["spans"])


def files_with(server, text):
    return [path.name for path in server.data.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def hash_of_user(server, number):
    ((_, span),) = server.trace_spans(trace_id(number))
    return harness.attributes(span)["enduser.id"]


def metric(server, name):
    headers = {"X-Scope-OrgID": "any"} if "--multitenancy" in server.flags else {}
    _, _, body = server.request("api", "GET", "/metrics", headers=headers)
    return exposition.total(exposition.parse(body.decode()), name)


def check_redacted(server):
    hashes = set()
    for number in TRACES:
        ((_, span),) = server.trace_spans(trace_id(number))
        values = harness.attributes(span)
        assert HEADER not in values and values["enduser.id"] != USER, (number, values)
        assert number == 5 or values.get("k") == "v", (number, values)
        hashes.add(values["enduser.id"])
    assert len(hashes) == 1 and re.fullmatch("[0-9a-f]{32}", next(iter(hashes))), hashes
    found = server.search(f"q=%7Bspan.enduser.id%3D%22{next(iter(hashes))}%22%7D&limit=100")
    assert len(found) == len(TRACES), found


def test_nothing_that_rules_take_away_is_on_the_disk():
    with harness.Server() as server:  # where it would be without rules
        send_all(server)
        assert files_with(server, SECRET) and files_with(server, USER)
        assert SECRET in "".join(export(server))
    with harness.Server(*RULES) as server:
        send_all(server)
        check_redacted(server)
        assert files_with(server, SECRET) == files_with(server, USER) == []
        server.kill()
        server.start()
        check_redacted(server)
        exported = "".join(export(server))  # which makes blocks of them
        assert SECRET not in exported and USER not in exported and HEADER not in exported
        assert files_with(server, SECRET) == files_with(server, USER) == []
        check_redacted(server)


def test_all_else_is_as_without_rules():
    with harness.Server() as plain, harness.Server(*OF_OTHERS) as ruled:
        for server in (plain, ruled):
            send_all(server)
        assert metric(plain, "clew_ingest_rejected_spans_total") == 2
        assert metric(ruled, "clew_ingest_rejected_spans_total") == 2
        assert export(plain) == export(ruled)


def test_a_body_sent_again_is_known_also_after_a_restart():
    with harness.Server(*RULES) as server:
        assert server.export(otlp_body(1))[0] == server.export(otlp_body(1))[0] == 200
        assert metric(server, "clew_ingest_duplicate_requests_total") == 1
        server.kill()
        server.start()
        assert server.export(otlp_body(1))[0] == 200
        assert metric(server, "clew_ingest_duplicate_requests_total") == 1
        assert len(server.trace_spans(trace_id(1))) == 1


def test_a_key_of_ones_own_gives_the_same_hashes_everywhere():
    with tempfile.NamedTemporaryFile("w") as key:
        key.write("a key of sixteen bytes or more\n")
        key.flush()
        hashes = []
        for _ in range(2):
            with harness.Server(*RULES, "--redact-key", key.name) as server:
                server.export(otlp_body(1))
                hashes.append(hash_of_user(server, 1))
                assert not (server.data / "redact.key").exists()
        assert hashes[0] == hashes[1], hashes
    with harness.Server(*RULES) as server:
        server.export(otlp_body(1))
        assert hash_of_user(server, 1) not in (*hashes, USER)


def test_the_flags_of_the_page_do_what_it_says():
    (command,) = re.findall(r"^clew server (.*--redact .*)$", PAGE.read_text(), re.MULTILINE)
    with harness.Server(*shlex.split(command)) as server:
        send_all(server)
        check_redacted(server)


def test_what_is_no_rule_is_refused_in_a_sentence():
    with tempfile.TemporaryDirectory() as folder:
        _, problem = harness.run_clew("server", "--data", folder, "--redact", "hide:x", code=2)
    assert "redact rule 'hide:x' must begin with drop: or hash:" in problem, problem


if __name__ == "__main__":
    harness.run_tests(globals())
