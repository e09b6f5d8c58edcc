"""`clew load`: what it sends arrives, unchanged, and it notices when that is not so."""
import json
import os
import pathlib
import re
import shlex
import subprocess
import tempfile

import harness

START = "1700000000"


def run_load(server, *flags, code=0):
    """The report of one run, as JSON."""
    protocol = "otlp_http" if "http" in flags else "otlp_grpc"
    command = [harness.CLEW, "load", "--quiet", "--json", "--no-floor",
               "--endpoint", f"http://127.0.0.1:{server.ports[protocol]}",
               "--api", f"http://127.0.0.1:{server.ports['api']}", *flags]
    run = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert run.returncode == code, (run.returncode, run.stdout[-2000:], run.stderr[-2000:])
    return json.loads(run.stdout)


def test_what_is_sent_by_grpc_is_read_back():
    with harness.Server() as server:
        report = run_load(server, "--spans", "20000", "--start", START, "--verify")
        assert report["sent"]["failedSpans"] == 0, report
        assert report["verify"]["ok"] and report["verify"]["spans"] == report["sent"]["spans"], report
        wrong = run_load(server, "--spans", "20000", "--start", START, "--seed", "2",
                         "--verify-only", code=1)
        assert wrong["verify"]["missingSpans"] > 1000 and wrong["verify"]["differences"], wrong


def test_what_is_sent_by_http_is_read_back_with_all_faults():
    with harness.Server() as server:
        report = run_load(server, "--protocol", "http", "--spans", "20000", "--id", "64bit",
                          "--clock-skew", "50ms", "--retry-duplicates", "0.2", "--late", "0.05",
                          "--missing", "0.05", "--verify")
        assert report["sent"]["duplicateBodies"] > 10, report
        assert report["verify"]["ok"], report
        assert report["sent"]["spans"] < 0.97 * report["spans"], report


def test_sequential_ids_over_several_connections_are_read_back():
    with harness.Server() as server:
        report = run_load(server, "--spans", "20000", "--id", "sequential", "--connections", "3", "--verify")
        assert report["verify"]["ok"] and report["verify"]["spans"] == report["sent"]["spans"], report
        found = [trace["traceID"] for trace in json.loads(server.get("/api/search?limit=5")[1])["traces"]]
        # They count up, so the newest have few digits and follow each other.
        numbers = sorted(int(trace_id, 16) for trace_id in found)
        assert numbers[-1] < 1 << 64 and numbers[-1] - numbers[0] < 1000, found


def test_a_paced_load_takes_its_time():
    with harness.Server() as server:
        report = run_load(server, "--rate", "20000", "--simulated-seconds", "3", "--verify")
        assert report["verify"]["ok"], report
        assert 2.5 < report["sent"]["seconds"] < 20, report


def test_nobody_there_is_an_error():
    with harness.Server() as server:
        server.stop()
        report = run_load(server, "--traces", "1", "--give-up-after", "1s", code=1)
        assert report["sent"]["failedSpans"] > 0 and report["sent"]["firstError"], report


def test_the_token_of_the_environment_goes_along():
    with tempfile.TemporaryDirectory() as folder:
        credentials = pathlib.Path(folder) / "credentials.yaml"
        credentials.write_text("tenants: {shop: {tokens: [3f9d1c0a77e2]}}\n")
        with harness.Server("--credentials", str(credentials)) as server:
            refused = run_load(server, "--traces", "3", "--protocol", "http", code=1)
            assert "401" in refused["sent"]["firstError"], refused
            os.environ["CLEW_TOKEN"] = "3f9d1c0a77e2"
            try:
                for seed, protocol in (("2", "grpc"), ("3", "http")):
                    sent = run_load(server, "--traces", "3", "--seed", seed, "--protocol", protocol, "--verify")
                    assert sent["verify"]["ok"], sent
            finally:
                del os.environ["CLEW_TOKEN"]


def test_commands_of_the_document_run():
    text = (harness.ROOT / "docs/load.md").read_text()
    commands = re.findall(r"^    (clew load .*)$", text, re.MULTILINE)
    assert len(commands) >= 4, commands
    with harness.Server() as server:
        for command in commands:
            command = command.replace("4317", str(server.ports["otlp_grpc"])).replace(
                "4318", str(server.ports["otlp_http"])).replace("3200", str(server.ports["api"]))
            words = [harness.CLEW, *shlex.split(command)[1:]]
            if "--api" not in words:
                words += ["--api", f"http://127.0.0.1:{server.ports['api']}"]
            if "--endpoint" not in words:
                words += ["--endpoint", f"http://127.0.0.1:{server.ports['otlp_grpc']}"]
            run = subprocess.run(words, capture_output=True, text=True, timeout=120)
            assert run.returncode == 0, (command, run.stdout[-2000:], run.stderr[-2000:])


if __name__ == "__main__":
    harness.run_tests(globals())
