"""What comes from outside and is wrong gets a clear answer, and nobody else is disturbed."""
import http.client
import json
import os
import pathlib
import socket
import struct
import subprocess
import tempfile
import time
import zlib

import harness

GOOD = harness.otlp_request([harness.otlp_span(b"g" * 16, b"12345678")])
PROTOBUF = {"Content-Type": "application/x-protobuf"}
JSON = {"Content-Type": "application/json"}


def stored(server, trace_id):
    return len(server.trace_spans(trace_id.hex()))


def test_malformed_protobuf_is_400_and_the_connection_lives():
    with harness.Server() as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.ports["otlp_http"], timeout=10)
        for body in (GOOD[:-3], b"\xff" * 40, b"\x0a\xff\xff\xff\xff\x0f"):
            connection.request("POST", "/v1/traces", body, PROTOBUF)
            response = connection.getresponse()
            assert response.status == 400, response.status
            assert b"otlp" in response.read()
        connection.request("POST", "/v1/traces", GOOD, PROTOBUF)
        assert connection.getresponse().status == 200
        assert stored(server, b"g" * 16) == 1


def json_request(trace_id, span_id="0102030405060708", **members):
    span = {"traceId": trace_id, "spanId": span_id, "name": "op", **members}
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}).encode()


def test_malformed_json_is_400_with_its_place_and_the_connection_lives():
    with harness.Server() as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.ports["otlp_http"], timeout=10)
        good = json_request("6a" * 16)
        for body, word in ((good[:-3], "at byte"), (b"", "no JSON"), (b"[" * 5000, "nested"),
                           (b'{"resourceSpans":[7]}', "at byte 18"), (good + b"{}", "behind the end"),
                           (good.replace(b"op", b"\xff"), "UTF-8"),
                           (json_request("6a" * 16, kind="NO_KIND"), "enum"),
                           (json_request("6a" * 16, name=5), "string")):
            connection.request("POST", "/v1/traces", body, JSON)
            response = connection.getresponse()
            assert response.status == 400, response.status
            assert response.getheader("Content-Type") == "application/json"
            status = json.loads(response.read())
            assert status["code"] == 3 and word in status["message"], status
        connection.request("POST", "/v1/traces", good, JSON)
        response = connection.getresponse()
        assert response.status == 200 and response.read() == b"{}"
        assert len(server.trace_spans("6a" * 16)) == 1


def test_a_json_span_with_a_short_id_or_a_wrong_time_is_rejected_and_says_why():
    with harness.Server() as server:
        for body, word in ((json_request("6a"), "trace id"),
                           (json_request("6a" * 16, "6a"), "span id"),
                           (json_request("6a" * 16, parentSpanId="x"), "parent span id"),
                           (json_request("6a" * 16, endTimeUnixNano="9223372036854775808"), "time")):
            status, _, answer = server.export(body, JSON)
            assert status == 200, (status, answer)
            partial = json.loads(answer)["partialSuccess"]
            assert partial["rejectedSpans"] == "1" and word in partial["errorMessage"], partial


def test_malformed_thrift_is_400_and_the_connection_lives():
    with harness.Server() as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.ports["jaeger_thrift"], timeout=10)
        for body in (b"\x0c\x00\x01", b"garbage garbage", b"\x0f\x00\x02\x0c\x7f\xff\xff\xff"):
            connection.request("POST", "/api/traces?format=jaeger.thrift", body,
                               {"Content-Type": "application/x-thrift"})
            response = connection.getresponse()
            response.read()
            assert response.status == 400, response.status
        connection.request("POST", "/api/traces", b"x", {"Content-Type": "text/plain"})
        response = connection.getresponse()
        assert response.status == 400 and b"Unsupported content type: text/plain" in response.read()


def test_malformed_protobuf_over_grpc_is_invalid_argument():
    with harness.Server() as server:
        frame = b"\x00" + struct.pack(">I", 4) + b"\xff\xff\xff\xff"
        with tempfile.NamedTemporaryFile() as body:
            body.write(frame)
            body.flush()
            output = subprocess.run(
                ["curl", "-sS", "-o", "/dev/null", "-D", "-", "--http2-prior-knowledge", "--max-time", "10",
                 "-H", "content-type: application/grpc", "-H", "te: trailers", "--data-binary", f"@{body.name}",
                 f"http://127.0.0.1:{server.ports['otlp_grpc']}"
                 "/opentelemetry.proto.collector.trace.v1.TraceService/Export"],
                capture_output=True, text=True, check=False).stdout
        assert "grpc-status: 3" in output, output


