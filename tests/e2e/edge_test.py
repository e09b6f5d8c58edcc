"""The edge from outside: routing, headers, streaming, errors, and the spans it leaves."""
import contextlib
import http.client
import http.server
import json
import pathlib
import re
import socket
import subprocess
import tempfile
import threading
import time

import harness


class Upstream(http.server.BaseHTTPRequestHandler):
    """Answers with what it received; /slow never answers in time."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/slow":
            time.sleep(3)
        if self.path == "/fail":
            return self.answer(500, b"broken")
        if self.path == "/chunked":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.send_header("Connection", "X-Secret")
            self.send_header("X-Secret", "for this hop only")
            self.end_headers()
            for _ in range(64):
                self.wfile.write(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
            return self.wfile.write(b"0\r\n\r\n")
        return self.answer(200, json.dumps({"path": self.path, "headers": dict(self.headers)}).encode())

    def do_POST(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            size = 0
            while (length := int(self.rfile.readline(), 16)) > 0:
                size += len(self.rfile.read(length))
                self.rfile.readline()
            self.rfile.readline()
        else:
            size = len(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(200, str(size).encode())

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


CONFIG = """
http:
  routers:
    echo: {{ rule: "Host(`echo.localhost`)", entryPoints: [web], service: echo }}
    gone: {{ rule: "Host(`gone.localhost`)", service: gone }}
    none: {{ rule: "Host(`none.localhost`)", service: none }}
  services:
    echo: {{ loadBalancer: {{ servers: [ {{ url: "http://127.0.0.1:{upstream}" }} ] }} }}
    gone: {{ loadBalancer: {{ servers: [ {{ url: "http://127.0.0.1:{closed}" }} ] }} }}
    none: {{ loadBalancer: {{ servers: [] }} }}
