"""docs/tutorial.md leads to the cause: its commands are run on the shop, in minutes of ten seconds."""
import datetime
import json
import re
import shlex
import time

import harness
from shop_test import Shop

PAGE = harness.ROOT / "docs/tutorial.md"
CAUSE = "payment UPDATE account, callee accounts-db"
TIME = "%Y-%m-%dT%H:%M:%SZ"
SHORTER = {"5m": "1m", "1m": "10s", "30s": "5s"}


def commands():
    found = [shlex.split(line) for line in re.findall(r"^(clew .*)$", PAGE.read_text(), re.MULTILINE)]
    return [[SHORTER.get(word, word) for word in words[1:]] for words in found]


def slowest_trace(server, began):
    """Of the first seconds: what is usual are the requests before it, which shall be those before the fault."""
    end = began + datetime.timedelta(seconds=4)
    found = harness.run_clew("query", '{ name = "POST /checkout" } | sort(duration desc) | limit(1)', "--start",
                             began.strftime(TIME), "--end", end.strftime(TIME), "--json", *harness.of_server(server))[0]
    return json.loads(found)["traces"][0]["traceID"]


def test_its_commands_lead_to_the_cause():
    asked = commands()
    assert [words[0] for words in asked] == ["query", "query", "query", "why", "why", "query"], asked
    with harness.Server() as server:
        with Shop(server, "--rate", "40", "--fault", "lock-wait", "--in", "payment", "--after", "12"):
            began = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=12)
            time.sleep(25)
        put = {"TRACE": slowest_trace(server, began), "FROM": began.strftime(TIME)}
        said = [harness.run_clew(*(put.get(word, word) for word in words), *harness.of_server(server))[0]
                for words in asked]
    for text in said:
        assert len(text.splitlines()) > 1, said
    assert re.match(rf"[\d.]+ m?s \(normally [\d.]+ ms\)\. \d\d % in {CAUSE} \(normally", said[3]), said[3]
    assert re.match(rf"[\d.]+ m?s on the average \(normally [^)]*\)\. \d\d % in {CAUSE} \(normally", said[4]), said[4]
    # A machine that is busy lets others grow too, but not as far as to be taken for it.
    cause, *others = [int(share) for share in re.findall(r"(\d+) % in", said[4].splitlines()[0])]
    assert cause > 3 * max(others, default=0), said[4]


if __name__ == "__main__":
    harness.run_tests(globals())
