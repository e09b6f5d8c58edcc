"""`clew server` with a certificate: every protocol over TLS, and nothing without it."""
import http.client
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile

import harness
from tls_server import TlsServer, make_certificate, make_signed_certificate

GRPC_CLIENT = harness.BUILD / "tests/clients/grpc_client"
GRPC_SPANS = 500
DATAGRAM_PORTS = ("jaeger-compact", "jaeger-binary")
PORTS = tuple(name.replace("-", "_") for name in harness.PORTS if name not in DATAGRAM_PORTS)
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


def shown_certificate(server, port_name):
    """What a client is shown that trusts anything."""
    return ssl.get_server_certificate(("127.0.0.1", server.ports[port_name]), timeout=30)


def test_a_certificate_that_changes_is_shown_to_new_connections_and_a_broken_one_is_not():
    with TlsServer() as server, tempfile.TemporaryDirectory(prefix="clew-test-") as folder:
        old = server.certificate.read_text()
        kept = ssl.create_default_context(cafile=server.certificate).wrap_socket(
            socket.create_connection(("127.0.0.1", server.ports["api"]), timeout=30), server_hostname="127.0.0.1")
        # A certificate without its key: what was there stays, and it is said once.
        certificate, key = make_certificate(pathlib.Path(folder), "new")
        certificate_text = certificate.read_text()
        os.replace(certificate, server.certificate)
        harness.wait_for(lambda: shown_certificate(server, "api") == old and
                         "the certificate stays as it was" in server.log_text(),
                         server.process, server.folder / "server.log")
        os.replace(key, server.key)
        harness.wait_for(lambda: shown_certificate(server, "api") == certificate_text,
                         server.process, server.folder / "server.log")
        server.trust_certificate()
        assert server.get("/ready")[0] == 200
        assert run_grpc_client(f"127.0.0.1:{server.ports['otlp_grpc']}", "1", server.certificate).returncode == 0
        kept.sendall(b"GET /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert kept.recv(100).startswith(b"HTTP/1.1 200"), "a connection that was open goes on"
        kept.close()
        assert len([line for line in server.log_text().splitlines() if "stays as it was" in line]) == 1


def test_with_a_client_authority_only_its_clients_are_let_in():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        authority = make_certificate(folder, "authority")
        client = make_signed_certificate(folder, "client", authority)
        stranger = make_signed_certificate(folder, "stranger", make_certificate(folder, "other"))
        with TlsServer("--tls-client-ca", authority[0], client=client) as server:
            assert server.get("/api/search")[0] == 200
            for flag in ("--http1.1", "--http2"):
                let_in = server.curl("api", "/ready", flag, "--cert", client[0], "--key", client[1])
                assert last_line(let_in).endswith(" 200"), let_in
                for files in ((), ("--cert", stranger[0], "--key", stranger[1])):
                    for port_name in PORTS:
                        refused = server.curl(port_name, "/ready", flag, *files)
                        assert refused.returncode != 0 and refused.stdout.endswith(" 000"), refused
            assert run_grpc_client(f"127.0.0.1:{server.ports['otlp_grpc']}", "1", server.certificate).returncode != 0


def is_let_in(server, port_name, client):
    done = server.curl(port_name, "/ready", "--cert", client[0], "--key", client[1])
    assert (done.returncode == 0) != done.stdout.endswith(" 000"), done
    return done.returncode == 0


def client_context(server, client, version):
    context = ssl.create_default_context(cafile=server.certificate)
    context.load_cert_chain(*client)
    context.minimum_version = context.maximum_version = version
    return context


def ask(server, context, session=None):
    """(the beginning of the answer, whether the session went on, the session to go on with); nothing when refused."""
    try:
        with socket.create_connection(("127.0.0.1", server.ports["api"]), timeout=30) as raw:
            with context.wrap_socket(raw, server_hostname="127.0.0.1", session=session) as secured:
                secured.sendall(b"GET /ready HTTP/1.1\r\nHost: x\r\n\r\n")
                return secured.recv(12), secured.session_reused, secured.session
    except (ssl.SSLError, ConnectionError):
        return b"", False, None


def status_on(connection):
    connection.request("GET", "/ready")
    response = connection.getresponse()
    response.read()
    return response.status


def check_other_clients_on_every_port(server, let_in, refused):
    for port_name in PORTS:
        harness.wait_for(lambda: is_let_in(server, port_name, let_in), server.process, server.folder / "server.log")
        assert not is_let_in(server, port_name, refused), port_name


def test_an_authority_of_clients_that_changes_counts_for_new_connections_and_a_broken_one_does_not():
    with tempfile.TemporaryDirectory(prefix="clew-test-") as name:
        folder = pathlib.Path(name)
        before, after = (make_certificate(folder, which) for which in ("before", "after"))
        old, new = make_signed_certificate(folder, "old", before), make_signed_certificate(folder, "new", after)
        trusted = folder / "trusted.pem"
        shutil.copy(before[0], trusted)
        with TlsServer("--tls-client-ca", trusted, client=old) as server:
            contexts = [client_context(server, old, version) for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)]
            sessions = [ask(server, context)[2] for context in contexts]
            for context, session in zip(contexts, sessions):
                assert ask(server, context, session)[:2] == (b"HTTP/1.1 200", True), context.minimum_version
            kept = http.client.HTTPSConnection("127.0.0.1", server.ports["api"], timeout=30, context=contexts[1])
            assert status_on(kept) == 200
            # What is no certificate changes nothing.
            trusted.write_text("nobody\n")
            harness.wait_for(lambda: is_let_in(server, "api", old) and
                             "stays as it was: cannot use the client certificates' authority" in server.log_text(),
                             server.process, server.folder / "server.log")
            assert not is_let_in(server, "api", new)
            os.replace(after[0], trusted)
            server.trust_certificate(new)
            harness.wait_for(lambda: is_let_in(server, "api", new), server.process, server.folder / "server.log")
            assert status_on(kept) == 200, "a connection that was open goes on"
            kept.close()
            check_other_clients_on_every_port(server, new, old)
            # Nor does who was let in before come in once more on the strength of that.
            for context, session in zip(contexts, sessions):
                assert ask(server, context, session)[0] == b"", context.minimum_version


def test_tls_before_1_2_is_refused():
    with TlsServer() as server:
        assert server.curl("api", "/ready", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0").returncode != 0
        assert last_line(server.curl("api", "/ready", "--tls-max", "1.2")) == "2 200"


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
        for files, flags in (((folder / "absent.pem", other_key), ()), ((certificate, other_key), ()),
                             ((certificate, certificate), ()),
                             ((certificate, folder / "one.key"), ("--tls-client-ca", folder / "absent.pem"))):
            done = run_server("--tls-cert", files[0], "--tls-key", files[1], *flags)
            assert done.returncode == 1, done
            assert any(str(file) in done.stderr.splitlines()[-1] for file in (*files, *flags[1:])), done.stderr


def test_a_certificate_without_its_key_or_a_key_alone_never_means_plain_text():
    with tempfile.TemporaryDirectory() as name:
        certificate, key = make_certificate(pathlib.Path(name), "one")
        for flag, file in (("--tls-cert", certificate), ("--tls-key", key)):
            done = run_server(flag, file)
            assert done.returncode not in (0, -9), done
            assert "--tls-cert" in done.stderr and "--tls-key" in done.stderr, done.stderr


if __name__ == "__main__":
    harness.run_tests(globals())
