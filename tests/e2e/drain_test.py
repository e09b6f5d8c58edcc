"""SIGTERM under load: /ready says so first, what was accepted is answered, and what was acknowledged is there."""
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import threading
import time

import harness

SPANS_PER_BODY = 3


class Sender(threading.Thread):
    """Sends bodies one after another on one connection for as long as the server wants them."""

    def __init__(self, port):
        super().__init__()
        self.port = port
        self.acked = []
        self.broken = []  # requests on a connection that had served one, without an answer

    def run(self):
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                if not self.send_all(connection):
                    return
            except ConnectionRefusedError:
                return
            finally:
                connection.close()

    def send_all(self, connection):
        """False when the server has gone, true when it closed this connection and said so."""
        served = 0
        while True:
            trace_id = os.urandom(16)
            spans = [harness.otlp_span(trace_id, os.urandom(8)) for _ in range(SPANS_PER_BODY)]
            try:
                connection.request("POST", "/v1/traces", harness.otlp_request(spans),
                                   {"Content-Type": "application/x-protobuf"})
                response = connection.getresponse()
                response.read()
            except ConnectionRefusedError:
                raise
            except (OSError, http.client.HTTPException) as error:
                # The kernel may still greet whom nobody accepts any more.
                if served > 0:
                    self.broken.append(repr(error))
                return False
            assert response.status in (200, 503), response.status
            if response.status == 200:
                self.acked.append(trace_id)
            served += 1
            if response.getheader("Connection") == "close":
                return True


def test_under_load_nothing_that_was_accepted_is_broken_off_or_lost():
    with harness.Server() as server:
        acked = []
        for _ in range(5):
            senders = [Sender(server.ports["otlp_http"]) for _ in range(8)]
            for sender in senders:
                sender.start()
            while any(len(sender.acked) < 5 for sender in senders):
                time.sleep(0.005)
            assert server.stop() == 0, server.log_text()
            for sender in senders:
                sender.join()
                assert sender.broken == [], sender.broken
                acked += sender.acked
            server.start()
        assert len(acked) > 200, len(acked)
        for trace_id in acked:
            assert len(server.trace_spans(trace_id.hex())) == SPANS_PER_BODY, trace_id.hex()


def test_a_load_over_grpc_goes_on_at_the_next_server():
    ports = {name: free_port() for name in ("api", "otlp-grpc")}
    with harness.Server(*(f"--port-{name}={port}" for name, port in ports.items())) as server:
        load = subprocess.Popen(
            [harness.CLEW, "load", "--quiet", "--json", "--no-floor", "--rate", "10000", "--simulated-seconds", "4",
             "--endpoint", f"http://127.0.0.1:{ports['otlp-grpc']}", "--api", f"http://127.0.0.1:{ports['api']}",
             "--verify"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            while server.metric("clew_ingest_accepted_spans_total") == 0:
                assert load.poll() is None, load.communicate()
                time.sleep(0.02)
            assert server.stop() == 0, server.log_text()
            server.start()
            text, errors = load.communicate(timeout=120)
        finally:
            load.kill()
        assert load.returncode == 0, (text, errors)
        report = json.loads(text)
        assert report["verify"]["ok"] and report["sent"]["failedSpans"] == 0, report


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_request_that_is_on_its_way_is_finished():
    with harness.Server() as server:
        trace_id = os.urandom(16)
        body = harness.otlp_request([harness.otlp_span(trace_id, os.urandom(8))])
        head = (f"POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\n"
                f"Content-Length: {len(body)}\r\n\r\n").encode()
        with socket.create_connection(("127.0.0.1", server.ports["otlp_http"]), timeout=30) as peer:
            peer.sendall(head + body[:10])
            probe = http.client.HTTPConnection("127.0.0.1", server.ports["otlp_http"], timeout=30)
            probe.request("GET", "/")  # after its answer the server has seen what came before
            probe.getresponse().read()
            probe.close()
            server.process.send_signal(signal.SIGTERM)
            while not refused(server.ports["otlp_http"]):
                time.sleep(0.01)
            peer.sendall(body[10:])
            answer = b""
            while piece := peer.recv(4096):
                answer += piece
        assert answer.startswith(b"HTTP/1.1 200") and b"Connection: close" in answer, answer
        assert server.process.wait(timeout=30) == 0
        server.start()
        assert len(server.trace_spans(trace_id.hex())) == 1


def refused(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=30).close()
        return False
    except OSError:
        return True


def test_ready_says_so_before_anything_is_closed():
    with harness.Server("--shutdown-delay", "2s") as server:
        server.process.send_signal(signal.SIGTERM)
        while server.get("/ready")[0] == 200:
            time.sleep(0.01)
        assert server.get("/ready") == (503, b"Application is stopping\n")
        assert server.export(harness.otlp_request([harness.otlp_span(b"\x01" * 16, b"\x01" * 8)]))[0] == 200
        assert server.get("/api/search?limit=1")[0] == 200
        assert server.process.wait(timeout=30) == 0
        server.start()
        assert len(server.trace_spans("01" * 16)) == 1


def test_a_service_manager_is_told():
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        path = pathlib.Path(folder) / "notify"
        manager.bind(str(path))
        manager.settimeout(30)
        os.environ["NOTIFY_SOCKET"] = str(path)
        try:
            with harness.Server() as server:
                assert manager.recv(100) == b"READY=1"
                server.process.send_signal(signal.SIGTERM)
                assert manager.recv(100) == b"STOPPING=1"
                assert server.process.wait(timeout=30) == 0
        finally:
            del os.environ["NOTIFY_SOCKET"]


if __name__ == "__main__":
    harness.run_tests(globals())
