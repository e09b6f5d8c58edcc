"""Traces that somebody saved as JSON: does the ledger of each add up to its root's time, to the nanosecond?"""
import base64
import json


def ask(server, path, body):
    status, _, answer = server.request("api", "POST", "/api/clew/v1/open" + path, body=body,
                                       headers={"Accept": "application/json"})
    assert status == 200, (path, status, answer[:200])
    return json.loads(answer)


def root_nanos(trace, span_id):
    """How long the span takes by the spans themselves; copies of it may differ, the ledger takes one."""
    spans = [span for resource in trace["resourceSpans"] for scope in resource["scopeSpans"] for span in scope["spans"]]
    return {int(span.get("endTimeUnixNano", 0)) - int(span.get("startTimeUnixNano", 0)) for span in spans
            if base64.b64decode(span["spanId"]).hex() == span_id}


def is_exact(server, body, trace_id):
    ledger = ask(server, f"/api/clew/v1/trace/{trace_id}/ledger", body)
    total = sum(row["nanos"] for row in ledger["rows"])
    trace = ask(server, f"/api/v2/traces/{trace_id}", body)["trace"]
    return total == ledger["durationNanos"] and total in root_nanos(trace, ledger["root"]["spanId"])


def count_exact(harness, folders):
    """(traces that add up, traces) of all JSON files below some folders."""
    exact = traces = 0
    with harness.Server() as server:
        for file in sorted(path for folder in folders for path in folder.rglob("*.json")):
            body = file.read_bytes()
            for found in ask(server, "/api/search?limit=1000", body)["traces"]:
                traces += 1
                adds_up = is_exact(server, body, found["traceID"])
                exact += adds_up
                if not adds_up:
                    print(f"{file}: {found['traceID']} does not add up")
    return exact, traces
