"""`clew server --self-tracing`: what the server does becomes spans of a tenant of their own, and looking at them
makes no more. Every claim of docs/self-tracing.md is tested here."""
import base64
import http.client
import json
import os
import pathlib
import re
import subprocess
import tempfile
import urllib.parse

import harness
import stream_call

PAGE = harness.ROOT / "docs/self-tracing.md"
SELF = {"x-scope-orgid": "clew-self"}
TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
QUERY = "/api/search?q=" + urllib.parse.quote('{ name = "what-was-asked" }')


def send_span(server, headers=None):
    assert server.export(harness.otlp_request([harness.otlp_span(os.urandom(16), os.urandom(8))]), headers)[0] == 200


def send_and_flush(server, headers=None):
    send_span(server, headers)
    assert server.request("api", "POST", "/flush", headers=headers or {})[0] == 204


def ask(server, path=QUERY, headers=None, traceparent=None):
    fields = {"accept": "application/json", **(headers or {}), **({"traceparent": traceparent} if traceparent else {})}
    status, _, body = server.request("api", "GET", path, headers=fields)
    return status, body


def own_spans(server, query, headers=SELF):
    """The spans that a TraceQL query finds among the server's own."""
    status, body = ask(server, "/api/search?spss=100&limit=1000&q=" + urllib.parse.quote(query), headers)
    assert status == 200, body
    return [span for trace in json.loads(body)["traces"] for spans in trace["spanSets"] for span in spans["spans"]]


def own_trace(server, trace_id=TRACE):
    """{name: span} of the server's part of a trace."""
    status, body = ask(server, f"/api/traces/{trace_id}", SELF)
    if status == 404:
        return {}
    batches = json.loads(body)["batches"]
    assert {harness.attributes(batch["resource"])["service.name"] for batch in batches} == {"clew"}
    return {span["name"]: span for batch in batches for scope in batch["scopeSpans"] for span in scope["spans"]}


def wait_for(server, condition):
    harness.wait_for(condition, server.process, server.folder / "server.log")


def stored(server):
    return server.metric("clew_self_tracing_stored_spans_total")


def hex_of(identity):
    """An ID of the answer's JSON, which is in base64."""
    return base64.b64decode(identity).hex()


def test_a_request_is_a_span_below_its_caller_and_its_query_one_below():
    with harness.Server("--self-tracing", "--log-format=json", "--slow-query=1ns") as server:
        assert ask(server, traceparent=f"00-{TRACE}-{CALLER}-01")[0] == 200
        wait_for(server, lambda: len(own_trace(server)) == 2)
        spans = own_trace(server)
        request, query = spans["GET /api/search"], spans["query /api/search"]
        assert hex_of(request["traceId"]) == TRACE and hex_of(request["parentSpanId"]) == CALLER, request
        assert request["kind"] == "SPAN_KIND_SERVER" and query["parentSpanId"] == request["spanId"], spans
        assert harness.attributes(request) == {
            "clew.tenant": "single-tenant", "http.request.method": "GET", "http.route": "/api/search",
            "http.response.status_code": 200}, request
        attributes = harness.attributes(query)
        assert "what-was-asked" in attributes["clew.query"] and attributes["clew.results"] == 0, query
        assert attributes["clew.tenant"] == "single-tenant", query
        # The line of the log names the span of the query.
        lines = [json.loads(line) for line in server.log_text().splitlines() if line.startswith("{")]
        (line,) = [line for line in lines if line.get("trace_id") == TRACE]
        assert line["span_id"] == hex_of(query["spanId"]), line


def test_a_trace_that_its_caller_does_not_sample_has_no_spans_here():
    with harness.Server("--self-tracing") as server:
        assert ask(server, traceparent=f"00-{TRACE}-{CALLER}-00")[0] == 200
        assert ask(server, traceparent=f"00-{TRACE[::-1]}-{CALLER}-01")[0] == 200  # a later one
        wait_for(server, lambda: len(own_trace(server, TRACE[::-1])) == 2)
        assert own_trace(server) == {} and stored(server) == 2


def follow(server):
    """Begins a live tail, and leaves."""
    connection = http.client.HTTPConnection("127.0.0.1", server.ports["api"], timeout=30)
    connection.request("GET", "/api/clew/v1/tail")
    assert connection.getresponse().status == 200
    connection.close()


