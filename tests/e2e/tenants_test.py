"""Tenants: who may come in, and that nobody sees what is another's."""
import base64
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import harness

TRACE = bytes(15) + b"\x07"


def body(service, name="op"):
    return harness.otlp_request([harness.otlp_span(TRACE, os.urandom(8), name=name)], service)


def export(server, service, headers):
    return server.export(body(service), headers)[0]


def get(server, path, headers):
    status, _, answer = server.request("api", "GET", path, headers={"accept": "application/json", **headers})
    return status, answer


def services(server, headers):
    status, answer = get(server, "/api/search/tag/service.name/values", headers)
    assert status == 200, (status, answer)
    return json.loads(answer)["tagValues"]


def basic(user, password):
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def check_apart(server, shop, warehouse):
    assert export(server, "till", shop) == 200
    assert export(server, "forklift", warehouse) == 200
    for flushed in (False, True):
        if flushed:
            assert server.request("api", "POST", "/flush", headers=shop)[0] == 204
        assert services(server, shop) == ["till"]
        assert services(server, warehouse) == ["forklift"]
        status, answer = get(server, f"/api/traces/{TRACE.hex()}", shop)
        assert status == 200 and b"till" in answer and b"forklift" not in answer
    path = "/api/clew/v1/searches/mine"
    search = json.dumps({"query": "{ }"}).encode()
    assert server.request("api", "PUT", path, search, {"content-type": "application/json", **shop})[0] == 204
    assert b"mine" in get(server, "/api/clew/v1/searches", shop)[1]
    assert b"mine" not in get(server, "/api/clew/v1/searches", warehouse)[1]
    assert server.request("api", "DELETE", "/api/clew/v1/tenants/warehouse", headers=shop)[0] == 403
    assert server.request("api", "DELETE", f"/api/clew/v1/traces/{TRACE.hex()}", headers=shop)[0] == 200
    assert services(server, shop) == []
    assert services(server, warehouse) == ["forklift"]


def test_the_header_tells_tenants_apart():
    with harness.Server("--multitenancy") as server:
        check_apart(server, {"x-scope-orgid": "shop"}, {"x-scope-orgid": "warehouse"})
        assert export(server, "till", {}) == 401
        assert export(server, "till", {"x-scope-orgid": "a/b"}) == 400
        status, answer = get(server, "/api/search", {})
        assert status == 401 and b"X-Scope-OrgID" in answer, answer
        assert get(server, "/ready", {})[0] == 200
        # A page says nothing of anybody's spans, and asks who is meant; what else there is has to be told first.
        assert get(server, "/", {})[0] == get(server, "/find", {"accept": "text/html"})[0] == 200
        for path in ("/metrics", "/status", "/api/search", "/api/traces/1", "/api/clew/v1/server", "/flush"):
            assert get(server, path, {"accept": "text/html"})[0] == 401, path
        stream = {"accept": "text/html", "content-type": "application/grpc"}
        head = server.request("api", "GET", "/tempopb.StreamingQuerier/Search", headers=stream)[1]
        assert head["grpc-status"] == "16", head


def test_without_the_flag_the_header_means_nothing():
    with harness.Server() as server:
        assert export(server, "till", {"x-scope-orgid": "shop"}) == 200
        assert services(server, {}) == ["till"]


def test_credentials_stand_for_a_tenant_and_may_change():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="clew-test-"))
    path = folder / "credentials.yaml"
    path.write_text("tenants:\n  shop: {tokens: [one]}\n  warehouse: {users: {bob: two}}\n")
    with harness.Server(f"--credentials={path}") as server:
        shop = {"authorization": "Bearer one"}
        check_apart(server, shop, basic("bob", "two"))
        for wrong in ({}, {"authorization": "Bearer two"}, basic("bob", "one"), {"x-scope-orgid": "shop"}):
            assert export(server, "till", wrong) == 401
            assert get(server, "/", wrong)[0] == 401
        assert export(server, "till", {**shop, "x-scope-orgid": "warehouse"}) == 403

        path.write_text("tenants:\n  shop: {tokens: [three]}\n")
        end = time.monotonic() + 30
        while export(server, "till", {"authorization": "Bearer three"}) != 200:
            assert time.monotonic() < end, "the change was not seen"
            time.sleep(0.1)
        assert export(server, "till", shop) == 401
    shutil.rmtree(folder)


