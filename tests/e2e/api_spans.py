"""All spans of a server as its API tells them: what SQL over its blocks must agree with."""
import base64
import collections

KINDS = ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")
STATUSES = ("UNSET", "OK", "ERROR")

# attributes: by "scope.key", the OTLP type ("stringValue", …) and the JSON of the value.
Span = collections.namedtuple("Span", "trace_id span_id parent_id start end name kind status_code "
                                      "service attributes events links")
Event = collections.namedtuple("Event", "time name dropped attributes")
Link = collections.namedtuple("Link", "trace_id span_id trace_state flags dropped attributes")


def number_of(names, value):
    return 0 if value is None else names.index(value.split("_")[-1])


def typed(holder, scope):
    """The attributes of a resource, scope, span or event: {"scope.key": (type, value)}."""
    found = {}
    for item in holder.get("attributes", []):
        kind, value = next(iter(item["value"].items()), (None, None))
        found.setdefault(f"{scope}.{item['key']}", (kind, value))
    return found


def hex_of(text):
    return base64.b64decode(text).hex()


def read_event(event):
    return Event(int(event["timeUnixNano"]), event.get("name", ""), event.get("droppedAttributesCount", 0),
                 typed(event, "event"))


def read_link(link):
    return Link(hex_of(link["traceId"]), hex_of(link["spanId"]), link.get("traceState", ""), link.get("flags", 0),
                link.get("droppedAttributesCount", 0), typed(link, "link"))


def read_span(trace_id, resource, scope, span):
    attributes = {**typed(resource, "resource"), **typed(scope, "scope"), **typed(span, "span")}
    return Span(trace_id, hex_of(span["spanId"]), hex_of(span.get("parentSpanId", "")),
                int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"]), span.get("name", ""),
                number_of(KINDS, span.get("kind")), number_of(STATUSES, span.get("status", {}).get("code")),
                attributes.get("resource.service.name", (None, None))[1], attributes,
                list(map(read_event, span.get("events", []))), list(map(read_link, span.get("links", []))))


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
