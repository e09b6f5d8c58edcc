"""Configuration: one name in flags, variables and the file, one precedence, errors with their
lines, limits that change while the server runs, and Tempo's file."""
import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile

import harness

# What settings take that has no default to be taken from.
SAMPLES = {"keep": "{ status = error }=30d", "retention": "7d", "header-timeout": "7s", "credentials": __file__,
           "shutdown-delay": "3s", "redact": "drop:x", "redact-key": __file__, "forward": "http://127.0.0.1:4318",
           "forward-header": "x-a: b", "forward-headers-file": __file__, "forward-ca": __file__,
           "tls-cert": "/c", "tls-key": "/k"}
# What is not shown as it is.
SHOWN = {"forward-header": "x-a: (left out)"}


def clean_environment(**variables):
    """That of the test, without variables that are settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLEW_")}
    return {**kept, **variables}


def run(*arguments, **variables):
    ended = subprocess.run([harness.CLEW, *arguments], capture_output=True, text=True, timeout=60,
                           env=clean_environment(**variables))
    return ended.returncode, ended.stdout, ended.stderr


@contextlib.contextmanager
def file_of(text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "clew.yaml"
        path.write_text(text)
        yield path


def show(*arguments, **variables):
    code, out, err = run("config", "show", "--json", *arguments, **variables)
    assert code == 0, (arguments, err)
    return json.loads(out)


def variable(key):
    return "CLEW_" + key.upper().replace("-", "_")


def options_of_help():
    code, out, _ = run("server", "--help")
    assert code == 0
    return [name for name in re.findall(r"^ +(?:-\w,)?--([a-z-]+)", out, re.MULTILINE) if name not in ("help", "config")]


def value_for(key, defaults):
    if key in SAMPLES:
        return SAMPLES[key]
    usual = defaults[key].get("value")
    return {"false": "true", None: "/x"}.get(usual, usual)


def partners(key):
    return [name for name in ("tls-cert", "tls-key") if key.startswith("tls-") and name != key]


def test_every_flag_is_a_key_and_a_variable():
    defaults = show("--effective")
    options = options_of_help()
    assert len(options) > 30 and set(options) == set(defaults) - {"tenants"}, set(options) ^ (set(defaults) - {"tenants"})
    for key in options:
        value = value_for(key, defaults)
        settings = {key: value, **{name: SAMPLES[name] for name in partners(key)}}
        with file_of("".join(f"{name}: {json.dumps(text)}\n" for name, text in settings.items())) as path:
            shown = show("--config", str(path))[key]
        assert shown == {"value": SHOWN.get(key, value), "from": "file", "line": 1}, (key, shown)
        shown = show(**{variable(name): text for name, text in settings.items()})[key]
        assert shown == {"value": SHOWN.get(key, value), "from": "variable"}, (key, shown)


# Those that senders of each protocol and readers of Tempo's API have in their own settings.
USUAL_PORTS = {"api": 3200, "ui": 3000, "otlp-grpc": 4317, "otlp-http": 4318, "jaeger-thrift": 14268,
               "jaeger-grpc": 14250, "jaeger-sampling": 5778, "jaeger-compact": 6831, "jaeger-binary": 6832,
               "zipkin": 9411}


def test_ports_are_the_usual_ones_unless_told_otherwise():
    shown = show("--effective")
    ports = {key: (shown[key]["value"], shown[key]["from"]) for key in shown if re.match("port-", key)}
    assert ports == {f"port-{name}": (str(port), "default") for name, port in USUAL_PORTS.items()}, ports
    # The documents and the image say the same.
    page = (harness.ROOT / "docs/receivers.md").read_text()
    rows = re.findall(r"^\| (\d+)(?:/udp)? \| `--port-([a-z-]+)` \|", page, re.MULTILINE)
    assert {"api": 3200, "ui": 3000, **{name: int(port) for port, name in rows}} == USUAL_PORTS, rows
    exposed = re.search(r"^EXPOSE (.*)$", (harness.ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE)[1].split()
    udp = ("jaeger-compact", "jaeger-binary")
    assert set(exposed) == {f"{port}/udp" if name in udp else str(port) for name, port in USUAL_PORTS.items()}, exposed


def test_a_server_that_is_told_nothing_listens_on_the_usual_ports():
    alone = ["unshare", "--user", "--map-root-user", "--net"]  # where nobody else has a port
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode != 0:
        print("skipped: no network of its own can be made for the server")
        return
    with tempfile.TemporaryDirectory(prefix="clew-test-") as name:
        folder = pathlib.Path(name)
        flags = ["--data", folder / "data", "--ports-file", folder / "ports.json", "--listen=0.0.0.0", "--insecure-public"]
        with open(folder / "log", "wb") as log:
            server = subprocess.Popen([*alone, harness.CLEW, "server", *flags], stdout=log, stderr=log,
                                      env=clean_environment())
        try:
            harness.wait_for((folder / "ports.json").exists, server, folder / "log")
            ports = json.loads((folder / "ports.json").read_text())
        finally:
            server.kill()
            server.wait()
    del ports["pid"]
    assert ports == {port.replace("-", "_"): number for port, number in USUAL_PORTS.items()}, ports


def test_a_flag_counts_before_a_variable_before_the_file():
    with file_of("memtable-size: 1MiB\nport: {api: 1, ui: 2, zipkin: off}\nquiet: true\n") as path:
        shown = show("--config", str(path), "--effective", "--port-api=11", "--quiet=false",
                     CLEW_PORT_API="21", CLEW_PORT_UI="22")
        code, out, _ = run("config", "show", "--port-api", "11", CLEW_CONFIG=str(path), CLEW_PORT_UI="22")
    assert {key: (shown[key]["value"], shown[key]["from"])
            for key in ("port-api", "port-ui", "port-zipkin", "port-otlp-grpc", "quiet")} == {
                "port-api": ("11", "flag"), "port-ui": ("22", "variable"), "port-zipkin": ("off", "file"),
                "port-otlp-grpc": ("4317", "default"), "quiet": ("false", "flag")}, shown
    assert code == 0
    assert out.splitlines() == [f"quiet: true  # {path}:3", "port-api: 11  # flag", "port-ui: 22  # CLEW_PORT_UI",
                                f"port-zipkin: off  # {path}:2", f"memtable-size: 1MiB  # {path}:1"], out


def test_what_show_prints_is_a_file_that_means_the_same():
    text = "keep: ['{ } >> { }=30d', \"{ duration > 5s }=20d\"]\nretention: 7d\ntenants: {a.b: {rate: 5, span: {rate: 6}}}\n"
    with file_of(text) as path:
        _, out, _ = run("config", "show", "--effective", "--config", str(path))
        before = show("--config", str(path))
        path.write_text(out)
        after = show("--config", str(path))
    assert before["keep"]["values"] == after["keep"]["values"] == ["{ } >> { }=30d", "{ duration > 5s }=20d"]
    rates = after["tenants"]["a.b"]
    assert (rates["rate"]["value"], rates["span-rate"]["value"]) == ("5", "6"), after


SECRETS = ("pa55w0rd", "t0ken4711", "k3y0815", "p4th2342")


def test_secrets_are_not_shown():
    headers = ["authorization: Bearer t0ken4711", "x-key: k3y0815"]
    for url, words in (("https://other:4318/v1/traces?key=k3y0815", "https://other:4318/v1/traces?(left out)"),
                       ("https://other/p4th2342/otlp", "https://other/(left out)")):
        with file_of(json.dumps({"forward": url, "forward-header": headers})) as path:
            for sources in ((("--config", str(path)), {}),
                            (("--forward", url, *(f"--forward-header={header}" for header in headers)), {}),
                            ((), {"CLEW_FORWARD": url, "CLEW_FORWARD_HEADER": "\n".join(headers)})):
                for form in ((), ("--json",)):
                    code, out, err = run("config", "show", "--effective", *form, *sources[0], **sources[1])
                    assert code == 0 and words in out and "authorization: (left out)" in out, (out, err)
                    assert not [secret for secret in SECRETS if secret in out + err], (out, err)
    # What is wrong is said without them, too.
    for url in ("https://alice:pa55w0rd@other:4318", "https://pa55w0rd@other", "alice:pa55w0rd@other:4318",
                "grpc://other:4317/p4th2342", "https://alice:pa55w0rd/?@other"):
        with file_of(json.dumps({"forward": url})) as path:
            for command in (("config", "check", str(path)), ("config", "show", "--forward", url),
                            ("server", "--config", str(path)), ("server", "--forward", url)):
                code, out, err = run(*command)
                assert code != 0 and "left out" in err, (command, out, err)
                assert not [secret for secret in SECRETS if secret in out + err], (command, out, err)
    with file_of("sampling-strategies: 'https://alice:pa55w0rd@other/x'\n") as path:
        assert show("--config", str(path))["sampling-strategies"]["value"] == "https://(left out)@other/x"


def test_a_wrong_file_of_a_running_server_puts_no_secret_into_its_log():
    with file_of("threads: 1\n") as path, harness.Server("--config", str(path)) as server:
        path.write_text("forward: https://alice:pa55w0rd@other\nthreads: 1\n")
        wait_for_log(server, "must not hold credentials")
        path.write_text("forward: https://other/v1/traces?key=k3y0815\nforward-header: 'a: t0ken4711'\nthreads: 1\n")
        wait_for_log(server, "wants a restart for: forward")
        assert not [secret for secret in SECRETS if secret in server.log_text()], server.log_text()


def test_all_errors_are_told_with_their_lines():
    text = ("tenant:\n  rat: 5\n  rate: 20Mx\nport-api: 70000\nport-zipkin: on\nquery-timeout: 30\nquiet: perhaps\n"
            "threads: [1, 2]\ntenants:\n  shop: {rate: x}\n  'a/b': {rate: 1}\ntls-cert: /c\nmerge-from: 1\n"
            "data: ${NOWHERE_SET}\nretention: 5\n")
    with file_of(text) as path:
        code, out, err = run("config", "check", str(path), CLEW_PORT_API="3")
        started, _, said = run("server", "--config", str(path))
    assert (code, out, started) == (1, "", 2), (code, out, started)
    for line, words in ((2, "unknown key 'tenant-rat'; did you mean 'tenant-rate'?"), (3, "tenant-rate: found '20Mx'"),
                        (4, "port-api: found '70000'"), (5, "neither a port nor off"), (6, "missing unit"),
                        (7, "quiet: found 'perhaps': expected true or false"), (8, "takes one value, found 2"),
                        (10, "tenants: shop: rate: found 'x'"), (11, "tenants: "), (12, "tls-cert needs tls-key"),
                        (13, "merge-from: found '1'"), (14, "NOWHERE_SET"), (15, "retention: found '5'")):
        assert re.search(rf"^{re.escape(str(path))}:{line}: .*{re.escape(words)}", err, re.MULTILINE), (words, err)
    assert len(err.splitlines()) == 13, err
    assert all(f"clew server: {line}" in said for line in err.splitlines()), said


def test_what_belongs_together_may_come_from_different_places():
    with file_of("tls-key: /k\nquiet: true\n") as path:
        assert show("--config", str(path), "--tls-cert=/c")["tls-cert"]["from"] == "flag"
        code, _, err = run("config", "show", "--config", str(path))
        assert (code, err) == (1, f"{path}:1: tls-key needs tls-cert\n"), err
        code, _, err = run("config", "show", "--config", str(path), "--verbose", CLEW_TLS_CERT="/c")
        assert code == 1 and "quiet excludes verbose" in err, err
    code, _, err = run("server", "--tls-cert=/c")
    assert code == 2 and "--tls-cert needs --tls-key" in err, err
    code, _, err = run("config", "show", CLEW_PORT_API="x")
    assert code == 1 and err.startswith("CLEW_PORT_API: port-api: found 'x'"), err


def test_check_also_says_what_a_server_would_not_start_with():
    for text, words in (("listen: 0.0.0.0\n", "insecure-public"), ("keep: '{ }=1d'\n", "--retention")):
        with file_of(text) as path:
            code, _, err = run("config", "check", str(path))
        assert code == 1 and words in err, err
    code, _, err = run("config", "check", "/nowhere/clew.yaml")
    assert code == 1 and "cannot read" in err, err
    with file_of("port-api: 1\n") as path:
        code, out, err = run("config", "check", str(path), CLEW_TENANT_RATT="1", CLEW_TOKEN="t")
    assert (code, err) == (0, "CLEW_TENANT_RATT is no variable of a setting; did you mean CLEW_TENANT_RATE?\n"), err


def test_the_example_is_right_and_names_everything():
    code, out, _ = run("config", "example")
    assert code == 0
    defaults = show("--effective")
    for key in defaults:
        assert re.search(rf"^# {key}:", out, re.MULTILINE), key
    given = [line[2:] for line in out.splitlines() if re.match(r"# [a-z-]+: \S+$", line)]
    settled = [line for line in given if line.split(":")[0] not in SAMPLES and defaults[line.split(":")[0]].get("value")]
    assert len(settled) > 25, given
    with file_of("\n".join(settled) + "\n") as path:
        code, _, err = run("config", "check", str(path))
    assert code == 0, err


def test_the_file_of_the_documents_is_right():
    page = (harness.ROOT / "docs/configuration.md").read_text()
    text = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)[1]
    with file_of(text) as path:
        code, out, err = run("config", "check", str(path))
        assert code == 0, err
        shown = show("--config", str(path), CLEW_TEST_PORT="77")
    assert shown["port-api"]["value"] == "77" and shown["query-memory-limit"]["value"] == "512MiB", shown


# --- limits that change while a server runs -----------------------------------------------------

def export(server, spans, tenant):
    body = harness.otlp_request([harness.otlp_span(os.urandom(16), os.urandom(8)) for _ in range(spans)])
    return server.export(body, {"x-scope-orgid": tenant})[0]


def wait_for_log(server, words, count=1):
    harness.wait_for(lambda: server.log_text().count(words) >= count, server.process, server.folder / "server.log")


def test_limits_change_while_the_server_runs():
    with file_of("multitenancy: true\ntenant-span-rate: 1\ntenant-span-burst: 5\n") as path:
        with harness.Server("--config", str(path)) as server:
            assert export(server, 5, "shop") == 200
            assert export(server, 5, "shop") == 429
            path.write_text("multitenancy: true\ntenant-span-rate: 1\ntenant-span-burst: 5\nslow-query: 1ns\n"
                            "tenants: {shop: {span-rate: 0}}\nretention: 7d\nkeep: '{ status = error }=30d'\n")
            wait_for_log(server, "from now on counts: ")
            assert "retention, keep, slow-query, tenants: shop: span-rate" in server.log_text()
            for _ in range(3):
                assert export(server, 5, "shop") == 200
            assert export(server, 5, "other") == 200
            assert export(server, 5, "other") == 429
            server.request("api", "GET", "/api/search?q=%7B%7D", headers={"x-scope-orgid": "shop"})
            wait_for_log(server, "slow query ")

            # What is wrong changes nothing.
            path.write_text("multitenancy: true\ntenant-span-rat: 9\n")
            wait_for_log(server, f"{path}:2: unknown key 'tenant-span-rat'")
            assert export(server, 5, "shop") == 200
            path.write_text("multitenancy: true\nkeep: '{ }=1d'\ntenant-span-rate: 1\n")
            wait_for_log(server, "all settings stay as they are", 2)
            assert export(server, 5, "shop") == 200

            # What wants a restart is named, and what does not counts.
            path.write_text("multitenancy: true\nmerge-from: 3\ntenant-span-rate: 1\n")
            wait_for_log(server, "wants a restart for: merge-from")
            assert export(server, 2, "shop") == 200
            assert export(server, 2, "shop") == 429
            server.process.send_signal(signal.SIGHUP)
            wait_for_log(server, "asked by a signal to look")
            assert server.get("/ready")[0] == 200
            assert server.stop() == 0


def test_a_flag_is_not_changed_by_the_file():
    with file_of("tenant-span-rate: 0\n") as path:
        with harness.Server("--multitenancy", "--tenant-span-rate=1", "--tenant-span-burst=5", "--config", str(path)) as server:
            assert export(server, 5, "shop") == 200
            path.write_text("tenant-span-rate: 1000000\ntenant-span-burst: 1000000\nslow-query: 5s\n")
            wait_for_log(server, "from now on counts: slow-query")
            assert export(server, 5, "shop") == 200
            assert export(server, 5, "shop") == 429


def test_receivers_can_be_off():
    off = [f"--port-{name}=off" for name in harness.PORTS if name not in ("api", "ui")]
    with harness.Server(*off) as server:
        assert set(server.ports) == {"api", "ui", "pid"}, server.ports
        assert server.get("/ready")[0] == 200


TEMPO = """\
stream_over_http_enabled: true
server:
  http_listen_port: 3200
