"""The critical path of a trace as others walk it, beside ours.

Theirs (Jaeger's pages, CRISP): of a span's calls the one that ends last, then the last that ended before that one began,
and so on to the front; what lies outside of its caller is cut off. A call that runs beside a later one is not on it, and
its time falls to the caller. Ours gives an instant to the call that runs then, and ends last of those that do."""
import base64
import collections

kFields = ("startTimeUnixNano", "endTimeUnixNano")
Span = collections.namedtuple("Span", "start end parent")


def spans_of(trace):
    """By id; None where spans share one, which others do not walk."""
    found = {}
    for resource in trace["resourceSpans"]:
        for scope in resource["scopeSpans"]:
            for span in scope["spans"]:
                name = base64.b64decode(span["spanId"]).hex()
                if name in found:
                    return None
                start, end = (int(span.get(field, 0)) for field in kFields)
                found[name] = Span(start, max(start, end), base64.b64decode(span.get("parentSpanId", "")).hex())
    return found


def their_path(spans, root):
    """[(start, end, id)] in the order of time, without gaps."""
    calls = collections.defaultdict(list)
    for name, span in spans.items():
        calls[span.parent].append(name)
    path, waiting = [], [(root, spans[root].start, spans[root].end)]
    while waiting:
        owner, start, until = waiting.pop()
        cut = [(max(start, spans[name].start), min(until, spans[name].end), name) for name in calls[owner]]
        for begin, end, name in sorted((each for each in cut if each[0] < each[1]), key=lambda each: -each[1]):
            if end > until:
                continue
            path.append((end, until, owner))
            waiting.append((name, begin, end))
            until = begin
        path.append((start, until, owner))
    return sorted(each for each in path if each[0] < each[1])


def way_to(spans, name):
    """From the root down to a span."""
    way = []
    while name in spans and name not in way:
        way.append(name)
        name = spans[name].parent
    return way[::-1]


def runs_beside(spans, start, end, owner, their_owner):
    """Whether ours has a call that runs then where theirs has its caller, or another that ends no later."""
    way, their_way = way_to(spans, owner), way_to(spans, their_owner)
    fork = next((at for at, pair in enumerate(zip(way, their_way)) if pair[0] != pair[1]), min(len(way), len(their_way)))
    if fork == 0 or fork == len(way):
        return False
    call = spans[way[fork]]
    runs = call.start <= start and end <= call.end
    return runs and (fork == len(their_way) or spans[their_way[fork]].end <= call.end)


def judge(spans, ledger):
    """"same"; "beside": they differ by the rule above alone; "shared": ids are; "other"."""
    if spans is None:
        return "shared"
    zero = int(ledger["startUnixNano"])
    ours = [(zero + each["startNanos"], zero + each["endNanos"], each["spanId"]) for each in ledger["segments"]]
    theirs = their_path(spans, ledger["root"]["spanId"])
    verdict = "same"
    for start, end, owner in ours:
        for their_start, their_end, their_owner in theirs:
            both = max(start, their_start), min(end, their_end)
            if both[0] >= both[1] or owner == their_owner:
                continue
            if not runs_beside(spans, *both, owner, their_owner):
                return "other"
            verdict = "beside"
    return verdict