"""


class Edge:
    """An edge in front of the upstream, with a server that receives its spans."""

    def __init__(self, server, upstream_port, *flags):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            closed = probe.getsockname()[1]
        self.folder = tempfile.TemporaryDirectory()
        config = pathlib.Path(self.folder.name, "edge.yaml")
        config.write_text(CONFIG.format(upstream=upstream_port, closed=closed))
        self.log_path = pathlib.Path(self.folder.name, "edge.log")
        self.log = open(self.log_path, "wb")
        collector = f"http://127.0.0.1:{server.ports['jaeger_thrift']}/api/traces?format=jaeger.thrift"
        self.process = subprocess.Popen(
            [harness.CLEW, "edge", "--config", config, "--entrypoints.web.address", "127.0.0.1:0",
             "--tracing.jaeger=true", f"--tracing.jaeger.collector.endpoint={collector}", *flags],
            stdout=self.log, stderr=subprocess.STDOUT)
        harness.wait_for(lambda: "Listening" in self.log_path.read_text(), self.process, self.log_path)
        self.port = int(re.search(r"Listening on .*:(\d+)", self.log_path.read_text()).group(1))

    def request(self, method, path, host="echo.localhost", body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body=body, headers={"Host": host, **(headers or {})})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()

    def stop(self):
        """Ends it; its last spans are delivered before it does."""
        self.process.terminate()
        code = self.process.wait(timeout=30)
        self.log.close()
        self.folder.cleanup()
        return code


@contextlib.contextmanager
def edge_and_server(*flags):
    upstream = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    with harness.Server() as server:
        edge = Edge(server, upstream.server_port, *flags)
        try:
            yield edge, server
        finally:
            if edge.process.poll() is None:
                edge.process.kill()
                edge.process.wait()
            upstream.shutdown()
            upstream.server_close()


def test_it_forwards_and_sets_the_forwarded_headers():
    with edge_and_server() as (edge, _):
        status, _, body = edge.request("GET", "/a?b=c", headers={
            "Connection": "X-Hop", "X-Hop": "1", "Keep-Alive": "5", "X-Forwarded-For": "6.6.6.6", "X-Kept": "yes"})
        received = json.loads(body)
        headers = {name.lower(): value for name, value in received["headers"].items()}
        assert status == 200 and received["path"] == "/a?b=c"
        assert headers["x-forwarded-for"] == headers["x-real-ip"] == "127.0.0.1"
        assert headers["x-forwarded-host"] == headers["host"] == "echo.localhost"
        assert headers["x-forwarded-proto"] == "http" and headers["x-kept"] == "yes"
        assert "x-hop" not in headers and "keep-alive" not in headers
        assert re.fullmatch(r"[0-9a-f]{16}:[0-9a-f]{16}:[0-9a-f]{16}:1", headers["uber-trace-id"])


def test_bodies_are_streamed_both_ways():
    with edge_and_server() as (edge, _):
        status, headers, body = edge.request("GET", "/chunked")
        assert (status, len(body)) == (200, 1 << 20) and "X-Secret" not in headers, (status, len(body), headers)
        assert edge.request("POST", "/", body=b"y" * (1 << 20))[2] == b"1048576"
        pieces = (b"z" * 1000 for _ in range(1000))
        assert edge.request("POST", "/", body=pieces)[2] == b"1000000"


def test_http2_in_front():
    with edge_and_server() as (edge, _):
        output = subprocess.run(
            ["curl", "-sS", "--http2-prior-knowledge", "--max-time", "10", "-H", "Host: echo.localhost",
             "-w", "%{http_version} %{http_code}", "-d", "12345", f"http://127.0.0.1:{edge.port}/"],
            capture_output=True, text=True, check=False)
        assert output.stdout == "52 200", output


def test_its_own_errors_are_traefiks():
    with edge_and_server("--upstream-timeout-ms", "500") as (edge, _):
        assert edge.request("GET", "/", host="unknown.localhost")[::2] == (404, b"404 page not found\n")
        assert edge.request("GET", "/", host="gone.localhost")[::2] == (502, b"Bad Gateway")
        assert edge.request("GET", "/", host="none.localhost")[0] == 503
        assert edge.request("GET", "/slow")[::2] == (504, b"Gateway Timeout")


def edge_spans(server, trace_id):
    return {span["name"]: (span, harness.attributes(span)) for _, span in server.trace_spans(trace_id)}


def test_an_inbound_trace_is_continued_and_an_unsampled_one_is_not_recorded():
    with edge_and_server() as (edge, server):
        inbound = "0123456789abcdef0123456789abcdef:00000000000000aa:0:1"
        headers = json.loads(edge.request("GET", "/x?y=1", headers={"uber-trace-id": inbound})[2])["headers"]
        passed_on = next(value for name, value in headers.items() if name.lower() == "uber-trace-id")
        assert passed_on.startswith("0123456789abcdef0123456789abcdef:") and passed_on.endswith(":1")
        edge.request("GET", "/", headers={"uber-trace-id": "dead:1:0:0"})
        assert edge.stop() == 0
        spans = edge_spans(server, "0123456789abcdef0123456789abcdef")
        entry, tags = spans["EntryPoint web echo.localhost"]
        assert tags == {"component": "traefik", "http.method": "GET", "http.url": "/x?y=1",
                        "http.host": "echo.localhost", "http.status_code": 200}, tags
        forward, tags = spans["forward echo@file/echo@file"]
        assert forward["parentSpanId"] == entry["spanId"] and tags["traefik.router.name"] == "echo@file"
        assert server.trace_spans("dead") == []


def test_an_upstream_error_marks_both_spans():
    with edge_and_server() as (edge, server):
        assert edge.request("GET", "/fail", headers={"uber-trace-id": "beef:1:0:1"})[0] == 500
        assert edge.stop() == 0
        spans = edge_spans(server, "beef")
        assert len(spans) == 2, spans
        assert all(span["status"]["code"] == "STATUS_CODE_ERROR" for span, _ in spans.values()), spans


def refused(*flags):
    done = subprocess.run([harness.CLEW, "edge", *flags], capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 1, done
    return done.stderr


def test_what_is_wrong_at_the_start_is_said_in_one_sentence():
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "edge.yaml")
        config.write_text("http:\n  routers: {}\n  middlewares: {}\n")
        assert "edge.yaml:3: unknown key 'middlewares'" in refused("--config", config)
        config.write_text("http: {}\n")
        assert "--insecure-public" in refused("--config", config, "--entrypoints.web.address", "0.0.0.0:0")
        assert "cannot read the routes" in refused("--config", folder + "/absent.yaml")


if __name__ == "__main__":
    harness.run_tests(globals())
