"""What operators use: the dashboard, the rules, logs for programs, the bundle, what takes the room."""
import json
import os
import pathlib
import re
import shlex
import subprocess
import tarfile
import tempfile

import exposition
import harness

DASHBOARD = harness.ROOT / "deploy/grafana/clew.json"
ALERTS = harness.ROOT / "deploy/prometheus/alerts.yaml"
PAGE = harness.ROOT / "docs/operations.md"
# What `clew check` tells, a program of its own.
CHECK = {"clew_check_lost_spans_total", "clew_check_duplicated_spans_total", "clew_check_failures_total",
         "clew_check_last_success_timestamp_seconds"}
# What only a server has that is told to forward, and to make spans of its own.
WITH_ALL = ("--self-tracing", "--forward=http://127.0.0.1:9", "--forward-queue=0")
# What is exposed and is on no panel.
NOT_SHOWN = {
    "clew_failed_queries_total": "the outcome `failed` of clew_queries_total, for the page /status",
    "clew_query_rows_total": "the bytes that queries read show the same work",
    "clew_ready": "a rule asks for it, and before it is 1 little else is there",
    "clew_store_duplicates_total": "clew_ingest_duplicate_requests_total has them by receiver",
    "clew_wal_records_total": "bodies by receiver show the same; panels have the bytes and the syncs",
    "process_threads": "as many as --threads and the others of its settings ask for",
    "process_virtual_memory_bytes": "room that is reserved and may never be used",
}
VALUE, TOKEN, LITERAL, KEEP = "value-4711-sent", "token-0815-secret", "literal-2342-asked", "kept-1917-value"
REDACTED, FORWARDED = "key-3141-redacted", "header-2718-secret"
PARAMETER, IN_FILE, IN_PATH = "parameter-1618-secret", "line-1414-secret", "path-1732-secret"


def spans(service="shop"):
    return harness.otlp_request([harness.otlp_span(os.urandom(16), os.urandom(8), name=VALUE)], service)


def names_in(text):
    return set(re.findall(r"\b(?:clew|process)_[a-z0-9_]+\b", text))


def check_exposed(server, names):
    families = exposition.parse(server.get("/metrics", "*/*")[1].decode())
    for name in names - CHECK:
        exposition.total(families, name)


def names_of(dashboard):
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
    return names_in(" ".join(expressions) + json.dumps(dashboard["templating"]) + json.dumps(dashboard["annotations"]))


def test_the_dashboard_asks_for_what_there_is():
    dashboard = json.loads(DASHBOARD.read_text())
    panels = [panel for panel in dashboard["panels"] if panel["type"] != "row"]
    names = names_of(dashboard)
    assert len(names) > 40, names
    assert {panel["title"] for panel in dashboard["panels"] if panel["type"] == "row"} >= {
        "Ingest", "Refusals", "Store", "Queries", "Process"}
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
    taken = set()
    for panel in panels:
        assert panel["fieldConfig"]["defaults"]["unit"] and panel["title"], panel
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24, panel
        places = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not places & taken, panel
        taken |= places
    with harness.Server(*WITH_ALL) as server:
        check_exposed(server, names)


def test_the_dashboard_shows_all_there_is():
    shown = {re.sub("_bucket$", "", name) for name in names_of(json.loads(DASHBOARD.read_text()))}
    with harness.Server(*WITH_ALL) as server:
        exposed = set(exposition.parse(server.get("/metrics", "*/*")[1].decode()))
    assert exposed - shown == set(NOT_SHOWN), (exposed - shown) ^ set(NOT_SHOWN)


def test_the_rules_ask_for_what_there_is():
    text = ALERTS.read_text()
    expressions = re.findall(r"^ +expr: (.+)$", text, re.MULTILINE)
    assert len(expressions) == len(re.findall(r"^ +- alert: Clew\w+$", text, re.MULTILINE)) >= 9
    try:
        import yaml
    except ImportError:
        print("skipped: the file as YAML, for want of python3-yaml")
    else:
        rules = [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]
        assert [rule["expr"] for rule in rules] == expressions
        for rule in rules:
            assert rule["labels"]["severity"] in ("warning", "critical"), rule
            assert rule["annotations"]["summary"] and rule["annotations"]["description"], rule
    names = names_in(" ".join(expressions))
    assert names >= CHECK, names
    with harness.Server(*WITH_ALL) as server:
        check_exposed(server, names)


