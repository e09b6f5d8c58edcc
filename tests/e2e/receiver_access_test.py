"""Jaeger's and Zipkin's ports where tenants are told apart: nobody's spans are refused, and those of a tenant are its own."""
import base64
import contextlib
import json
import os
import pathlib
import tempfile

import grpc_calls
import harness
from receivers import RECEIVERS, Spans

CREDENTIALS = "tenants:\n  shop: {tokens: [one], users: {alice: three}}\n  warehouse: {tokens: [two]}\n"
SHOP, WAREHOUSE = {"authorization": "Bearer one"}, {"authorization": "Bearer two"}
ALICE, WRONG_ALICE = ({"authorization": "Basic " + base64.b64encode(pair).decode()} for pair in (b"alice:three", b"alice:one"))
UDP_PORTS = ("jaeger_compact", "jaeger_binary")


@contextlib.contextmanager
def served_with_credentials():
    with tempfile.TemporaryDirectory(prefix="clew-test-") as folder:
        path = pathlib.Path(folder, "credentials.yaml")
        path.write_text(CREDENTIALS)
        with harness.Server(f"--credentials={path}") as server:
            yield server


def get(server, path, headers):
    status, _, body = server.request("api", "GET", path, headers={"accept": "application/json", **headers})
    return status, body


def services(server, headers):
    status, body = get(server, "/api/search/tag/service.name/values", headers)
    assert status == 200, (status, body)
    return json.loads(body)["tagValues"]


def refusals(server, headers, receiver):
    """{reason: requests} of what was kept out of a receiver."""
    return {reason: server.metric("clew_ingest_refused_requests_total", headers, receiver=receiver, reason=reason)
            for reason in ("unauthorized", "forbidden", "bad_tenant")}


def check_stored_for_one(server, send, service, mine, others):
    """Spans of that service that come with one's headers are seen with these and not with the others."""
    trace_id = os.urandom(16)
    answer = send(server, Spans(trace_id, service), mine)
    assert (answer.status, answer.text) == (202, ""), answer
    status, body = get(server, f"/api/traces/{trace_id.hex()}", mine)
    assert status == 200 and service.encode() in body, (status, body)
    assert get(server, f"/api/traces/{trace_id.hex()}", others)[0] == 404
    assert service in services(server, mine) and service not in services(server, others)


def test_a_token_is_asked_for_and_tells_whose_spans_they_are():
    refused = [({}, 401), ({"authorization": "Bearer other"}, 401), ({"authorization": "one"}, 401),
               (WRONG_ALICE, 401), ({"x-scope-orgid": "shop"}, 401), ({**SHOP, "x-scope-orgid": "warehouse"}, 403)]
    with served_with_credentials() as server:
        for name, send in RECEIVERS.items():
            for headers, status in refused:
                answer = send(server, Spans(os.urandom(16), "nobody"), headers)
                assert answer.status == status and answer.text and answer.retry_seconds is None, (name, headers, answer)
            assert refusals(server, SHOP, name) == {"unauthorized": 5, "forbidden": 1, "bad_tenant": 0}, name
            check_stored_for_one(server, send, f"till-{name}", SHOP, WAREHOUSE)
            check_stored_for_one(server, send, f"user-{name}", ALICE, WAREHOUSE)
            check_stored_for_one(server, send, f"forklift-{name}", {**WAREHOUSE, "x-scope-orgid": "warehouse"}, SHOP)
        # Of what was refused nothing is there, not even once it would have been written to a block.
        assert server.metric("clew_ingest_accepted_spans_total", SHOP) == 3 * len(RECEIVERS)
        for headers, kinds in ((SHOP, ("till", "user")), (WAREHOUSE, ("forklift",))):
            assert server.request("api", "POST", "/flush", headers=headers)[0] == 204
            found = services(server, headers)
            assert found == sorted(f"{kind}-{name}" for kind in kinds for name in RECEIVERS), found


def test_a_header_is_asked_for_and_tells_whose_spans_they_are():
    shop, warehouse = {"x-scope-orgid": "shop"}, {"x-scope-orgid": "warehouse"}
    with harness.Server("--multitenancy") as server:
        for name, send in RECEIVERS.items():
            for headers, status in (({}, 401), (SHOP, 401), ({"x-scope-orgid": "a/b"}, 400)):
                answer = send(server, Spans(os.urandom(16), "nobody"), headers)
                assert answer.status == status and answer.text, (name, headers, answer)
            assert refusals(server, shop, name) == {"unauthorized": 2, "forbidden": 0, "bad_tenant": 1}, name
            check_stored_for_one(server, send, name, shop, warehouse)
        assert server.metric("clew_ingest_accepted_spans_total", shop) == len(RECEIVERS)


def test_strategies_are_open_to_all_on_their_own_port_alone():
    with served_with_credentials() as server:
        ask = lambda port_name, path, headers: server.request(port_name, "GET", f"{path}?service=x", headers=headers)[0]
        assert ask("jaeger_sampling", "/sampling", {}) == 200
        assert ask("jaeger_thrift", "/api/sampling", {}) == 401
        assert ask("jaeger_thrift", "/api/sampling", WAREHOUSE) == 200
        question = ("jaeger_grpc", grpc_calls.GET_SAMPLING_STRATEGY, {"service_name": "x"})
        for headers, code in (({}, grpc_calls.UNAUTHENTICATED), (SHOP, grpc_calls.OK)):
            answer = grpc_calls.call(server, *question, headers)
            assert answer["code"] == code, answer


def open_files(process_folder):
    """What the descriptors of a process are, as in socket:[NUMBER]."""
    for file in (process_folder / "fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed in the meantime
            yield os.readlink(file)


def udp_sockets(server):
    """The local ports of the UDP sockets that the process has."""
    folder = pathlib.Path(f"/proc/{server.process.pid}")
    own = set(open_files(folder))
    lines = [line.split() for line in (folder / "net/udp").read_text().splitlines()[1:]]
    return {int(line[1].rpartition(":")[2], 16) for line in lines if f"socket:[{line[9]}]" in own}


def test_datagrams_of_nobody_have_no_port():
    with harness.Server() as server:
        assert udp_sockets(server) == {server.ports[name] for name in UDP_PORTS}, (udp_sockets(server), server.ports)
    for served in (lambda: harness.Server("--multitenancy"), served_with_credentials):
        with served() as server:
            assert not set(UDP_PORTS) & set(server.ports) and "jaeger_thrift" in server.ports, server.ports
            assert udp_sockets(server) == set(), udp_sockets(server)
            assert "Jaeger's UDP ports stay closed" in server.log_text(), server.log_text()
            assert "udp://" not in server.log_text(), server.log_text()


if __name__ == "__main__":
    harness.run_tests(globals())
