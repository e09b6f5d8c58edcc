"""`clew why` and the ledger of the API: a server and a directory say where the time of a trace went."""
import json
import urllib.parse

import harness

START = 1_700_000_000_000_000_000
MS = 1_000_000
CHECKOUT = f"{0xc0:032x}"


def clew_why(*arguments, code=0):
    return harness.run_clew("why", *arguments, code=code)


def span(number, parent, name, times, kind, **attributes):
    """`times`: its first and last millisecond; `kind` as OTLP numbers it."""
    texts = [{"key": key.replace("__", "."), "value": {"stringValue": value}} for key, value in attributes.items()]
    named = {"parentSpanId": f"{parent:016x}"} if parent else {}
    return {"traceId": CHECKOUT, "spanId": f"{number:016x}", "name": name, "kind": kind, **named,
            "startTimeUnixNano": str(START + times[0] * MS), "endTimeUnixNano": str(START + times[1] * MS),
            "attributes": texts}


def resource(service, *spans):
    return {"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]},
            "scopeSpans": [{"spans": list(spans)}]}


def send_checkout(server):
    """10 ms of shop, 20 of network, 200 of a database that sends no spans, and 20 of pay itself."""
    body = {"resourceSpans": [
        resource("shop", span(1, 0, "POST /checkout", (0, 250), 2), span(2, 1, "charge", (5, 245), 3, pod="shop-1")),
        resource("pay", span(3, 2, "Charge", (15, 235), 2),
                 span(4, 3, "SELECT account", (25, 225), 3, peer__service="ledger-db", pod="pay-7"))]}
    status, _, reply = server.request("otlp_http", "POST", "/v1/traces", json.dumps(body),
                                      {"Content-Type": "application/json"})
    assert status == 200, (status, reply)


VERDICT = ("250 ms. 80 % in pay SELECT account, callee ledger-db; 8 % network shop → pay; "
           "8 % in pay Charge; rest 4 %.")


def test_says_where_the_time_of_a_trace_went_from_memory_block_and_directory():
    with harness.Server() as server:
        send_checkout(server)
        first = clew_why(CHECKOUT, *harness.of_server(server))[0]
        assert first.splitlines()[0] == VERDICT, first
        assert clew_why(CHECKOUT, *harness.of_data(server))[0] == first
        assert server.get("/flush")[0] == 204
        assert clew_why(CHECKOUT, *harness.of_server(server))[0] == first
        assert clew_why(CHECKOUT.lstrip("0"), *harness.of_data(server))[0] == first


def test_rows_are_a_table_with_bars():
    with harness.Server() as server:
        send_checkout(server)
        lines = clew_why(CHECKOUT, *harness.of_server(server))[0].splitlines()
        assert lines[1] == "shop POST /checkout, 2023-11-14 22:13:20 UTC", lines
        assert lines[3].split() == ["SHARE", "TIME", "CAN", "SAVE", "SPANS", "WHERE"], lines
        assert lines[4].split("  ")[0].strip() == "80 %" and "█" * 25 in lines[4], lines
        assert lines[4].endswith("pay SELECT account, callee ledger-db"), lines
        assert "░" in lines[5] and lines[5].endswith("network shop → pay"), lines
        rest = clew_why(CHECKOUT, *harness.of_server(server), "--rows", "2")[0].splitlines()
        assert rest[6].split()[:4] == ["12", "%", "30.0", "ms"] and rest[6].endswith("rest, 2 rows"), rest


def test_groups_by_what_is_asked_for():
    with harness.Server() as server:
        send_checkout(server)
        for by, first in (("service", "250 ms. 96 % in pay; rest 4 %."),
                          ("category", "250 ms. 80 % callee; 12 % self; 8 % network."),
                          ("span.pod", "250 ms. 80 % in pay-7; 12 % in spans without it; 8 % in shop-1.")):
            assert clew_why(CHECKOUT, *harness.of_server(server), "--by", by)[0].splitlines()[0] == first, by