def test_the_page_names_what_there_is():
    with harness.Server(*WITH_ALL) as server:
        check_exposed(server, {name for name in names_in(PAGE.read_text()) if name != "process_"})


def test_lines_of_a_json_log_are_objects():
    with harness.Server("--log-format=json", "--verbose", "--slow-query=1ns") as server:
        trace, span = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
        status, _, _ = server.request("api", "GET", "/api/search?q=%7B%20name%20%3D%20%22" + LITERAL + "%22%7D",
                                      headers={"traceparent": f"00-{trace}-{span}-01"})
        assert status == 200
        assert server.stop() == 0
        lines = [json.loads(line) for line in server.log_text().splitlines() if line.startswith("{")]
        assert lines and all({"time", "level", "message"} <= line.keys() for line in lines), lines
        assert not [line for line in server.log_text().splitlines() if re.match(r"20\d\d-.* (info|warning|error)", line)]
        line = next(line for line in lines if line["message"] == "slow query")
        assert line["trace_id"] == trace and line["span_id"] == span and line["tenant"] == "single-tenant", line
        assert line["call"] == "/api/search" and LITERAL in line["query"] and line["status"] == 200, line
        assert isinstance(line["ms"], float) and isinstance(line["bytes"], int), line
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", line["time"]), line


def bundle_of(server, folder, token=None):
    """{name: text} of a bundle, and all of it as bytes."""
    path = pathlib.Path(folder, "bundle.tar.gz")
    environment = {**os.environ, **({"CLEW_TOKEN": token} if token else {})}
    subprocess.run([harness.CLEW, "debug", "bundle", *harness.of_server(server), "--output", path], check=True,
                   capture_output=True, env=environment, timeout=60)
    with tarfile.open(path, "r:gz") as archive:
        files = {pathlib.Path(member.name).name: archive.extractfile(member).read() for member in archive.getmembers()}
        assert len({pathlib.Path(member.name).parent for member in archive.getmembers()}) == 1
    return files


def test_a_bundle_says_much_and_no_value():
    headers = tempfile.NamedTemporaryFile("w", suffix=".headers")
    headers.write(f"authorization: Bearer {IN_FILE}\n")
    headers.flush()
    with headers, tempfile.TemporaryDirectory() as folder, harness.Server(
            "--slow-query=1ns", "--retention=1h", f"--keep={{ name = `{KEEP}` }}=2h",
            f"--redact=drop:{REDACTED}", f"--forward-header=x-token: {FORWARDED}", f"--forward-headers-file={headers.name}",
            "--verbose", "--forward-queue=0", f"--forward=http://127.0.0.1:9/{IN_PATH}?key={PARAMETER}") as server:
        assert server.export(spans(), {"authorization": f"Bearer {TOKEN}"})[0] == 200
        assert server.request("api", "POST", "/flush")[0] == 204
        assert server.get(f"/api/search?q=%7B%20name%20%3D%20%22{LITERAL}%22%7D")[0] == 200
        assert server.get("/api/search/tag/" + LITERAL + "/values")[0] == 200
        files = bundle_of(server, folder)
        assert set(files) == {"README.txt", "configuration.json", "machine.json", "catalog.json", "metrics.txt",
                              "status.txt", "log.txt"}, set(files)
        for name, text in files.items():
            for secret in (VALUE, TOKEN, LITERAL, KEEP, REDACTED, FORWARDED, PARAMETER, IN_FILE, IN_PATH):
                assert secret.encode() not in text, (name, secret)
        assert b"were not forwarded" in files["log.txt"]
        for text in (server.log_text(), server.get("/metrics", "*/*")[1].decode()):
            for secret in (FORWARDED, PARAMETER, IN_FILE, IN_PATH):
                assert secret not in text, secret
        assert b"slow query" in files["log.txt"] and b"ready: 0 spans" in files["log.txt"], files["log.txt"]
        assert b"call=/api/search" in files["status.txt"]
        blocks = json.loads(files["catalog.json"])
        assert [(block["tenant"], block["spans"]) for block in blocks] == [("single-tenant", 1)], blocks
        machine = json.loads(files["machine.json"])
        assert machine["cores"] >= 1 and machine["freeDiskBytes"] > 0 and machine["kernel"], machine
        settings = json.loads(files["configuration.json"])
        assert settings["retention"] == {"value": "1h", "from": "flag"}, settings["retention"]
        assert settings["memory-limit"]["from"] == "default" and settings["memory-limit"]["value"], settings["memory-limit"]
        assert settings["keep"]["value"] == "(left out)" and "query-timeout" in settings
        exposition.parse(files["metrics.txt"].decode())
        # A second one does not take the place of the first.
        _, complaint = harness.run_clew("debug", "bundle", *harness.of_server(server), "--output",
                                        str(pathlib.Path(folder, "bundle.tar.gz")), code=1)
        assert "--output" in complaint, complaint


