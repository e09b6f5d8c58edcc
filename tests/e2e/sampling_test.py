"""What Jaeger's clients are told to sample: by default, from a file, and when the file changes."""
import json
import pathlib
import subprocess
import tempfile

import harness

ALL = {"strategyType": "PROBABILISTIC", "probabilisticSampling": {"samplingRate": 1}}


def rate_file(rate):
    return json.dumps({"default_strategy": {"type": "probabilistic", "param": rate}})


def told(server, port_name="jaeger_sampling", path="/sampling", service="shop"):
    status, headers, body = server.request(port_name, "GET", f"{path}?service={service}")
    types = [value for name, value in headers.items() if name.lower() == "content-type"]
    assert status == 200 and types == ["application/json"], (status, headers, body)
    return json.loads(body)


def rate_told(server):
    return told(server)["probabilisticSampling"]["samplingRate"]


def wait_for(server, condition):
    harness.wait_for(condition, server.process, server.folder / "server.log")


def test_without_a_file_all_is_sampled():
    with harness.Server() as server:
        assert told(server) == ALL
        assert told(server, "jaeger_thrift", "/api/sampling") == ALL
        assert server.request("jaeger_sampling", "GET", "/sampling")[0] == 400
        assert server.request("jaeger_sampling", "GET", "/api/traces")[0] == 404


def test_a_file_that_changes_is_read_again_and_a_wrong_one_is_not_taken():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "strategies.json"
        path.write_text(rate_file(0.5))
        with harness.Server("--sampling-strategies", str(path)) as server:
            assert rate_told(server) == 0.5
            path.write_text(rate_file(0.25))
            wait_for(server, lambda: rate_told(server) == 0.25)
            path.write_text(rate_file(25))
            wait_for(server, lambda: "expected a rate from 0 to 1 at byte" in server.log_text())
            assert rate_told(server) == 0.25
            path.write_text(rate_file(0.125))
            wait_for(server, lambda: rate_told(server) == 0.125)


def test_an_operation_that_is_limited_to_so_many_a_second_is_left_out_and_named():
    operations = [{"operation": "GET /health", "type": "ratelimiting", "param": 3},
                  {"operation": "POST /buy", "type": "probabilistic", "param": 1}]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "strategies.json"
        path.write_text(json.dumps({"service_strategies": [
            {"service": "shop", "type": "probabilistic", "param": 0.5, "operation_strategies": operations}]}))
        with harness.Server("--sampling-strategies", str(path)) as server:
            assert told(server)["operationSampling"]["perOperationStrategies"] == [
                {"operation": "POST /buy", "probabilisticSampling": {"samplingRate": 1}}]
            assert rate_told(server) == 0.5
            assert "left out are 'GET /health'" in server.log_text(), server.log_text()


def test_a_wrong_file_at_the_start_is_one_sentence_and_exit_1():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "strategies.json"
        path.write_text("{")
        free = [f"--port-{name}=0" for name in harness.PORTS]
        done = subprocess.run([harness.CLEW, "server", "--data", folder + "/d", *free, "--sampling-strategies", path],
                              capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 1, done
        assert str(path) in done.stderr and "sampling strategies" in done.stderr, done.stderr


if __name__ == "__main__":
    harness.run_tests(globals())
