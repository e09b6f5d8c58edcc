"""`clew server --forward`: another place gets everything too, and one that is away costs nothing here."""
import json
import pathlib
import re
import shlex
import tempfile

import harness
from redact_test import HEADER, RULES, SECRET, TRACES, export, metric, otlp_body, send_all, trace_id

PAGE = harness.ROOT / "docs/forwarding.md"


def url(destination, scheme="http", port="otlp_http"):
    return f"{scheme}://127.0.0.1:{destination.ports[port]}"


def forwarded(source, what):
    return metric(source, f"clew_forward_{what}_spans_total")


def wait_for(server, condition):
    harness.wait_for(condition, server.process, server.folder / "server.log", seconds=90)


def small_body(number):
    return harness.otlp_request([harness.otlp_span(bytes.fromhex(trace_id(number)), bytes(7) + b"\x01")])


def check_everything_arrives(destination, *flags):
    with harness.Server(*flags) as source:
        send_all(source)
        send_all(source)  # again: nothing is sent twice
        wait_for(source, lambda: forwarded(source, "sent") >= len(TRACES))
        assert forwarded(source, "sent") == metric(source, "clew_ingest_accepted_spans_total")
        assert forwarded(source, "failed") == forwarded(source, "dropped") == 0
        assert metric(source, "clew_forward_queue_bytes") == 0
        assert export(source) == export(destination)
        assert metric(destination, "clew_ingest_rejected_spans_total") == 0


def test_another_server_gets_everything():
    for scheme, port in (("http", "otlp_http"), ("grpc", "otlp_grpc")):
        with harness.Server() as destination:
            check_everything_arrives(destination, "--forward", url(destination, scheme, port))


def test_the_command_of_the_page_does_it():
    (command,) = re.findall(r"^clew server (.*--forward .*)$", PAGE.read_text(), re.MULTILINE)
    with harness.Server() as destination:
        words = [url(destination) if word.startswith("http:") else word for word in shlex.split(command)]
        check_everything_arrives(destination, *words)


def test_what_rules_take_away_is_not_forwarded():
    with harness.Server() as destination, \
         harness.Server(*RULES, "--forward", url(destination)) as source:
        source.export(otlp_body(1))
        wait_for(source, lambda: forwarded(source, "sent") == 1)
        ((_, span),) = destination.trace_spans(trace_id(1))
        assert HEADER not in harness.attributes(span) and SECRET not in json.dumps(span), span


def test_a_destination_that_is_away_costs_nothing_and_later_spans_arrive():
    with harness.Server() as destination:
        port = destination.ports["otlp_http"]
        destination.kill()
        with harness.Server("--forward", f"http://127.0.0.1:{port}", "--forward-queue", "1KiB") as source:
            for number in range(1, 101):
                assert source.export(small_body(number))[0] == 200
            assert metric(source, "clew_ingest_accepted_spans_total") == 100
            assert len(source.trace_spans(trace_id(100))) == 1
            dropped = forwarded(source, "dropped")
            assert 0 < dropped < 100 and forwarded(source, "sent") == 0, dropped
            assert 0 < metric(source, "clew_forward_queue_bytes") <= 1024
            assert "were not forwarded" in source.log_text(), source.log_text()
            destination.flags = (f"--port-otlp-http={port}",)
            destination.start()
            wait_for(source, lambda: forwarded(source, "sent") == 100 - dropped)  # those that waited
            assert source.export(small_body(101))[0] == 200
            wait_for(source, lambda: forwarded(source, "sent") == 101 - dropped)
            assert len(destination.trace_spans(trace_id(101))) == 1
            assert metric(destination, "clew_ingest_accepted_spans_total") == 101 - dropped
            assert forwarded(source, "failed") == 0 and forwarded(source, "dropped") == dropped


def test_secret_headers_come_from_a_file():
    with tempfile.TemporaryDirectory() as folder:
        credentials = pathlib.Path(folder, "credentials.yaml")
        credentials.write_text("tenants:\n  shop:\n    tokens: [t0ken]\n")
        headers = pathlib.Path(folder, "headers")
        headers.write_text("# who we are\nAuthorization: Bearer t0ken\n")
        with harness.Server("--credentials", str(credentials)) as destination:
            with harness.Server("--forward", url(destination), "--forward-headers-file", str(headers)) as source:
                assert source.export(small_body(1))[0] == 200
                wait_for(source, lambda: forwarded(source, "sent") == 1)
            with harness.Server("--forward", url(destination)) as source:
                assert source.export(small_body(2))[0] == 200
                wait_for(source, lambda: forwarded(source, "failed") == 1)
                assert "http status 401" in source.log_text(), source.log_text()


def test_tenants_stay_apart():
    with harness.Server("--multitenancy") as destination, \
         harness.Server("--multitenancy", "--forward", url(destination)) as source:
        for number, tenant in ((1, "shop"), (2, "warehouse")):
            assert source.export(small_body(number), {"X-Scope-OrgID": tenant})[0] == 200
        wait_for(source, lambda: forwarded(source, "sent") == 2)
        for number, tenant, status in ((1, "shop", 200), (2, "shop", 404), (2, "warehouse", 200)):
            answer = destination.request("api", "GET", f"/api/traces/{trace_id(number)}",
                                         headers={"X-Scope-OrgID": tenant})
            assert answer[0] == status, (number, tenant, answer)


def test_what_waits_is_sent_before_the_end():
    with harness.Server() as destination:
        with harness.Server("--forward", url(destination)) as source:
            for number in range(1, 41):
                assert source.export(small_body(number))[0] == 200
            assert source.stop() == 0
        assert metric(destination, "clew_ingest_accepted_spans_total") == 40


def test_what_is_wrong_with_a_flag_is_said():
    for flags, problem in ((("--forward", "other:4318"), "is not a URL that starts with http"),
                           (("--forward", "grpc://other:4317/v1"), "must not have a path")):
        _, said = harness.run_clew("server", *flags, code=2)
        assert problem in said, said
    with tempfile.TemporaryDirectory() as folder:
        _, said = harness.run_clew("server", "--data", folder, "--forward", "http://other:4318",
                                   "--forward-header", "t0ken", code=1)
    assert "'name: value'" in said and "t0ken" not in said, said


if __name__ == "__main__":
    harness.run_tests(globals())