def test_a_tenant_gets_a_bundle_of_its_own():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "credentials.yaml")
        path.write_text(f"tenants:\n  shop: {{tokens: [{TOKEN}]}}\n  warehouse: {{tokens: [two]}}\n")
        with harness.Server(f"--credentials={path}", "--port-jaeger-compact=off", "--port-jaeger-binary=off") as server:
            shop, warehouse = {"authorization": f"Bearer {TOKEN}"}, {"authorization": "Bearer two"}
            assert server.export(spans(), shop)[0] == 200 and server.export(spans(), warehouse)[0] == 200
            assert server.request("api", "POST", "/flush", headers=shop)[0] == 204
            files = bundle_of(server, folder, TOKEN)
            assert {"configuration.json.missing", "log.txt.missing"} <= set(files), set(files)
            everything = b"".join(files.values())
            assert b"warehouse" not in everything and TOKEN.encode() not in everything and VALUE.encode() not in everything
            assert [block["tenant"] for block in json.loads(files["catalog.json"])] == ["shop"]
            for part in ("configuration", "log"):
                assert server.request("api", "GET", "/api/clew/v1/debug/" + part, headers=shop)[0] == 403
                assert server.request("api", "GET", "/api/clew/v1/debug/" + part)[0] == 401


def test_what_takes_the_room_adds_up():
    with harness.Server() as server:
        for service, count in (("large", 300), ("small", 100)):
            batch = [harness.otlp_span(os.urandom(16), os.urandom(8), name=f"{index}") for index in range(count)]
            assert server.export(harness.otlp_request(batch, service))[0] == 200
            assert server.request("api", "POST", "/flush")[0] == 204
        stored = server.metric("clew_store_block_bytes")
        for source in (harness.of_server(server), harness.of_data(server)):
            cost = json.loads(harness.run_clew("cost", *source, "--json", "--top", "1000")[0])
            assert cost["spans"] == 400 and cost["blocks"] == 2, cost
            columns = {column["name"]: column["bytes"] for column in cost["columns"]}
            assert cost["bytes"] - columns["(meta.json)"] == stored  # which queries do not read
            assert sum(columns.values()) == cost["bytes"] and {"span.k", "trace_id", "resource.service.name"} <= set(columns)
            services = {one["name"]: one for one in cost["services"]}
            assert services["large"]["spans"] == 300 and services["small"]["spans"] == 100, services
            assert abs(sum(one["bytes"] for one in services.values()) - cost["bytes"]) <= 2
            few = json.loads(harness.run_clew("cost", *source, "--json", "--top", "1")[0])
            assert few["columns"][0]["bytes"] + few["otherColumns"]["bytes"] == cost["bytes"], few
            text = harness.run_clew("cost", *source, "--top", "1")[0]
            assert "large" in text and "(1 other services)" in text and "2 blocks, 400 spans" in text, text
        assert server.get("/api/clew/v1/cost?top=none")[0] == 400
        _, complaint = harness.run_clew("cost", "--data", "/nowhere", code=1)
        assert "no data directory" in complaint, complaint


def test_the_commands_of_the_page_run():
    commands = [line for block in re.findall(r"```\n(.*?)```", PAGE.read_text(), re.DOTALL) for line in block.splitlines()]
    assert len(commands) == 4, commands
    with tempfile.TemporaryDirectory() as folder, harness.Server() as server:
        assert server.export(spans())[0] == 200 and server.request("api", "POST", "/flush")[0] == 204
        pathlib.Path(folder, "clew-data").symlink_to(server.data)
        address = f"http://127.0.0.1:{server.ports['api']}"
        for command in commands:
            words = shlex.split(command.replace("http://127.0.0.1:3200", address))
            if words[0] == "clew":
                words[0] = str(harness.CLEW.resolve())
            if "bundle" in words:
                words += ["--server", address]
            run = subprocess.run(words, cwd=folder, capture_output=True, timeout=60)
            assert run.returncode == 0 and run.stdout, (command, run)
        assert pathlib.Path(folder, "bundle.tar.gz").stat().st_size > 500


harness.run_tests(globals())
