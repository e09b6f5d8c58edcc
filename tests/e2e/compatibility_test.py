"""docs/compatibility.md: every call that it lists is answered."""
import re
import urllib.parse

import harness

PAGE = harness.ROOT / "docs/compatibility.md"


def listed_calls():
    """The paths of the page's table, as they stand there."""
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `GET ")]
    return [call.replace("\\|", "|") for row in rows for call in re.findall(r"`GET ([^`]+)`", row.split(" | ")[0])]


def target(call, trace_id):
    path, _, query = call.replace("{id}", trace_id).partition("?")
    name, _, value = query.partition("=")
    return f"{path}?{name}={urllib.parse.quote(urllib.parse.unquote(value))}" if query else path


def test_every_call_of_the_page_is_answered():
    calls = listed_calls()
    assert len(calls) > 12, calls
    with harness.Server() as server:
        trace_id = b"c" * 16
        assert server.export(harness.otlp_request([harness.otlp_span(trace_id, b"00000001")]))[0] == 200
        for call in calls:
            status, body = server.get(target(call, trace_id.hex()))
            assert status == 200 and body, (call, status, body)


def test_differences_that_the_page_names_are_there():
    with harness.Server() as server:
        spans = [harness.otlp_span(bytes([i]) * 16, b"00000001", start=i * 1_000_000_000) for i in range(1, 4)]
        assert server.export(harness.otlp_request(spans))[0] == 200

        def found(query):
            return [trace["traceID"][-2:] for trace in server.search(query)]

        assert found("q=%7B%7D") == ["03", "02", "01"]
        assert found("q=%7B%7D&limit=2") == ["03", "02"]
        assert found("q=%7B%7D&start=2") == ["03", "02"]
        assert found("q=%7B%7D&end=2") == ["01"]
        assert found("q=%7B%7D&start=2&end=2") == ["02"]
        assert found("q=%7B%7D&start=1&end=4000000000") == ["03", "02", "01"]
        assert found("q=" + urllib.parse.quote("{ 1 / 0 = 1 }")) == []


if __name__ == "__main__":
    harness.run_tests(globals())
