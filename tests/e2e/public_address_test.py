"""Listening where others could reach it: only when somebody says so, and then it is so. All of it is in a network that
these tests alone are in."""
import contextlib
import ctypes
import fcntl
import os
import pathlib
import re
import socket
import struct
import subprocess
import sys
import tempfile

import harness

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCSIFADDR, SIOCSIFFLAGS, IFF_UP = 0x8916, 0x8914, 1
# Of the addresses that are for documents: one of this machine in its own network, and of no loopback.
PUBLIC = "203.0.113.1"
TCP_PORTS = [name.replace("-", "_") for name in harness.PORTS if name not in ("jaeger-compact", "jaeger-binary")]
TOKEN = "token-0815-secret"


def leave_for_a_network_of_its_own():
    """Why it could not, or None. Whoever is not root may, where anybody may have a namespace of users."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0 and libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        return os.strerror(ctypes.get_errno())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        fcntl.ioctl(asking, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
        address = struct.pack("16sHH4s8x", b"lo:1", socket.AF_INET, 0, socket.inet_aton(PUBLIC))
        fcntl.ioctl(asking, SIOCSIFADDR, address)
    return None


def is_reached(port, address=PUBLIC):
    try:
        socket.create_connection((address, port), timeout=30).close()
        return True
    except ConnectionRefusedError:
        return False


def ask(server, method, path, port_name="api", body=None, headers=None):
    """(status, body) of a request from outside."""
    status, _, answer = server.request(port_name, method, path, body, headers, address=PUBLIC)
    return status, answer


def check_spans_come_and_are_found(server, headers):
    trace_id = os.urandom(16)
    body = harness.otlp_request([harness.otlp_span(trace_id, os.urandom(8))])
    fields = {"Content-Type": "application/x-protobuf", **headers}
    assert ask(server, "POST", "/v1/traces", "otlp_http", body, fields)[0] == 200
    status, answer = ask(server, "GET", f"/api/v2/traces/{trace_id.hex()}", headers=headers)
    assert status == 200 and b"k" in answer, (status, answer)


def test_without_a_word_nobody_outside_reaches_any_port():
    with harness.Server() as server:
        assert "everyone who can reach" not in server.log_text(), server.log_text()
        assert all(is_reached(server.ports[name], "127.0.0.1") for name in TCP_PORTS)
        assert not any(is_reached(server.ports[name]) for name in TCP_PORTS)


def test_addresses_that_others_reach_are_refused():
    with tempfile.TemporaryDirectory() as folder:
        for address in ("0.0.0.0", "::", PUBLIC):
            _, complaint = harness.run_clew("server", "--data", f"{folder}/data", "--listen", address, code=1)
            assert f"listening on {address} lets everyone" in complaint and "--insecure-public" in complaint, complaint
        assert not pathlib.Path(folder, "data").exists()


def test_a_public_server_is_reached_by_all_ports():
    with harness.Server("--listen=0.0.0.0", "--insecure-public") as server:
        assert [name for name in TCP_PORTS if not is_reached(server.ports[name])] == []
        check_spans_come_and_are_found(server, {})
        status, page = ask(server, "GET", "/", "ui")
        assert status == 200 and b"<html" in page, (status, page)
        # It says so where it says where things are.
        assert f"http://0.0.0.0:{server.ports['api']}/" in server.log_text(), server.log_text()
        assert "warning everyone who can reach 0.0.0.0 may read and write" in server.log_text(), server.log_text()


def test_credentials_are_asked_for_and_want_tls():
    warning = "warning credentials come over the network in plain text: give --tls-cert"
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "credentials.yaml")
        path.write_text(f"tenants:\n  shop: {{tokens: [{TOKEN}]}}\n")
        with harness.Server("--listen=0.0.0.0", f"--credentials={path}") as server:
            assert warning in server.log_text(), server.log_text()
            assert ask(server, "GET", "/api/search?q=%7B%7D")[0] == 401
            check_spans_come_and_are_found(server, {"Authorization": f"Bearer {TOKEN}"})
        with harness.Server(f"--credentials={path}") as server:
            assert warning not in server.log_text(), server.log_text()


@contextlib.contextmanager
def edge(*flags):
    """The port of an edge without routes."""
    with tempfile.TemporaryDirectory() as folder:
        routes = pathlib.Path(folder, "edge.yaml")
        routes.write_text("http: {}\n")
        with subprocess.Popen([harness.CLEW, "edge", "--config", routes, "--tracing.jaeger", "false", *flags],
                              stdout=subprocess.PIPE, text=True) as process:
            try:
                address = flags[flags.index("--entrypoints.web.address") + 1].rsplit(":", 1)[0]
                yield int(re.fullmatch(rf"Listening on {re.escape(address)}:(\d+)\n", process.stdout.readline())[1])
            finally:
                process.terminate()


def test_an_edge_is_reached_as_it_was_told():
    with edge("--entrypoints.web.address", "127.0.0.1:0") as port:
        assert is_reached(port, "127.0.0.1") and not is_reached(port)
    with edge("--entrypoints.web.address", "0.0.0.0:0", "--insecure-public") as port:
        assert is_reached(port, "127.0.0.1") and is_reached(port)


if __name__ == "__main__":
    problem = leave_for_a_network_of_its_own()
    if problem:
        print(f"skipped: public addresses, because there is no network namespace to be had here: {problem}")
        sys.exit(0)
    harness.run_tests(globals())