def test_a_span_with_a_short_id_is_rejected_and_its_neighbours_kept():
    with harness.Server() as server:
        bad = harness.otlp_span(b"b" * 15, b"12345678")
        spans = [harness.otlp_span(b"n" * 16, b"00000001"), bad, harness.otlp_span(b"n" * 16, b"00000002")]
        status, _, body = server.export(harness.otlp_request(spans))
        assert status == 200
        assert body.startswith(b"\x0a") and b"\x08\x01" in body and b"trace id" in body, body
        assert stored(server, b"n" * 16) == 2


def test_a_time_beyond_int64_is_rejected_with_its_reason():
    with harness.Server() as server:
        spans = [harness.otlp_span(b"t" * 16, b"00000001", start=2**63 + 5),
                 harness.otlp_span(b"t" * 16, b"00000002")]
        status, _, body = server.export(harness.otlp_request(spans))
        assert status == 200 and b"\x08\x01" in body, body
        assert stored(server, b"t" * 16) == 1


def test_wrong_content_type_is_415_and_wrong_method_405_and_unknown_path_404():
    with harness.Server() as server:
        assert server.export(GOOD, {"Content-Type": "text/csv"})[0] == 415
        assert server.request("otlp_http", "GET", "/v1/traces")[0] == 405
        assert server.request("otlp_http", "POST", "/v1/spans", GOOD, PROTOBUF)[0] == 404
        assert server.request("api", "GET", "/api/nothing")[0] == 404
        assert server.export(GOOD, {"Content-Encoding": "br"})[0] == 415


def test_a_body_over_the_limit_is_413():
    with harness.Server("--body-limit=1MiB") as server:
        # A client looks for the answer when it has sent all, which is more than sockets hold.
        for mebibytes in (2, 24):
            assert server.export(b"\x0a" * (mebibytes << 20))[0] == 413
        assert server.export(GOOD)[0] == 200


def test_a_gzip_bomb_is_stopped_at_the_inflated_cap():
    with harness.Server() as server:
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        zeros = bytes(1 << 20)
        bomb = b"".join(packer.compress(zeros) for _ in range(1024)) + packer.flush()
        assert len(bomb) < 2 << 20
        status, _, _ = server.export(bomb, {"Content-Encoding": "gzip"})
        assert status == 413, status
        resident = int(next(line for line in open(f"/proc/{server.process.pid}/status")
                            if line.startswith("VmHWM")).split()[1]) >> 10
        assert resident < 700 or harness.SANITIZED, f"{resident} MiB at the most"
        assert server.export(GOOD)[0] == 200