def test_the_api_adds_up_to_the_nanosecond():
    with harness.Server() as server:
        send_checkout(server)
        _, answer = server.get_json(f"/api/clew/v1/trace/{CHECKOUT}/ledger")
        assert json.loads(clew_why(CHECKOUT, *harness.of_server(server), "--json")[0]) == answer
        assert answer["durationNanos"] == 250 * MS and answer["startUnixNano"] == str(START)
        assert sum(row["nanos"] for row in answer["rows"]) == 250 * MS
        assert sum(row["share"] for row in answer["rows"]) == 100
        assert [(s["spanId"][-1], s["category"], s["endNanos"] // MS) for s in answer["segments"]] == [
            ("1", "self", 5), ("2", "network", 15), ("3", "self", 25), ("4", "callee", 225), ("3", "self", 235),
            ("2", "network", 245), ("1", "self", 250)]
        network = next(row for row in answer["rows"] if row["category"] == "network")
        assert (network["service"], network["peer"], network["spans"]) == ("pay", "shop", [f"{2:016x}"])
        assert "".join(part["text"] for part in answer["verdict"]["parts"]) == answer["verdict"]["text"] == VERDICT
        told = [part["row"] for part in answer["verdict"]["parts"] if part["kind"] == "row"]
        assert told == [0, 1, 2], answer["verdict"]


def send_orders(server, first, count, wait, version="1.0"):
    """Traces with these numbers, a second apart, in which the way to pay takes `wait` milliseconds more."""
    spans = {"shop": [], "pay": []}
    for number in range(first, first + count):
        begin = number * 1000
        end = begin + 50 + number % 7 + wait
        for service, one in (("shop", span(1, 0, "POST /order", (begin, end), 2)),
                             ("shop", span(2, 1, "charge", (begin + 5, end - 5), 3)),
                             ("pay", span(3, 2, "Charge", (begin + 15 + wait, end - 15), 2, version=version, request=str(number),
                                  area="of " + version))):
            spans[service].append({**one, "traceId": f"{number + 1:032x}"})
    body = {"resourceSpans": [resource(service, *of_service) for service, of_service in spans.items()]}
    status, _, reply = server.request("otlp_http", "POST", "/v1/traces", json.dumps(body),
                                      {"Content-Type": "application/json"})
    assert status == 200, (status, reply)


def test_many_traces_are_merged_by_call_path():
    with harness.Server() as server:
        send_orders(server, 0, 60, 0)
        asked = "--q", "{ }", "--by", "path"
        text = clew_why(*asked, *harness.of_server(server))[0]
        assert text.splitlines()[4:7] == [
            "100 %  52.9 ms  10.0 ms  ██████          shop POST /order",
            " 81 %  42.9 ms  20.0 ms  ████████████▏     shop charge",
            " 43 %  22.9 ms  22.9 ms  █████████████▉      pay Charge"], text
        assert clew_why(*asked, *harness.of_data(server))[0] == text
        assert server.get("/flush")[0] == 204
        assert clew_why(*asked, *harness.of_server(server))[0] == text
        answer = json.loads(clew_why(*asked, "--json", *harness.of_server(server))[0])
        assert sum(row["nanos"] for row in answer["rows"]) == answer["durationNanos"], answer
        assert answer["rows"][0]["subtreeNanos"] == answer["durationNanos"], answer


def test_what_a_service_waits_for_is_told_of_its_calls():
    with harness.Server() as server:
        send_checkout(server)
        asked = "--q", "{ }", "--service", "pay"
        text = clew_why(*asked, *harness.of_server(server))[0]
        assert text.startswith("220 ms on the average (n = 1). 91 % in pay SELECT account, callee ledger-db; 9 % in pay "
                               "Charge."), text
        assert clew_why(*asked, *harness.of_data(server))[0] == text
        assert server.get("/flush")[0] == 204
        assert clew_why(*asked, *harness.of_server(server))[0] == text
        assert "--service needs --q" in clew_why(CHECKOUT, "--service", "pay", *harness.of_server(server), code=2)[1]


def test_so_many_traces_at_most_are_read_the_newest():
    with harness.Server() as server:
        send_orders(server, 0, 60, 0)
        send_orders(server, 60, 30, 200)
        for source in harness.of_server(server), harness.of_data(server):
            text = clew_why("--q", "{ }", "--traces", "10", *source)[0]
            assert text.startswith("253 ms on the average (n = 10). 87 % network shop → pay; "), text
            assert "There are more traces than the newest 10" in text, text
            text = clew_why("--q", "{ }", *source)[0]
            assert text.startswith("120 ms on the average (n = 90). ") and "There are more" not in text, text
        assert "traces: must be 1 to 20000" in clew_why("--q", "{ }", "--traces", "0", *harness.of_server(server), code=2)[1]


def test_a_clock_that_is_off_is_told_and_corrected_when_asked():
    body = {"resourceSpans": [resource("shop", span(1, 0, "GET /", (0, 20), 2), span(2, 1, "charge", (5, 15), 3)),
                              resource("pay", span(3, 2, "Charge", (2, 10), 2))]}
    with harness.Server() as server:
        status, _, reply = server.request("otlp_http", "POST", "/v1/traces", json.dumps(body),
                                          {"Content-Type": "application/json"})
        assert status == 200, (status, reply)
        for source in harness.of_server(server), harness.of_data(server):
            text = clew_why(CHECKOUT, *source)[0]
            assert text.startswith("20.0 ms. 50 % in shop GET /; 25 % in pay Charge; 25 % network shop → pay."), text
            assert "Clocks differ: 1 server span is not inside its client. Skew can be corrected." in text, text
            text = clew_why(CHECKOUT, "--correct-skew", *source)[0]
            assert text.startswith("20.0 ms. 50 % in shop GET /; 40 % in pay Charge; 10 % network shop → pay."), text
            assert "Clocks differ: 1 server span moved into the middle of its client, with all below." in text, text


def test_says_what_one_set_spends_more_than_another():
    with harness.Server() as server:
        send_orders(server, 0, 60, 0)
        send_orders(server, 60, 30, 200, "1.1")
        asked = "--q", "{ duration > 100ms }", "--vs", "{ }"
        text = clew_why(*asked, *harness.of_server(server))[0]
        assert text.startswith("253 ms on the average (normally 52.9 ms; n = 30, against 60). "
                               "87 % network shop → pay (normally 38 %); rest 13 %.\n"), text
        lines = text.splitlines()
        assert lines[1] == "100 % have span.area = of 1.1 (normally 0 %), and 1 more with it.", text
        assert lines[2].startswith("Typical is ") and ", 253 ms, normally " in lines[2], text
        assert lines[4].split() == ["SHARE", "A", "TRACE", "WHERE"], text
        assert clew_why(*asked, *harness.of_data(server))[0] == text
        assert server.get("/flush")[0] == 204
        assert clew_why(*asked, *harness.of_server(server))[0] == text
        answer = json.loads(clew_why(*asked, "--json", *harness.of_server(server))[0])
        assert answer["difference"]["services"][0]["service"] == "pay", answer
        assert sum(row["nanos"] for row in answer["rows"]) == answer["durationNanos"], answer
        assert "".join(part["text"] for part in answer["verdict"]["parts"]) == answer["verdict"]["text"], answer
        told = [part["row"] for part in answer["verdict"]["parts"] if part["kind"] == "row"]
        assert [answer["difference"]["parts"][row]["label"] for row in told] == ["network shop → pay"], answer


def test_says_which_attributes_the_set_has():
    with harness.Server() as server:
        send_orders(server, 0, 60, 0)
        send_orders(server, 60, 30, 200, "1.1")

        def compared():
            asked = "--q", "{ duration > 100ms }", "--vs", "{ }", "--json"
            return json.loads(clew_why(*asked, *harness.of_server(server))[0])

        answer = compared()
        first = answer["attributes"][0]
        assert (first["key"], first["value"], first["set"]["with"], first["baseline"]["with"]) == (
            "span.area", "of 1.1", 30, 0), answer["attributes"]
        assert [(copy["key"], copy["value"]) for copy in first["copies"]] == [("span.version", "1.1")], first
        assert first["explained"] == 1 and first["riskRatioLow"] > 1.5, first
        left_out = {(each["key"], each["reason"]) for each in answer["attributesLeftOut"]}
        assert ("span.request", "identifier") in left_out, left_out
        _, found = server.get_json("/api/search?limit=100&q=" + urllib.parse.quote(first["query"]))
        slow = {trace["traceID"].zfill(32) for trace in found["traces"]}
        assert len(slow) == 30, found
        examples = answer["examples"]
        for kind in ("typical", "slowest"):
            assert {trace["traceId"] for trace in examples["set"][kind]} <= slow, examples
            assert not {trace["traceId"] for trace in examples["baseline"][kind]} & slow, examples
        assert sum(answer["durations"]["set"]) == 30 and sum(answer["durations"]["baseline"]) == 60, answer
        assert server.get("/flush")[0] == 204
        assert compared() == answer


def test_says_that_nothing_stands_out():
    with harness.Server() as server:
        send_orders(server, 0, 60, 0)
        half = START // 10**9 + 30
        text = clew_why("--q", "{ }", "--start", str(half), "--end", str(half + 60), "--vs", "{ }", "--vs-start",
                        str(half - 30), "--vs-end", str(half), *harness.of_server(server))[0]
        assert text.startswith("Nothing stands out: every row is within its usual range (n = 30, against 30).\n"), text
        assert "either a trace or --q" in clew_why(CHECKOUT, "--q", "{ }", *harness.of_server(server), code=2)[1]
        assert "--vs and --vs-before need --q" in clew_why("--vs", "{ }", *harness.of_server(server), code=2)[1]


def test_says_how_more_traces_are_read():
    with harness.Server() as server:
        send_orders(server, 0, 60, 0)
        send_orders(server, 60, 30, 200, "1.1")
        cut = "There are more traces than the newest 20."
        for source in (harness.of_server(server), harness.of_data(server)):
            asked = "--q", "{ duration > 100ms }", "--vs", "{ }", "--traces", "20", *source
            lines = clew_why(*asked)[0].splitlines()
            assert lines[-2:] == [cut + " --traces reads more.",
                                  "Of what it is compared with: " + cut + " --traces reads more."], lines
            notes = json.loads(clew_why(*asked, "--json")[0])["notes"]
            assert notes[0] == {"text": cut, "parameter": "traces"}, notes


def test_what_is_wrong_is_told():
    with harness.Server() as server:
        path = f"/api/clew/v1/trace/{CHECKOUT}/ledger"
        assert server.get(path)[0] == 404
        for parameters, why in (("by=span.", "invalid by: "), ("skew=on", "invalid skew: must be off or correct"),
                                ("rows=0", "invalid rows: must be 1 to 1000"), ("rows=x", "invalid rows: parsing"),
                                ("segments=100001", "invalid segments: must be 0 to 100000"),
                                ("group=name", "unknown parameter group")):
            status, body = server.get(f"{path}?{parameters}")
            assert status == 400 and why in body.decode(), (parameters, status, body)
        assert server.get("/api/clew/v1/trace/xyz/ledger")[0] == 400
        for source in (harness.of_server(server), harness.of_data(server)):
            assert f"there is no trace {CHECKOUT}" in clew_why(CHECKOUT, *source, code=1)[1]
        assert "hex digits" in clew_why("xyz", *harness.of_server(server), code=2)[1]
        assert "say which trace" in clew_why(code=2)[1]



SLOW_TEXT = "253 ms (normally 53.5 ms). 86 % network shop → pay (normally 38 %); rest 14 % as usual."


def test_a_slow_trace_among_normal_ones_is_told_from_them():
    with harness.Server() as server:
        send_orders(server, 0, 60, 0)
        send_orders(server, 62, 1, 197)
        slow, normal = f"{63:032x}", f"{60:032x}"
        text = clew_why(slow, *harness.of_server(server))[0]
        assert text.splitlines()[0] == SLOW_TEXT, text
        lines = text.splitlines()
        assert lines[3].startswith("usual  ██") and lines[3].endswith(" 53.5 ms"), text
        assert lines[4] == "this   " + 32 * "█" + " 253 ms", text
        assert lines[6].split() == ["SHARE", "TIME", "USUAL", "CAN", "SAVE", "SPANS", "WHERE"], text
        assert lines[7].split()[:6] == ["86", "%", "217", "ms", "20.3", "ms"], text
        note = "Against shop POST /order from 2023-11-14 22:13:20 to 22:14:19 UTC, 60 traces."
        assert note in lines, text
        # The same from a directory, from blocks, and each time.
        assert clew_why(slow, *harness.of_data(server))[0] == text
        assert server.get("/flush")[0] == 204
        assert clew_why(slow, *harness.of_server(server))[0] == text
        # A trace is not in its own baseline, nor is what came later.
        assert "Nothing stands out: every row is within its usual range (n = 59)." in clew_why(
            normal, *harness.of_server(server))[0]
        by = clew_why(slow, *harness.of_server(server), "--by", "service")[0].splitlines()[0]
        assert by.startswith("253 ms (normally 53.5 ms). ") and "in pay (normally " in by, by


def test_of_few_traces_nothing_is_claimed():
    with harness.Server() as server:
        send_orders(server, 0, 12, 0)
        _, first = server.get_json(f"/api/clew/v1/trace/{1:032x}/ledger")
        assert first["usual"] is None and first["notes"] == [], first
        _, sixth = server.get_json(f"/api/clew/v1/trace/{6:032x}/ledger")
        assert sixth["usual"] is None and "normally" not in sixth["verdict"]["text"], sixth
        assert sixth["notes"][0]["text"] == ("Too few to say what is usual: 5 of the 10 earlier traces of shop "
                                             "POST /order that it takes."), sixth["notes"]
        _, eleventh = server.get_json(f"/api/clew/v1/trace/{11:032x}/ledger")
        assert eleventh["usual"]["traces"] == 10 and "normally" in eleventh["verdict"]["text"], eleventh
        _, off = server.get_json(f"/api/clew/v1/trace/{11:032x}/ledger?usual=off")
        assert off["usual"] is None and off["notes"] == [], off


def test_the_api_says_what_is_usual():
    with harness.Server() as server:
        send_orders(server, 0, 60, 0)
        send_orders(server, 60, 1, 197)
        _, answer = server.get_json(f"/api/clew/v1/trace/{61:032x}/ledger")
        usual = answer["usual"]
        assert usual["traces"] == 60 and usual["slowerThan"] == 100, usual
        assert abs(usual["nanos"] - 53 * MS) < MS and usual["gone"] == [], usual
        assert usual["reference"]["kind"] == "newest" and usual["reference"]["complete"], usual
        assert usual["reference"]["startUnixNano"] == str(START), usual
        assert usual["reference"]["endUnixNano"] == str(START + 59_000 * MS), usual
        network = answer["rows"][0]
        assert network["usual"]["share"] == 38 and not network["usual"]["within"], network
        assert network["usualNanos"] == network["usual"]["nanos"] and network["usual"]["traces"] == 60, network
        assert abs(sum(row["usualNanos"] for row in answer["rows"]) - usual["nanos"]) < 5, answer["rows"]
        assert all(row["usual"]["within"] for row in answer["rows"][1:]), answer["rows"]
        spans = {(span["service"], span["operation"]): span for span in usual["spans"]}
        assert set(spans) == {("shop", "POST /order"), ("shop", "charge"), ("pay", "Charge")}, spans
        assert all(span["count"] == 60 == sum(span["buckets"][1::2]) for span in spans.values()), spans


def test_blocks_say_what_is_usual_and_a_damaged_one_is_named():
    with harness.Server() as server:
        for block in range(8):
            send_orders(server, 30 * block, 30, 0)
            assert server.get("/flush")[0] == 204
        harness.wait_for(lambda: len(list(server.data.glob("blocks/*/*"))) == 1, server.process,
                         server.folder / "server.log")
        send_orders(server, 300, 1, 197)
        slow = f"{301:032x}"
        _, answer = server.get_json(f"/api/clew/v1/trace/{slow}/ledger")
        assert answer["verdict"]["text"] == SLOW_TEXT, answer["verdict"]
        assert answer["usual"]["reference"]["kind"] == "hour" and answer["usual"]["traces"] == 240, answer["usual"]
        assert clew_why(slow, *harness.of_data(server))[0].splitlines()[0] == SLOW_TEXT
        # One of them is looked at among later ones, of which the block says more than it may.
        _, early = server.get_json(f"/api/clew/v1/trace/{100:032x}/ledger")
        assert early["usual"]["reference"]["kind"] == "newest" and early["usual"]["traces"] == 99, early["usual"]
        usual = next(server.data.glob("blocks/*/*/usual_times.bin"))
        whole = usual.read_bytes()
        usual.write_bytes(whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:])
        faults, _ = harness.run_clew("block", "verify", *harness.of_data(server), code=1)
        assert "usual_times.bin" in faults, faults
        status, headers, body = server.request("api", "GET", f"/api/clew/v1/trace/{slow}/ledger")
        assert status == 200 and usual.parent.name in headers["X-Clew-Partial"], headers
        assert json.loads(body)["usual"]["reference"]["kind"] == "newest", body


if __name__ == "__main__":
    harness.run_tests(globals())
