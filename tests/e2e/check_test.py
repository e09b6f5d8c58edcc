"""`clew check`: all is well with a healthy server and across its restarts, and what is lost, doubled or changed
is seen and counted."""
import collections
import contextlib
import http.client
import http.server
import json
import re
import shlex
import shutil
import signal
import socket
import subprocess
import threading
import time

import harness


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def server_of_fixed_ports():
    """One that can be found again when it is started again."""
    return harness.Server(f"--port-api={free_port()}", f"--port-otlp-http={free_port()}")


def flags_of(server, otlp=None):
    return (*harness.of_server(server), "--interval", "50ms",
            "--otlp", f"http://127.0.0.1:{otlp or server.ports['otlp_http']}")


def run_check(*flags, code=0):
    """The report of a run that ends by itself."""
    text, _ = harness.run_clew("check", "--json", *flags, code=code)
    return json.loads(text)


class Check:
    """A run without an end, that can be asked how it goes."""

    def __init__(self, *flags):
        self.process = subprocess.Popen([harness.CLEW, "check", "--json", "--forever", "--metrics-port", "0", *flags],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        self.port = int(re.search(r":(\d+)/metrics", line)[1])

    def metrics_text(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", "/metrics")
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def metric(self, name):
        return float(re.search(rf"^{re.escape(name)} (\S+)$", self.metrics_text(), re.MULTILINE)[1])

    def acked(self):
        return self.metric("clew_check_acked_spans_total")

    def wait_until(self, condition):
        end = time.monotonic() + 60
        while not condition():
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < end, self.metrics_text()
            time.sleep(0.02)

    def wait_for_more(self, spans=40):
        before = self.acked()
        self.wait_until(lambda: self.acked() >= before + spans)

    def end(self, code):
        self.process.send_signal(signal.SIGTERM)
        text, errors = self.process.communicate(timeout=60)
        assert self.process.returncode == code, (self.process.returncode, text, errors)
        return json.loads(text)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


class Handler(http.server.BaseHTTPRequestHandler):
    """Of a proxy; a class of each has `treat`."""
    protocol_version = "HTTP/1.1"

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def listening(handler):
    """The port on which somebody answers so."""
    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    listener.daemon_threads = True
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    try:
        yield listener.server_address[1]
    finally:
        listener.shutdown()
        thread.join()
        listener.server_close()


def proxy(server, treat):
    """A receiver on a port of its own that hands a body on as `treat(send, body)` says, where send(body) is the
    server's status; None closes the connection without an answer."""
    class Receiver(Handler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = treat(lambda given: server.export(given)[0], body)
            if status is None:
                self.close_connection = True
            else:
                self.answer(status)

    return listening(Receiver)


def lying_api(server, lies):
    """The query API on a port of its own, with another answer to those paths of which `lies` has a function that makes
    it of the true one."""
    class Api(Handler):
        def do_GET(self):
            headers = {"Accept": self.headers["Accept"]}
            status, _, body = server.request("api", "GET", self.path, headers=headers)
            lie = lies.get(self.path.split("?")[0])
            self.answer(status, lie(body) if lie else body)

    return listening(Api)


def stored_spans(server, report):
    """What a count finds of a run."""
    now = time.time_ns()
    query = f'{{ resource.clew.check.run = "{report["run"]}" }} | count_over_time()'
    path = f"/api/metrics/query_range?exemplars=0&step=3600s&start={now - 600 * 10**9}&end={now}&q="
    status, answer = server.get_json(path + http_quote(query))
    assert status == 200, status
    return sum(sample["value"] for series in answer["series"] for sample in series["samples"])


def http_quote(text):
    return "".join(char if char.isalnum() else f"%{ord(char):02X}" for char in text)


def test_a_healthy_server_passes_over_http_and_grpc():
    with harness.Server() as server:
        over_http = run_check(*flags_of(server), "--duration", "1s")
        over_grpc = run_check(*flags_of(server, server.ports["otlp_grpc"]), "--protocol", "grpc", "--duration", "1s")
        for report in (over_http, over_grpc):
            assert report["ok"] and report["ackedSpans"] == report["writtenSpans"] > 0, report
            assert report["visibleDelayMs"]["count"] == report["traces"], report
            assert report["unavailableSeconds"] == 0 and report["problems"] == [], report
            assert stored_spans(server, report) == report["ackedSpans"], report


def test_a_killed_server_is_waited_for_and_has_lost_nothing():
    with server_of_fixed_ports() as server, Check(*flags_of(server)) as check:
        for _ in range(3):
            check.wait_for_more()
            server.kill()
            away = check.metric("clew_check_unavailable_seconds_total")
            check.wait_until(lambda: check.metric("clew_check_unavailable_seconds_total") > away)
            server.start()
        check.wait_for_more()
        report = check.end(code=0)
        assert report["ok"] and report["lostSpans"] == report["duplicatedSpans"] == 0, report
        assert report["unavailableSeconds"] > 0, report
        assert stored_spans(server, report) == report["ackedSpans"] == report["writtenSpans"], report


def test_a_lost_data_directory_is_loss():
    with server_of_fixed_ports() as server, Check(*flags_of(server), "--visible-within", "1s") as check:
        check.wait_for_more()
        before = check.acked()
        server.kill()
        shutil.rmtree(server.data)
        server.start()
        check.wait_until(lambda: check.acked() >= before + 40)
        report = check.end(code=1)
        assert report["lostSpans"] >= before, (before, report)
        assert report["lostSpans"] == report["ackedSpans"] - stored_spans(server, report), report
        assert report["failures"]["lost"] > 0, report
        assert any("is missing" in problem for problem in report["problems"]), report


def test_a_deleted_trace_is_loss():
    with harness.Server() as server, Check(*flags_of(server)) as check:
        check.wait_for_more()
        deleted = server.search("limit=1")[0]["traceID"]
        spans = len(server.trace_spans(deleted))
        harness.run_clew("delete", *harness.of_server(server), "--trace", deleted, "--yes")
        check.wait_for_more()
        report = check.end(code=1)
        # It may have been only half there when it was deleted.
        assert 0 < spans <= report["lostSpans"] <= 12, (spans, report)
        assert deleted.rjust(32, "0") in report["problems"][0], report


def test_a_body_that_is_stored_twice_is_duplication():
    def twice(send, body):
        send(body)
        return send(body + b"\x0a\x00")  # other bytes, the same spans

    with harness.Server() as server, proxy(server, twice) as port:
        report = run_check(*flags_of(server, port), "--duration", "500ms", code=1)
        assert report["duplicatedSpans"] == report["ackedSpans"] > 0, report
        assert report["lostSpans"] == report["wrongSpans"] == 0, report


def test_a_body_that_is_acknowledged_and_dropped_is_loss():
    with harness.Server() as server, proxy(server, lambda send, body: 200) as port:
        report = run_check(*flags_of(server, port), "--visible-within", "200ms", "--duration", "500ms", code=1)
        assert report["lostSpans"] == report["ackedSpans"] > 0, report


def test_a_changed_span_is_wrong():
    def change(send, body):
        return send(body.replace(b"clew-check", b"clew-other"))

    with harness.Server() as server, proxy(server, change) as port:
        report = run_check(*flags_of(server, port), "--duration", "500ms", code=1)
        assert report["wrongSpans"] == report["ackedSpans"] > 0, report
        assert report["lostSpans"] == report["duplicatedSpans"] == 0, report
        assert "clew-other" in report["problems"][0], report


def test_what_is_sent_again_for_want_of_an_answer_is_there_once():
    times = collections.Counter()

    def answer_the_second_time(send, body):
        status = send(body)
        times[body] += 1
        return status if times[body] > 1 else None

    with harness.Server() as server, proxy(server, answer_the_second_time) as port:
        report = run_check(*flags_of(server, port), "--duration", "1s")
        assert set(times.values()) == {2} and len(times) == 2 * report["traces"] > 0, (times, report)
        assert report["ok"] and stored_spans(server, report) == report["ackedSpans"], report


def counted(answer, change):
    """The answer to a count, with its numbers changed."""
    answer = json.loads(answer)
    for series in answer["series"]:
        for sample in series["samples"]:
            sample["value"] = change(sample["value"])
    return json.dumps(answer).encode()


def check_lies(lies, failures, words):
    """A run against an API that lies, as JSON and as text, ends with 1 and names these failures and no other."""
    with harness.Server() as server, lying_api(server, lies) as port:
        flags = ("--server", f"http://127.0.0.1:{port}", "--otlp", f"http://127.0.0.1:{server.ports['otlp_http']}",
                 "--interval", "50ms", "--visible-within", "200ms", "--duration", "500ms")
        report = run_check(*flags, code=1)
        found = {name: times for name, times in report["failures"].items() if times > 0}
        assert not report["ok"] and set(found) == set(failures), report
        assert all(times >= report["traces"] > 0 for times in found.values()), report
        assert report["lostSpans"] == report["wrongSpans"] == report["inDoubtSpans"] == 0, report
        assert words in report["problems"][0], report["problems"]
        text, _ = harness.run_clew("check", *flags, code=1)
        for name in failures:
            assert re.search(rf"^FAILED +{name}, \d+ times?$", text, re.MULTILINE), text
        assert words in text, text
        return report


def test_a_trace_that_no_search_finds_is_a_failure():
    report = check_lies({"/api/search": lambda _: b'{"traces":[]}'}, ["not_found"], "is in no search")
    assert report["failures"]["not_found"] == report["traces"], report
    # Another trace in its place is none.
    another = json.dumps({"traces": [{"traceID": "0123456789abcdef0123456789abcdef"}]}).encode()
    check_lies({"/api/search": lambda _: another}, ["not_found"], "is in no search")


def test_spans_that_are_left_out_of_a_count_are_a_failure():
    def one_less(answer):
        return counted(answer, lambda value: max(value - 1, 0))

    report = check_lies({"/api/metrics/query_range": one_less}, ["miscounted"], "spans, and a count finds")
    # Of each trace, and of the whole run at its end.
    assert report["failures"]["miscounted"] == report["traces"] + 1, report
    assert report["duplicatedSpans"] == 0, report


def test_spans_that_a_count_has_twice_are_duplicates():
    def twice(answer):
        return counted(answer, lambda value: 2 * value)

    report = check_lies({"/api/metrics/query_range": twice}, ["duplicated"], "spans, and a count finds")
    assert report["duplicatedSpans"] == report["ackedSpans"], report


def test_answers_that_are_none_are_failures():
    check_lies({"/api/search": lambda _: b"<html>"}, ["unread"], "is no JSON")
    check_lies({"/api/metrics/query_range": lambda _: b"{}"}, ["unread"], "has no list of series")


def test_metrics_count_what_no_search_finds():
    with harness.Server() as server, lying_api(server, {"/api/search": lambda _: b'{"traces":[]}'}) as port, \
            Check("--server", f"http://127.0.0.1:{port}", "--otlp", f"http://127.0.0.1:{server.ports['otlp_http']}",
                  "--interval", "50ms", "--visible-within", "100ms") as check:
        check.wait_until(lambda: check.metric('clew_check_failures_total{reason="not_found"}') >= 3)
        assert check.metric("clew_check_last_success_timestamp_seconds") == 0
        assert check.metric("clew_check_lost_spans_total") == 0
        check.end(code=1)


def test_a_server_that_refuses_or_is_not_there_fails_the_check():
    with harness.Server() as server, proxy(server, lambda send, body: 400) as port:
        report = run_check(*flags_of(server, port), "--duration", "200ms", code=1)
        assert report["failures"]["refused"] > 0 and report["ackedSpans"] == 0, report
        away = run_check(*flags_of(server, free_port()), "--duration", "10s", "--patience", "200ms", code=1)
        assert away["failures"]["unavailable"] == 1 and away["unavailableSeconds"] > 0, away
    assert "is not a URL" in harness.run_clew("check", "--server", "nowhere", code=1)[1]


def test_metrics_say_how_it_goes():
    with harness.Server() as server, Check(*flags_of(server)) as check:
        check.wait_for_more()
        check.wait_until(lambda: check.metric("clew_check_last_success_timestamp_seconds") > 0)
        text = check.metrics_text()
        assert "# TYPE clew_check_visible_delay_seconds histogram" in text, text
        assert check.metric('clew_check_visible_delay_seconds_bucket{le="+Inf"}') > 0
        assert abs(check.metric("clew_check_last_success_timestamp_seconds") - time.time()) < 60
        for name in ("lost", "duplicated"):
            assert check.metric(f"clew_check_{name}_spans_total") == 0
            assert check.metric(f'clew_check_failures_total{{reason="{name}"}}') == 0
        assert check.end(code=0)["ok"]


def test_a_tenant_has_a_token_and_a_check():
    with harness.Server("--multitenancy") as server:
        assert run_check(*flags_of(server), "--duration", "200ms", code=1)["failures"]["refused"] > 0
        report = run_check(*flags_of(server), "--tenant", "shop", "--duration", "200ms")
        assert report["ok"], report


def test_commands_of_the_document_run():
    text = (harness.ROOT / "docs/check.md").read_text()
    commands = re.findall(r"^    (clew check.*)$", text, re.MULTILINE)
    assert len(commands) >= 2, commands
    with harness.Server() as server:
        for command in commands:
            for asked, name in (("4317", "otlp_grpc"), ("4318", "otlp_http"), ("3200", "api")):
                command = command.replace(asked, str(server.ports[name]))
            words = [harness.CLEW, *shlex.split(command)[1:]]
            if "--otlp" not in words:
                words += ["--otlp", f"http://127.0.0.1:{server.ports['otlp_http']}"]
            if "--server" not in words:
                words += ["--server", f"http://127.0.0.1:{server.ports['api']}"]
            if "--forever" in words:
                words[words.index("--metrics-port") + 1] = "0"
                with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
                    process.stderr.readline()
                    process.send_signal(signal.SIGINT)
                    text, errors = process.communicate(timeout=60)
                assert process.returncode == 0, (command, text, errors)
            else:
                run = subprocess.run(words, capture_output=True, text=True, timeout=120)
                assert run.returncode == 0, (command, run.stdout, run.stderr)
                assert re.search(r"^lost +0 spans$", run.stdout, re.MULTILINE), run.stdout


if __name__ == "__main__":
    harness.run_tests(globals())