def test_wrong_requests_deletions_and_grpc_are_spans_and_the_rest_is_none():
    with harness.Server("--self-tracing") as server:
        assert ask(server, "/api/search?q=%7B")[0] == 400
        assert ask(server, "/api/traces/2a")[0] == 404
        assert server.request("api", "DELETE", "/api/clew/v1/traces/2a")[0] in (200, 404)
        assert ask(server, "/api/clew/v1/searches")[0] == 200
        for path in ("/metrics", "/ready", "/status", "/", "/api/echo"):
            assert ask(server, path)[0] == 200, path
        follow(server)
        assert stream_call.call(server, "Search", {}).code == 0
        wait_for(server, lambda: len(own_spans(server, "{ kind = server }")) >= 5)
        status = "span.http.response.status_code"
        assert len(own_spans(server, f'{{ name = "GET /api/search" && {status} = 400 }}')) == 1
        assert len(own_spans(server, f'{{ name = "GET /api/traces/{{id}}" && {status} = 404 }}')) == 1
        assert len(own_spans(server, '{ name = "DELETE /api/clew/v1/traces/{id}" }')) == 1
        grpc = '{ name = "tempopb.StreamingQuerier/Search" && kind = server && span.rpc.grpc.status_code = 0 }'
        assert len(own_spans(server, grpc)) == 1
        assert len(own_spans(server, '{ name = "GET /api/clew/v1/searches" }')) == 1
        assert len(own_spans(server, "{ kind = server }")) == 5


def test_flushes_and_compactions_are_spans():
    with harness.Server("--self-tracing", "--merge-from=2") as server:
        send_and_flush(server)
        send_and_flush(server)
        wait_for(server, lambda: own_spans(server, '{ name = "compaction" }'))
        flushes = own_spans(server, '{ name = "flush" && span.clew.tenant = "single-tenant" && span.clew.spans = 1 }')
        assert len(flushes) == 2, flushes
        assert len(own_spans(server, '{ name = "compaction" && span.clew.blocks = 2 && span.clew.spans = 2 }')) == 1
        wait_for(server, lambda: len(own_spans(server, '{ name = "POST /flush" && kind = server }')) == 2)


def test_blocks_that_are_dropped_are_a_span():
    with harness.Server("--self-tracing", "--max-disk=1") as server:
        send_and_flush(server)
        wait_for(server, lambda: own_spans(server, '{ name = "retention" && span.clew.blocks = 1 }'))


def test_looking_at_them_and_storing_them_makes_no_more():
    with harness.Server("--self-tracing", "--self-tracing-ingest-share=1", "--merge-from=2") as server:
        assert ask(server)[0] == 200
        wait_for(server, lambda: stored(server) == 2)
        for _ in range(3):
            for _ in range(10):
                own_spans(server, "{ }")
                own_trace(server)
            send_and_flush(server, SELF)  # whose span it is: no ingest, no request, no flush, no compaction
        wait_for(server, lambda: server.metric("clew_store_merges_total") >= 1)
        assert ask(server)[0] == 200  # Spans are stored in the order of their ends: what there was came before.
        wait_for(server, lambda: stored(server) >= 4)
        assert stored(server) == 4
        assert server.metric("clew_self_tracing_dropped_spans_total") == 0
        assert len(own_spans(server, '{ resource.service.name = "clew" }')) == 4


def test_of_bodies_there_is_the_share_that_is_asked_for():
    for share, expected in (("1", 5), ("0", 0)):
        with harness.Server("--self-tracing", f"--self-tracing-ingest-share={share}") as server:
            for _ in range(5):
                send_span(server)
            assert ask(server)[0] == 200
            wait_for(server, lambda: stored(server) >= 2 + expected)
            found = own_spans(server, '{ name = "ingest" && span.clew.receiver = "otlp_http" && span.clew.accepted_spans = 1 }')
            assert len(found) == expected, found
            assert server.metric("clew_ingest_accepted_spans_total", receiver="self") == stored(server)


def test_the_end_waits_for_them():
    with harness.Server("--self-tracing") as server:
        assert ask(server, traceparent=f"00-{TRACE}-{CALLER}-01")[0] == 200
        assert server.stop() == 0
        server.start()
        assert "GET /api/search" in own_trace(server), own_trace(server)


