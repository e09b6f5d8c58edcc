"""Commands that call a server over TLS: whom they trust, and what they show."""
import json
import os
import pathlib
import subprocess
import tempfile

import harness
from tls_server import TlsServer, make_certificate, make_signed_certificate

TRACE = bytes(15) + b"\x07"


def run(*arguments):
    environment = {name: value for name, value in os.environ.items() if name not in ("SSL_CERT_FILE", "CLEW_TOKEN")}
    done = subprocess.run([harness.CLEW, *arguments], capture_output=True, text=True, timeout=120, env=environment,
                          check=False)
    return done.returncode, done.stdout, done.stderr


def url(server, port="api"):
    return f"https://127.0.0.1:{server.ports[port]}"


def commands(server, folder):
    """Every command that calls a server, so that it succeeds."""
    api, otlp, grpc = url(server), url(server, "otlp_http"), url(server, "otlp_grpc")
    spans = folder / "spans.bin"
    spans.write_bytes(harness.otlp_request([harness.otlp_span(TRACE, b"12345678")]))
    return [
        ("import", str(spans), "--endpoint", otlp, "--give-up-after", "1s"),
        ("query", "{ }", "--server", api),
        ("why", TRACE.hex(), "--server", api),
        ("flush", "--server", api),
        ("cost", "--server", api, "--json"),
        ("export", "--data", str(server.data), "--server", api, "-o", str(folder / "exported")),
        ("backup", str(folder / "backup"), "--data", str(server.data), "--server", api),
        ("debug", "bundle", "--server", api, "--output", str(folder / "bundle.tar.gz")),
        ("check", "--server", api, "--otlp", otlp, "--duration", "1s", "--interval", "200ms", "--patience", "2s"),
        ("check", "--server", api, "--otlp", grpc, "--protocol", "grpc", "--duration", "1s", "--patience", "2s"),
        ("load", "--traces", "3", "--endpoint", grpc, "--api", api, "--verify", "--give-up-after", "1s", "--no-floor"),
        ("delete", "--trace", TRACE.hex(), "--yes", "--server", api),
    ]


def test_every_command_shows_a_certificate_and_trusts_an_authority():
    with tempfile.TemporaryDirectory(prefix="clew-test-") as name:
        folder = pathlib.Path(name)
        authority = make_certificate(folder, "authority")
        client = make_signed_certificate(folder, "client", authority)
        with TlsServer("--tls-client-ca", authority[0], client=client) as server:
            trusting = ("--tls-ca", str(server.certificate))
            showing = ("--tls-cert", str(client[0]), "--tls-key", str(client[1]))
            for command in commands(server, folder):
                for missing in (trusting, showing):
                    code, out, err = run(*command, *missing)
                    assert code != 0, (command, missing, out, err)
                code, out, err = run(*command, *trusting, *showing)
                assert code == 0, (command, out, err)


def test_a_certificate_is_the_tenants():
    with tempfile.TemporaryDirectory(prefix="clew-test-") as name:
        folder = pathlib.Path(name)
        authority = make_certificate(folder, "authority")
        clients = {tenant: make_signed_certificate(folder, tenant, authority) for tenant in ("shop", "warehouse", "nobody")}
        credentials = folder / "credentials.yaml"
        credentials.write_text("tenants: {shop: {certificates: [shop]}, warehouse: {certificates: [warehouse]}}\n")
        with TlsServer("--tls-client-ca", authority[0], "--credentials", credentials, client=clients["shop"]) as server:
            body = harness.otlp_request([harness.otlp_span(TRACE, b"12345678")], "till")
            assert server.export(body)[0] == 200
            for tenant, code, found in (("shop", 0, 1), ("warehouse", 0, 0), ("nobody", 1, None)):
                certificate, key = clients[tenant]
                ended, out, err = run("query", "{ }", "--json", "--server", url(server), "--tls-ca", str(server.certificate),
                                      "--tls-cert", str(certificate), "--tls-key", str(key))
                assert ended == code, (tenant, out, err)
                if found is None:
                    assert "401" in err and "is of no tenant" in err, err
                else:
                    assert len(json.loads(out).get("traces", [])) == found, out


def test_what_is_wrong_with_the_files_is_said():
    with tempfile.TemporaryDirectory(prefix="clew-test-") as name:
        folder = pathlib.Path(name)
        certificate, key = make_certificate(folder, "one")
        _, other_key = make_certificate(folder, "other")
        query = ("query", "{ }", "--server", "https://127.0.0.1:9")
        for flags, words in ((("--tls-cert", certificate), "--tls-key"), (("--tls-key", key), "--tls-cert"),
                             (("--tls-ca", folder / "absent"), "absent"),
                             (("--tls-ca", key), f"cannot read the certificates of {key}"),
                             (("--tls-cert", key, "--tls-key", key), f"cannot use the certificate {key}"),
                             (("--tls-cert", certificate, "--tls-key", other_key), f"cannot use the key {other_key}")):
            code, _, err = run(*query, *map(str, flags))
            assert code != 0 and words in err, (flags, err)


if __name__ == "__main__":
    harness.run_tests(globals())
