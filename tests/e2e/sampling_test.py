"""What Jaeger's clients are told to sample: by default, from a file, and when the file changes."""
import json
import pathlib
import subprocess
import tempfile

import grpc_calls
import harness

ALL = {"strategyType": "PROBABILISTIC", "probabilisticSampling": {"samplingRate": 1}}


def rate_file(rate):
    return json.dumps({"default_strategy": {"type": "probabilistic", "param": rate}})


def told(server, port_name="jaeger_sampling", path="/sampling", service="shop"):
    status, headers, body = server.request(port_name, "GET", f"{path}?service={service}")
    types = [value for name, value in headers.items() if name.lower() == "content-type"]
    assert status == 200 and types == ["application/json"], (status, headers, body)
    return json.loads(body)


def told_by_grpc(server, service="shop"):
    answer = grpc_calls.call(server, "jaeger_grpc", grpc_calls.GET_SAMPLING_STRATEGY, {"service_name": service})
    assert answer["code"] == grpc_calls.OK, answer
    return answer["message"]


def rate_told(server):
    return told(server)["probabilisticSampling"]["samplingRate"]


def wait_for(server, condition):
    harness.wait_for(condition, server.process, server.folder / "server.log")


def test_without_a_file_all_is_sampled():
    with harness.Server() as server:
        assert told(server) == ALL
        assert told(server, "jaeger_thrift", "/api/sampling") == ALL
        over_grpc = told_by_grpc(server)
        assert over_grpc["strategy_type"] == "PROBABILISTIC", over_grpc
        assert over_grpc["probabilistic_sampling"] == {"sampling_rate": 1}, over_grpc
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


def test_the_grpc_port_of_jaeger_tells_the_same():
    operations = [{"operation": "POST /buy", "type": "probabilistic", "param": 0.25}]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "strategies.json"
        path.write_text(json.dumps({
            "default_strategy": {"type": "probabilistic", "param": 0.125},
            "service_strategies": [
                {"service": "shop", "type": "probabilistic", "param": 0.5, "operation_strategies": operations},
                {"service": "crawler", "type": "ratelimiting", "param": 5}]}))
        with harness.Server("--sampling-strategies", str(path)) as server:
            unknown, crawler, shop = (told_by_grpc(server, service) for service in ("unknown", "crawler", "shop"))
            assert unknown["strategy_type"] == "PROBABILISTIC" and unknown["operation_sampling"] is None, unknown
            assert unknown["probabilistic_sampling"] == {"sampling_rate": 0.125}, unknown
            assert crawler["strategy_type"] == "RATE_LIMITING" and crawler["probabilistic_sampling"] is None, crawler
            assert crawler["rate_limiting_sampling"] == {"max_traces_per_second": 5}, crawler
            assert shop["probabilistic_sampling"] == {"sampling_rate": 0.5}, shop
            assert shop["operation_sampling"]["default_sampling_probability"] == 0.5, shop
            assert shop["operation_sampling"]["per_operation_strategies"] == [
                {"operation": "POST /buy", "probabilistic_sampling": {"sampling_rate": 0.25}}], shop
            path.write_text(rate_file(0.75))
            wait_for(server, lambda: rate_told(server) == 0.75)
            assert told_by_grpc(server)["probabilistic_sampling"] == {"sampling_rate": 0.75}


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