def test_without_the_flag_there_are_none():
    shop = {"x-scope-orgid": "shop"}
    with harness.Server("--multitenancy") as server:
        send_and_flush(server, shop)
        assert ask(server, headers=shop, traceparent=f"00-{TRACE}-{CALLER}-01")[0] == 200
        assert own_spans(server, "{ }") == []
        assert "clew_self_tracing" not in ask(server, "/metrics", shop)[1].decode()
        assert server.stop() == 0
        assert not list(pathlib.Path(server.data).glob("blocks/clew-self*"))


def test_where_tenants_are_told_apart_it_is_one_of_them():
    shop = {"x-scope-orgid": "shop"}
    with harness.Server("--self-tracing", "--multitenancy") as server:
        send_and_flush(server, shop)
        wait_for(server, lambda: own_spans(server, '{ name = "flush" && span.clew.tenant = "shop" }'))
        assert own_spans(server, '{ name = "flush" }', shop) == []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "credentials.yaml")
        path.write_text("tenants: {shop: {tokens: [one]}, clew-self: {tokens: [two]}}")
        with harness.Server("--self-tracing", f"--credentials={path}") as server:
            one, two = ({"authorization": f"Bearer {token}"} for token in ("one", "two"))
            assert ask(server, headers=one)[0] == 200
            wait_for(server, lambda: own_spans(server, '{ span.clew.tenant = "shop" }', two))
            assert ask(server, headers={**one, **SELF})[0] == 403


def test_rules_and_limits_hold_for_them_too():
    (rule,) = re.findall(r"--redact (drop:[a-z.]+)", PAGE.read_text())
    with harness.Server("--self-tracing", "--redact", rule) as server:
        assert ask(server, traceparent=f"00-{TRACE}-{CALLER}-01")[0] == 200
        wait_for(server, lambda: len(own_trace(server)) == 2)
        attributes = harness.attributes(own_trace(server)["query /api/search"])
        assert "clew.results" in attributes and "clew.query" not in attributes, attributes
    with harness.Server("--self-tracing", "--tenant-rate=1") as server:
        assert ask(server)[0] == 200
        wait_for(server, lambda: stored(server) + server.metric("clew_self_tracing_dropped_spans_total") == 2)
        assert ask(server)[0] == 200
        wait_for(server, lambda: server.metric("clew_self_tracing_dropped_spans_total") >= 2)


def test_the_numbers_of_the_page_are_right():
    page = PAGE.read_text()
    limits = (harness.ROOT / "libs/self_tracing/limits.h").read_text()
    (queued,) = re.findall(r"kQueuedSpans = (\d+);", limits)
    assert f"{queued} of them wait at most" in page
    shown = json.loads(harness.run_clew("config", "show", "--effective", "--json")[0])
    assert shown["self-tracing-ingest-share"]["value"] == "0.01" and "one of a hundred" in page


def test_they_are_not_forwarded():
    with harness.Server() as destination:
        url = f"http://127.0.0.1:{destination.ports['otlp_http']}"
        with harness.Server("--self-tracing", "--forward", url) as server:
            assert ask(server)[0] == 200
            wait_for(server, lambda: stored(server) == 2)
            send_span(server)
            wait_for(server, lambda: server.metric("clew_forward_sent_spans_total") == 1)
            assert server.stop() == 0
        assert destination.metric("clew_ingest_accepted_spans_total") == 1


def test_the_commands_of_the_page_find_them():
    page = PAGE.read_text()
    (flag,) = re.findall(r"^clew server (--self-tracing)$", page, re.MULTILINE)
    with harness.Server(flag) as server:
        assert ask(server)[0] == 200
        wait_for(server, lambda: stored(server) == 2)
        (command,) = re.findall(r"^clew query (.*)$", page, re.MULTILINE)
        run = subprocess.run(f"'{harness.CLEW}' query {command}".replace("http://127.0.0.1:3200", harness.of_server(server)[1]),
                             shell=True, capture_output=True, text=True, timeout=60)
        assert run.returncode == 0 and "GET /api/search" in run.stdout, run
        for name in re.findall(r"clew_self_tracing_\w+", page):
            server.metric(name)


if __name__ == "__main__":
    harness.run_tests(globals())