def test_half_a_request_then_silence_is_timed_out_and_others_go_on():
    with harness.Server("--header-timeout=300ms") as server:
        silent = socket.create_connection(("127.0.0.1", server.ports["otlp_http"]), timeout=20)
        silent.sendall(b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Le")
        assert server.export(GOOD)[0] == 200
        answer = silent.recv(4096)
        assert answer == b"" or b" 408 " in answer, answer


def test_smuggling_shapes_are_refused():
    with harness.Server() as server:
        for head in (b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                     b"Content-Length: 4\r\nContent-Length: 5\r\n",
                     b"Host : y\r\n", b"X: a\r\n folded\r\n", b"X: a\n"):
            raw = socket.create_connection(("127.0.0.1", server.ports["api"]), timeout=10)
            raw.sendall(b"GET /api/echo HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n")
            answer = raw.recv(4096)
            assert b" 400 " in answer, (head, answer)


def run_server(*flags):
    return subprocess.run([harness.CLEW, "server", *flags], capture_output=True, text=True, timeout=30, check=False)


FREE = [f"--port-{name}=0" for name in harness.PORTS]


def check_refused(done, *words):
    assert done.returncode == 1, done
    lines = done.stderr.strip().splitlines()
    assert all(word in lines[-1] for word in words), done.stderr


def test_a_port_in_use_is_one_sentence_and_exit_1():
    with harness.Server() as server, tempfile.TemporaryDirectory() as folder:
        port = server.ports["api"]
        check_refused(run_server("--data", folder + "/d", *FREE[1:], f"--port-api={port}"), str(port), "in use")


def test_a_second_process_on_the_same_data_is_refused_with_the_pid():
    with harness.Server() as server:
        check_refused(run_server("--data", server.data, *FREE), str(server.process.pid))


def test_an_unwritable_data_directory_is_refused():
    with tempfile.NamedTemporaryFile() as file:
        check_refused(run_server("--data", file.name + "/below-a-file", *FREE), file.name)


def test_a_public_address_needs_a_flag_that_the_refusal_names():
    with tempfile.TemporaryDirectory() as folder:
        check_refused(run_server("--data", folder, "--listen", "0.0.0.0", *FREE), "--insecure-public")


def numbered(number):
    """A trace id, and a body with 20 spans of it of 1 KiB each."""
    trace_id = struct.pack(">QQ", 1, number)
    spans = [harness.otlp_span(trace_id, os.urandom(8), name=os.urandom(500).hex()) for _ in range(20)]
    return trace_id, harness.otlp_request(spans)


def test_when_blocks_cannot_be_written_reads_go_on_and_past_the_limit_the_answer_is_429():
    with harness.Server("--memory-limit=4MiB", "--memtable-size=1MiB") as server:
        # No block can be made where a file lies.
        blocks = pathlib.Path(server.data, "blocks")
        blocks.write_text("in the way")
        for number in range(1, 401):
            trace_id, body = numbered(number)
            status, headers, _ = server.export(body)
            if status != 200:
                break
        assert status == 429 and int(headers["Retry-After"]) > 0, (status, headers)
        assert stored(server, trace_id) == 0
        assert stored(server, numbered(1)[0]) == 20
        assert "a block could not be written" in server.log_text(), server.log_text()
        # It goes on by itself when the cause is gone, and nothing is lost.
        blocks.unlink()
        deadline = time.monotonic() + 20
        while server.export(numbered(500)[1])[0] != 200:
            assert time.monotonic() < deadline, server.log_text()
            time.sleep(0.1)
        for seen in range(1, number):
            assert stored(server, numbered(seen)[0]) == 20, seen


def wal_segment(server):
    return max(pathlib.Path(server.data, "wal").glob("*.wal"))


def test_a_torn_wal_tail_is_cut():
    with harness.Server() as server:
        assert server.export(GOOD)[0] == 200
        last = harness.otlp_request([harness.otlp_span(b"l" * 16, b"12345678")])
        assert server.export(last)[0] == 200
        server.kill()
        segment = wal_segment(server)
        bytes_ = bytearray(segment.read_bytes())
        position = bytes_.rindex(last)
        bytes_[position + len(last) // 2:] = bytes(len(bytes_) - position - len(last) // 2)
        segment.write_bytes(bytes_)
        server.start()
        assert stored(server, b"g" * 16) == 1 and stored(server, b"l" * 16) == 0
        assert server.export(last)[0] == 200 and stored(server, b"l" * 16) == 1
        server.kill()
        server.start()
        assert stored(server, b"g" * 16) == 1 and stored(server, b"l" * 16) == 1


def test_a_flipped_byte_in_the_wal_costs_that_record_alone_and_is_reported():
    with harness.Server() as server:
        bodies = [harness.otlp_request([harness.otlp_span(bytes([65 + i]) * 16, b"12345678")]) for i in range(9)]
        for body in bodies:
            assert server.export(body)[0] == 200
        server.kill()
        segment = wal_segment(server)
        bytes_ = bytearray(segment.read_bytes())
        bytes_[bytes_.index(bodies[4]) + 20] ^= 0x40
        segment.write_bytes(bytes_)
        server.start()
        assert [stored(server, bytes([65 + i]) * 16) for i in range(9)] == [1, 1, 1, 1, 0, 1, 1, 1, 1]
        assert "damage" in server.log_text()
        assert b"clew_wal_damaged_records_total 1" in server.get("/metrics")[1]


def test_it_ends_cleanly_on_sigterm():
    server = harness.Server()
    with server:
        assert server.export(GOOD)[0] == 200
        assert server.stop() == 0


if __name__ == "__main__":
    harness.run_tests(globals())
