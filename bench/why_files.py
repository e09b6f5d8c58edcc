"""Traces that somebody saved as JSON: does the ledger of each add up to its root's time, to the nanosecond?"""
import base64
import collections
import json

import why_paths


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


def is_exact(ledger, trace):
    total = sum(row["nanos"] for row in ledger["rows"])
    return total == ledger["durationNanos"] and total in root_nanos(trace, ledger["root"]["spanId"])


def count_exact(harness, folders):
    """(traces that add up, traces, {how our path lies to that of others: traces}) of all JSON files below some folders."""
    exact = traces = 0
    paths = collections.Counter()
    with harness.Server() as server:
        for file in sorted(path for folder in folders for path in folder.rglob("*.json")):
            body = file.read_bytes()
            for found in ask(server, "/api/search?limit=1000", body)["traces"]:
                traces += 1
                ledger = ask(server, f"/api/clew/v1/trace/{found['traceID']}/ledger", body)
                trace = ask(server, f"/api/v2/traces/{found['traceID']}", body)["trace"]
                adds_up = is_exact(ledger, trace)
                path = why_paths.judge(why_paths.spans_of(trace), ledger)
                paths[path] += 1
                exact += adds_up
                if not adds_up:
                    print(f"{file}: {found['traceID']} does not add up")
                if path == "other":
                    print(f"{file}: {found['traceID']} has another path than others give it")
    return exact, traces, paths
