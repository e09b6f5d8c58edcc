"""All spans of a server as its API tells them: what SQL over its blocks must agree with."""
import base64
import collections

KINDS = ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")
STATUSES = ("UNSET", "OK", "ERROR")

# attributes: by "scope.key", the OTLP type ("stringValue", …) and the JSON of the value.
Span = collections.namedtuple("Span", "trace_id span_id parent_id start end name kind status_code "
                                      "service attributes events links")


def number_of(names, value):
    return 0 if value is None else names.index(value.split("_")[-1])


def typed(holder, scope):
    """The attributes of a resource, scope, span or event: {"scope.key": (type, value)}."""
    found = {}
    for item in holder.get("attributes", []):
        kind, value = next(iter(item["value"].items()), (None, None))
        found.setdefault(f"{scope}.{item['key']}", (kind, value))
    return found


def read_span(trace_id, resource, scope, span):
    attributes = {**typed(resource, "resource"), **typed(scope, "scope"), **typed(span, "span")}
    return Span(trace_id, base64.b64decode(span["spanId"]).hex(),
                base64.b64decode(span.get("parentSpanId", "")).hex(),
                int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"]), span.get("name", ""),
                number_of(KINDS, span.get("kind")), number_of(STATUSES, span.get("status", {}).get("code")),
                attributes.get("resource.service.name", (None, None))[1], attributes,
                [(event.get("name", ""), typed(event, "event")) for event in span.get("events", [])],
                [typed(link, "link") for link in span.get("links", [])])


def all_spans(server):
    found = []
    for trace in server.search("limit=200000"):
        trace_id = trace["traceID"].rjust(32, "0")
        status, reply = server.get_json(f"/api/traces/{trace_id}")
        assert status == 200, (status, trace_id)
        found += [read_span(trace_id, batch.get("resource", {}), scope.get("scope", {}), span)
                  for batch in reply["batches"]
                  for scope in batch.get("scopeSpans", [])
                  for span in scope.get("spans", [])]
    return found