def test_commands_send_the_token_of_their_environment():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="clew-test-"))
    path = folder / "credentials.yaml"
    path.write_text("tenants: {shop: {tokens: [one]}}")
    with harness.Server(f"--credentials={path}") as server:
        assert export(server, "till", {"authorization": "Bearer one"}) == 200
        for token, code in (("one", 0), ("two", 1), ("", 1)):
            done = subprocess.run([harness.CLEW, "query", *harness.of_server(server), "{ }"], capture_output=True,
                                  env={**os.environ, "CLEW_TOKEN": token}, timeout=60, check=False)
            assert (done.returncode == 0) == (code == 0), (token, done)
            assert (b"till" in done.stdout) == (code == 0), (token, done)
            assert code == 0 or b"401" in done.stderr, (token, done)
    shutil.rmtree(folder)


def run_with_token(token, *arguments):
    return subprocess.run([harness.CLEW, *arguments], capture_output=True, env={**os.environ, "CLEW_TOKEN": token},
                          timeout=60, check=False)


def test_load_and_import_send_it_too():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="clew-test-"))
    path, spans = folder / "credentials.yaml", folder / "spans.pb"
    path.write_text("tenants: {shop: {tokens: [one]}}")
    spans.write_bytes(body("till"))
    with harness.Server(f"--credentials={path}") as server:
        url = {name: f"http://127.0.0.1:{port}" for name, port in server.ports.items()}
        commands = [("load", "--quiet", "--no-floor", "--traces=5", "--verify", "--api", url["api"],
                     "--protocol", protocol, "--endpoint", url[f"otlp_{protocol}"], f"--seed={seed}")
                    for seed, protocol in enumerate(("grpc", "http"))]
        commands.append(("import", "--endpoint", url["otlp_http"], str(spans)))
        for command in commands:
            done = run_with_token("one", *command)
            assert done.returncode == 0, done
            assert run_with_token("two", *command).returncode == 1, command
        assert "till" in services(server, {"authorization": "Bearer one"})
    shutil.rmtree(folder)


def test_load_and_import_name_a_tenant():
    with harness.Server("--multitenancy") as server, tempfile.TemporaryDirectory() as folder:
        spans = pathlib.Path(folder, "spans.pb")
        spans.write_bytes(body("till"))
        url = {name: f"http://127.0.0.1:{port}" for name, port in server.ports.items()}
        harness.run_clew("import", "--endpoint", url["otlp_http"], "--tenant=shop", str(spans))
        harness.run_clew("load", "--quiet", "--no-floor", "--traces=5", "--verify", "--api", url["api"],
                         "--endpoint", url["otlp_grpc"], "--tenant=warehouse")
        assert services(server, {"x-scope-orgid": "shop"}) == ["till"]
        found = services(server, {"x-scope-orgid": "warehouse"})
        assert found and "till" not in found, found


def test_the_credentials_of_the_page_are_right():
    page = (harness.ROOT / "docs/tenants.md").read_text()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="clew-test-"))
    path = folder / "credentials.yaml"
    path.write_text(page.split("```yaml\n")[1].split("```")[0])
    with harness.Server(f"--credentials={path}") as server:
        assert export(server, "till", {"authorization": "Bearer 3f9d1c0a77e2"}) == 200
        assert services(server, basic("alice", "correct horse")) == ["till"]
    shutil.rmtree(folder)


def test_a_public_address_wants_credentials():
    _, complaint = harness.run_clew("server", "--listen=0.0.0.0", code=1)
    assert "--credentials" in complaint, complaint


def test_a_tenant_over_its_rate_waits_and_others_do_not():
    with harness.Server("--multitenancy", "--tenant-span-rate=1", "--tenant-span-burst=5") as server:
        shop, warehouse = {"x-scope-orgid": "shop"}, {"x-scope-orgid": "warehouse"}
        statuses = [export(server, "till", shop) for _ in range(20)]
        assert statuses[:5] == [200] * 5 and 429 in statuses, statuses
        # Four spans more than there may be have to be waited for as long as four seconds.
        spans = [harness.otlp_span(TRACE, os.urandom(8)) for _ in range(5)]
        status, headers, _ = server.export(harness.otlp_request(spans, "till"), shop)
        assert status == 429 and 2 <= int(headers["Retry-After"]) <= 5, (status, headers)
        assert export(server, "forklift", warehouse) == 200
        server.kill()
        server.flags = ("--multitenancy", "--tenant-span-rate=1")
        server.start()
        _, _, answer = server.request("api", "GET", f"/api/traces/{TRACE.hex()}", headers=shop)
        assert answer.count(b'"spanId"') == statuses.count(200), answer


if __name__ == "__main__":
    harness.run_tests(globals())