distributor:
  receivers:
    otlp:
      protocols:
        grpc: {endpoint: "0.0.0.0:4317", max_recv_msg_size_mib: 16}
        http: {endpoint: "0.0.0.0:4318"}
storage:
  trace:
    backend: s3
    local: {path: DATA}
    s3: {bucket: traces}
compactor: {compaction: {block_retention: 48h}}
querier: {search: {query_timeout: soon}}
overrides:
  defaults: {ingestion: {rate_limit_bytes: 20e6, burst_size_bytes: 40e6}}
"""


def test_a_file_of_tempo_becomes_one_that_a_server_starts_with():
    with file_of("") as path:
        folder = path.parent
        tempo = folder / "tempo.yaml"
        tempo.write_text(TEMPO.replace("DATA", str(folder)))
        overrides = folder / "overrides.yaml"
        overrides.write_text("overrides: {shop: {ingestion: {rate_limit_bytes: 7}},\n"
                             "  '*': {ingestion: {rate_limit_bytes: 30e6, max_global_traces_per_user: 1}}}\n")
        code, out, err = run("config", "import", str(tempo), "--overrides", str(overrides))
        assert code == 0, err
        for words in (f"{tempo}:1: stream_over_http_enabled: not needed", f"{tempo}:14: storage.trace.s3: blocks are",
                      f"{tempo}:16: query-timeout: found 'soon'", "insecure-public",
                      f"{overrides}:2: overrides.*.ingestion.max_global_traces_per_user: there is no such setting"):
            assert words in err, (words, err)
        path.write_text(out)
        code, _, err = run("config", "check", str(path))
        assert code == 1 and "insecure-public" in err, err
        path.write_text(out + "insecure-public: true\n")
        shown = show("--config", str(path))
        with harness.Server("--listen=127.0.0.1", "--config", str(path), data=folder / "clew") as server:
            assert server.export(harness.otlp_request([harness.otlp_span(os.urandom(16), os.urandom(8))]))[0] == 200
    assert shown["tenants"]["shop"]["rate"]["value"] == "7", shown
    assert {key: shown[key]["value"] for key in shown if key not in ("tenants", "data")} == {
        "listen": "0.0.0.0", "port-api": "3200", "port-otlp-grpc": "4317", "port-otlp-http": "4318",
        "port-jaeger-thrift": "off", "port-jaeger-grpc": "off", "port-jaeger-compact": "off", "port-jaeger-binary": "off",
        "port-zipkin": "off", "retention": "48h", "tenant-rate": "30000000", "insecure-public": "true", "body-limit": "16MiB"}, shown


harness.run_tests(globals())
