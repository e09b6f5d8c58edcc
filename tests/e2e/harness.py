"""Starts the real programs on free ports in temporary folders and talks to them from outside."""
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

import exposition

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/release"
CLEW = BUILD / "apps/clew/clew"
START_SECONDS = 30
PORTS = ("api", "ui", "otlp-grpc", "otlp-http", "jaeger-thrift", "jaeger-grpc",
         "jaeger-sampling", "jaeger-compact", "jaeger-binary", "zipkin")
# A sanitizer keeps several bytes for each of the program's, so memory is not judged under one.
CACHE = BUILD / "CMakeCache.txt"
SANITIZED = CACHE.exists() and re.search(r"^CLEW_SANITIZE:STRING=.", CACHE.read_text(), re.MULTILINE) is not None


class Server:
    """One `clew server` in a folder of its own; restartable on the same data."""

    def __init__(self, *flags, data=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clew-test-"))
        self.data = data or self.folder / "data"
        # A test that says it itself means it.
        own = {str(flag).split("=")[0] for flag in flags}
        more = [flag for flag in os.environ.get("CLEW_SERVER_FLAGS", "").split() if flag.split("=")[0] not in own]
        self.flags = (*flags, *more)
        self.process = None
        self.ports = {}
        self.start()

    def start(self):
        ports_file = self.folder / "ports.json"
        ports_file.unlink(missing_ok=True)
        free = [f"--port-{name}=0" for name in PORTS
                if not any(str(flag).startswith(f"--port-{name}=") for flag in self.flags)]
        self.log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen(
            [CLEW, "server", "--data", self.data, "--ports-file", ports_file, *free, *self.flags],
            stdout=self.log, stderr=subprocess.STDOUT)
        wait_for(ports_file.exists, self.process, self.folder / "server.log")
        self.ports = json.loads(ports_file.read_text())
        wait_for(lambda: self.get("/ready")[0] == 200, self.process, self.folder / "server.log")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def stop(self):
        """Ends it as an operator would and returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        self.log.close()
        return code

    def log_text(self):
        return (self.folder / "server.log").read_text(errors="replace")

    def request(self, port_name, method, path, body=None, headers=None, address="127.0.0.1"):
        """(status, headers, body) of one request on a connection of its own."""
        connection = http.client.HTTPConnection(address, self.ports[port_name], timeout=30)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        finally:
            connection.close()

    def get(self, path, accept="application/json"):
        status, _, body = self.request("api", "GET", path, headers={"Accept": accept})
        return status, body

    def get_json(self, path):
        status, body = self.get(path)
        return status, json.loads(body) if status == 200 else None

    def metric(self, name, headers=None, **labels):
        """The sum of the samples of /metrics with that name and these labels."""
        status, _, body = self.request("api", "GET", "/metrics", headers=headers)
        assert status == 200, (status, body)
        return exposition.total(exposition.parse(body.decode()), name, **labels)

    def search(self, query):
        status, body = self.get("/api/search?" + query)
        assert status == 200, (status, body)
        return json.loads(body).get("traces", [])

    def trace_spans(self, trace_id):
        """Every span of a trace as (service name, span JSON); empty when there is none."""
        status, body = self.get(f"/api/traces/{trace_id}")
        if status == 404:
            return []
        assert status == 200, (status, body)
        return [(attributes(batch.get("resource", {})).get("service.name"), span)
                for batch in json.loads(body)["batches"]
                for scope in batch.get("scopeSpans", [])
                for span in scope.get("spans", [])]

    def export(self, body, headers=None):
        """Sends an OTLP protobuf body over HTTP."""
        fields = {"Content-Type": "application/x-protobuf", **(headers or {})}
        return self.request("otlp_http", "POST", "/v1/traces", body, fields)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.process.poll() is None:
            self.kill()
        if error[0] is not None:
            print(self.log_text()[-4000:])
        shutil.rmtree(self.folder, ignore_errors=True)


def run_clew(*arguments, code=0):
    """What a subcommand that ends by itself prints, and what it complains of."""
    run = subprocess.run([CLEW, *arguments], capture_output=True, timeout=60)
    assert run.returncode == code, (run.returncode, run.stdout, run.stderr)
    return run.stdout.decode(), run.stderr.decode()


def of_server(server):
    """Flags that make a subcommand ask the server."""
    return "--server", f"http://127.0.0.1:{server.ports['api']}"


def of_data(server):
    """Flags that make it read the server's directory."""
    return "--data", str(server.data)


def attributes(holder):
    """The attributes of a JSON resource, span or event as a plain dictionary."""
    def value(any_value):
        if "arrayValue" in any_value:
            return [value(item) for item in any_value["arrayValue"].get("values", [])]
        if "intValue" in any_value:
            return int(any_value["intValue"])
        return next(iter(any_value.values()), None)
    return {item["key"]: value(item["value"]) for item in holder.get("attributes", [])}


def wait_for(condition, process, log, seconds=START_SECONDS):
    """Polls until the condition holds; fails with the log when the process ends first."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise AssertionError(f"ended with {process.returncode}: {log.read_text(errors='replace')}")
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.01)
    raise AssertionError(f"not ready after {seconds} s: {log.read_text(errors='replace')}")


# --- OTLP by hand, so that the tests share no code with the server -------------

def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number, payload):
    """A length-delimited protobuf field."""
    if isinstance(payload, str):
        payload = payload.encode()
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def string_attribute(key, value):
    return field(1, key) + field(2, field(1, value))


def otlp_span(trace_id, span_id, name="op", start=None, duration=1_000_000, parent=b""):
    start = start if start is not None else time.time_ns()
    return (field(1, trace_id) + field(2, span_id) + field(4, parent) + field(5, name) + b"\x30\x02" +
            b"\x39" + struct.pack("<Q", start) + b"\x41" + struct.pack("<Q", start + duration) +
            field(9, string_attribute("k", "v")))


def otlp_request(spans, service="test"):
    resource = field(1, string_attribute("service.name", service))
    return field(1, field(1, resource) + field(2, b"".join(field(2, span) for span in spans)))


def run_tests(module_globals):
    """Runs every test_* function of the calling file, in order."""
    tests = [(name, test) for name, test in module_globals.items() if name.startswith("test_")]
    failed = 0
    for name, test in tests:
        try:
            test()
            print(f"ok   {name}", flush=True)
        except Exception as error:  # pylint: disable=broad-except
            failed += 1
            import traceback
            traceback.print_exc()
            print(f"FAIL {name}: {error}", flush=True)
    print(f"{len(tests) - failed} passed, {failed} failed")
    sys.exit(failed != 0 or not tests)
