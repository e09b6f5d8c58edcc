"""Client certificates that stand for tenants."""
import contextlib
import json
import os
import pathlib
import tempfile

import harness
from tls_server import TlsServer, make_certificate, make_signed_certificate

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
CREDENTIALS = """
tenants:
  shop: {certificates: [till.shop.example, "spiffe://clew/shop"], tokens: [one]}
  warehouse: {certificates: [forklift], tokens: [two]}
"""
# Which certificate is whose: how it is made, and the tenant.
NAMES = {
    "dns": ({"alternative_names": "DNS:x.example,DNS:till.shop.example"}, "shop"),
    "uri": ({"alternative_names": "URI:spiffe://clew/shop", "common_name": "forklift"}, "shop"),
    "common": ({"common_name": "forklift"}, "warehouse"),
    "other": ({"alternative_names": "DNS:x.example", "common_name": "forklift"}, "warehouse"),
    "unknown": ({"alternative_names": "DNS:shop.example,DNS:*.shop.example", "common_name": "one"}, None),
}


@contextlib.contextmanager
def served(text=CREDENTIALS):
    """(server, the credentials file, {name: (certificate, key)})."""
    with tempfile.TemporaryDirectory(prefix="clew-test-") as name:
        folder = pathlib.Path(name)
        authority = make_certificate(folder, "authority")
        clients = {client: make_signed_certificate(folder, client, authority, **how) for client, (how, _) in NAMES.items()}
        path = folder / "credentials.yaml"
        path.write_text(text)
        with TlsServer("--tls-client-ca", authority[0], "--credentials", path, client=clients["dns"]) as server:
            yield server, path, clients


def get(server, client, path="/api/search/tag/service.name/values", token=None, tenant=None):
    server.trust_certificate(client)
    headers = {"accept": "application/json", **({"authorization": f"Bearer {token}"} if token else {}),
               **({"x-scope-orgid": tenant} if tenant else {})}
    status, _, body = server.request("api", "GET", path, headers=headers)
    return status, body


def export(server, client, service):
    server.trust_certificate(client)
    return server.export(harness.otlp_request([harness.otlp_span(os.urandom(16), os.urandom(8))], service))[0]


def services(server, client):
    status, body = get(server, client)
    assert status == 200, (status, body)
    return json.loads(body)["tagValues"]


def test_a_certificate_stands_for_a_tenant():
    with served() as (server, _, clients):
        assert export(server, clients["uri"], "till") == 200
        assert export(server, clients["common"], "forklift") == 200
        for name, (_, tenant) in NAMES.items():
            if tenant is not None:
                assert services(server, clients[name]) == {"shop": ["till"], "warehouse": ["forklift"]}[tenant], name
        # A header of the same tenant may be there too.
        for token, tenant, status in (("one", None, 200), ("two", None, 403), ("three", None, 401), (None, "shop", 200),
                                      (None, "warehouse", 403)):
            assert get(server, clients["dns"], token=token, tenant=tenant)[0] == status, (token, tenant)


def test_a_certificate_of_nobody_is_refused_over_http_and_grpc():
    with served() as (server, _, clients):
        unknown = clients["unknown"]
        for token in (None, "one"):
            status, body = get(server, unknown, token=token)
            assert status == 401 and b"certificate that this client shows is of no tenant" in body, (status, body)
        assert export(server, unknown, "till") == 401
        assert get(server, unknown, "/ready")[0] == 200
        files = ("--cert", unknown[0], "--key", unknown[1])
        for flag, version in (("--http1.1", "1.1"), ("--http2", "2")):
            done = server.curl("otlp_http", "/v1/traces", flag, "-X", "POST", *files)
            assert done.stdout.splitlines()[-1] == f"{version} 401", done
        call = ("--http2", "-X", "POST", "-H", "content-type: application/grpc", "-H", "te: trailers", "-D", "-")
        refused = server.curl("otlp_grpc", EXPORT, *call, *files)
        assert "grpc-status: 16" in refused.stdout and "is of no tenant" in refused.stdout, refused
        known = server.curl("otlp_grpc", EXPORT, *call, "--cert", clients["dns"][0], "--key", clients["dns"][1])
        assert "grpc-status: 3" in known.stdout, known  # a call without a message
        server.trust_certificate(clients["dns"])
        assert server.metric("clew_ingest_refused_requests_total", reason="unauthorized") == 4


def test_the_file_may_change():
    with served() as (server, path, clients):
        assert export(server, clients["unknown"], "till") == 401
        path.write_text("tenants: {shop: {certificates: [shop.example]}}\n")
        harness.wait_for(lambda: export(server, clients["unknown"], "till") == 200, server.process,
                         server.folder / "server.log")
        assert export(server, clients["common"], "forklift") == 401
        # Without certificates in it tokens are asked for.
        path.write_text("tenants: {shop: {tokens: [one]}}\n")
        harness.wait_for(lambda: get(server, clients["common"], token="one")[0] == 200, server.process,
                         server.folder / "server.log")
        assert get(server, clients["unknown"])[0] == 401


def test_certificates_that_nobody_asks_for_end_the_start():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "credentials.yaml")
        path.write_text(CREDENTIALS)
        free = [f"--port-{name}=0" for name in harness.PORTS]
        _, said = harness.run_clew("server", "--data", folder + "/d", *free, "--credentials", path, code=1)
        assert "--tls-client-ca" in said and str(path) in said, said


if __name__ == "__main__":
    harness.run_tests(globals())
