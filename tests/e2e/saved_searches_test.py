"""Searches that have a name outlive the server, however it ends."""
import json

import harness

PATH = "/api/clew/v1/searches"


def names(server):
    return [search["name"] for search in server.get_json(PATH)[1]["searches"]]


def put(server, name, body):
    return server.request("api", "PUT", f"{PATH}/{name}", json.dumps(body))[0]


def test_a_search_that_was_saved_is_there_after_a_kill_and_gone_after_it_was_deleted():
    with harness.Server() as server:
        assert put(server, "errors", {"query": "{ status = error }", "order": "newest"}) == 204
        assert put(server, "slow%20ones", {"query": ""}) == 204
        assert put(server, "none", {"query": "{ status = }"}) == 400
        assert put(server, "large", {"query": " " * 70_000}) == 413
        server.kill()
        server.start()
        assert names(server) == ["errors", "slow ones"]
        assert server.request("api", "DELETE", f"{PATH}/errors")[0] == 204
        assert server.request("api", "DELETE", f"{PATH}/errors")[0] == 404
        assert server.stop() == 0
        server.start()
        assert names(server) == ["slow ones"]


def test_the_server_says_where_it_listens():
    with harness.Server() as server:
        told = server.get_json("/api/clew/v1/server")[1]
        ports = {port["protocol"]: port["port"] for port in told["ports"]}
        assert ports == {name: port for name, port in server.ports.items() if name != "pid"}, told
        assert told["dataDirectory"] == str(server.data)
        assert told["received"]["spans"] == 0
        server.export(harness.otlp_request([harness.otlp_span(b"1" * 16, b"1" * 8)]))
        assert server.get_json("/api/clew/v1/server")[1]["received"]["spans"] == 1


if __name__ == "__main__":
    harness.run_tests(globals())
