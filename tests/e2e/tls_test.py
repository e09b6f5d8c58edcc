"""`clew server` with a certificate: every protocol over TLS, and nothing without it."""
import json
import pathlib
import socket
import subprocess
import tempfile

import harness
from tls_server import TlsServer, make_certificate

GRPC_CLIENT = harness.BUILD / "tests/clients/grpc_client"
GRPC_SPANS = 500
PORTS = ("api", "ui", "otlp_grpc", "otlp_http", "jaeger_thrift", "zipkin")
PROTOBUF = "Content-Type: application/x-protobuf"


def last_line(done):
    assert done.returncode == 0, done
    return done.stdout.splitlines()[-1]


def test_alpn_chooses_http_1_1_and_http_2_and_both_store_and_query():
    with TlsServer() as server, tempfile.NamedTemporaryFile() as body:
        for flag, version, trace_id in (("--http1.1", "1.1", b"1" * 16), ("--http2", "2", b"2" * 16)):
            body.seek(0)
            body.truncate()
            body.write(harness.otlp_request([harness.otlp_span(trace_id, b"12345678")]))
            body.flush()
            sent = server.curl("otlp_http", "/v1/traces", flag, "-H", PROTOBUF, "--data-binary", f"@{body.name}")
            assert last_line(sent) == f"{version} 200", sent
            found = server.curl("api", f"/api/traces/{trace_id.hex()}", flag, "-H", "Accept: application/json")
            assert last_line(found) == f"{version} 200", found
            assert len(json.loads(found.stdout.rpartition("\n")[0])["batches"]) == 1, found


def test_tls_without_alpn_speaks_http_1_1():
    with TlsServer() as server:
        assert last_line(server.curl("api", "/ready", "--no-alpn")) == "1.1 200"


def test_every_port_serves_tls():
    with TlsServer() as server:
        for name in PORTS:
            done = server.curl(name, "/nothing/here", "--http2")
            assert last_line(done).startswith("2 "), (name, done)


def run_grpc_client(*arguments):
    return subprocess.run([GRPC_CLIENT, *arguments], capture_output=True, text=True, timeout=60, check=False)


def test_grpc_over_tls():
    with TlsServer() as server:
        target = f"127.0.0.1:{server.ports['otlp_grpc']}"
        done = run_grpc_client(target, str(GRPC_SPANS), server.certificate)
        assert done.stdout == "rejected 0\n", done
        assert len(server.trace_spans(b"grpc-client-test".hex())) == GRPC_SPANS


def test_a_client_that_does_not_trust_the_certificate_leaves_and_others_go_on():
    with TlsServer() as server, tempfile.TemporaryDirectory() as folder:
        stranger, _ = make_certificate(pathlib.Path(folder), "stranger")
        assert server.curl("api", "/ready", "--cacert", stranger).returncode == 60
        assert last_line(server.curl("api", "/ready")) == "2 200"


def answer_to_plain_text(port, request):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
        raw.sendall(request)
        answer = b""
        try:
            while piece := raw.recv(4096):
                answer += piece
        except ConnectionResetError:
            pass
        return answer


def test_plain_text_to_a_tls_port_is_refused():
    with TlsServer() as server:
        http1 = b"GET /ready HTTP/1.1\r\nHost: x\r\n\r\n"
        http2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(3) + b"\x04" + bytes(5)
        for name in PORTS:
            for request in (http1, http2):
                answer = answer_to_plain_text(server.ports[name], request)
                # Nothing, or a TLS alert (record type 21); never a response.
                assert answer == b"" or answer[0] == 21, (name, answer)
        assert server.curl("api", "/ready", scheme="http").returncode != 0
        plain = run_grpc_client(f"127.0.0.1:{server.ports['otlp_grpc']}", "1")
        assert plain.returncode == 1 and plain.stdout.startswith("error "), plain
        assert server.trace_spans(b"grpc-client-test".hex()) == []


def run_server(*flags):
    with tempfile.TemporaryDirectory() as data:
        free = [f"--port-{name}=0" for name in harness.PORTS]
        return subprocess.run([harness.CLEW, "server", "--data", data, *free, *flags],
                              capture_output=True, text=True, timeout=30, check=False)


def test_a_certificate_that_cannot_be_used_ends_the_start_and_is_named():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        certificate, _ = make_certificate(folder, "one")
        _, other_key = make_certificate(folder, "other")
        for files in ((folder / "absent.pem", other_key), (certificate, other_key), (certificate, certificate)):
            done = run_server("--tls-cert", files[0], "--tls-key", files[1])
            assert done.returncode == 1, done
            assert any(str(file) in done.stderr.splitlines()[-1] for file in files), done.stderr


def test_a_certificate_without_its_key_or_a_key_alone_never_means_plain_text():
    with tempfile.TemporaryDirectory() as name:
        certificate, key = make_certificate(pathlib.Path(name), "one")
        for flag, file in (("--tls-cert", certificate), ("--tls-key", key)):
            done = run_server(flag, file)
            assert done.returncode not in (0, -9), done
            assert "--tls-cert" in done.stderr and "--tls-key" in done.stderr, done.stderr


if __name__ == "__main__":
    harness.run_tests(globals())
