"""kill -9 under load: every acked span is there after the restart, none twice."""
import http.client
import os
import random
import re
import threading
import time

import harness

KILLS = int(os.environ.get("CLEW_KILLS", "5"))
WITH_BLOCKS = "--memtable-size" in os.environ.get("CLEW_SERVER_FLAGS", "")
SPANS_PER_BODY = 5


class Sender(threading.Thread):
    """Sends bodies one after another; one it got no ack for is sent again, as SDKs do."""

    def __init__(self, server, number, seed):
        super().__init__()
        self.server = server
        self.number = number
        self.random = random.Random(seed)
        self.acked = set()
        self.unacked = None  # (body, span ids) in doubt
        self.stopping = False

    def body(self):
        trace_id = self.random.randbytes(16)
        ids = [self.random.randbytes(8) for _ in range(SPANS_PER_BODY)]
        spans = [harness.otlp_span(trace_id, span_id, name=f"sender-{self.number}") for span_id in ids]
        return harness.otlp_request(spans), {(trace_id.hex(), span_id) for span_id in ids}

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.ports["otlp_http"], timeout=30)
        while not self.stopping:
            self.unacked = self.unacked or self.body()
            try:
                connection.request("POST", "/v1/traces", self.unacked[0],
                                   {"Content-Type": "application/x-protobuf"})
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException):
                return
            if response.status == 429:  # nothing of it is stored: flushes are behind
                time.sleep(0.05)
                continue
            assert response.status == 200, response.status
            self.acked |= self.unacked[1]
            self.unacked = None


def stored_span_ids(server, trace_id):
    import base64
    return sorted(base64.b64decode(span["spanId"]) for _, span in server.trace_spans(trace_id))


def merges(server):
    found = re.search(rb"^clew_store_merges_total (\d+)", server.get("/metrics")[1], re.MULTILINE)
    return int(found[1])


def check_all(server, acked):
    traces = {}
    for trace_id, span_id in acked:
        traces.setdefault(trace_id, []).append(span_id)
    for trace_id, span_ids in traces.items():
        found = stored_span_ids(server, trace_id)
        assert found == sorted(span_ids), f"trace {trace_id}: {len(found)} spans, not {len(span_ids)}"


def test_every_acked_span_survives_kills_and_none_is_there_twice():
    seed = int(os.environ.get("CLEW_SEED", random.randrange(1 << 30)))
    print(f"seed {seed}")
    chance = random.Random(seed)
    with harness.Server() as server:
        acked, in_doubt, merged = set(), {}, 0
        for _ in range(KILLS):
            senders = [Sender(server, number, chance.random()) for number in range(3)]
            for sender in senders:
                sender.unacked = in_doubt.get(sender.number)
                sender.start()
            # With blocks now and then for long enough to merge some.
            time.sleep(chance.uniform(0.01, 2 if WITH_BLOCKS and chance.random() < 0.5 else 0.25))
            merged += merges(server)
            server.kill()
            for sender in senders:
                sender.join()
                acked |= sender.acked
                in_doubt[sender.number] = sender.unacked
            server.start()
        for body, span_ids in filter(None, in_doubt.values()):
            assert server.export(body)[0] == 200
            acked |= span_ids
        check_all(server, acked)
        total = sum(service["spanCount"] for trace in server.search("limit=200000")
                    for service in trace["serviceStats"].values())
        assert total == len(acked), f"{total} spans stored, {len(acked)} acked"
        assert merged > 0 or not WITH_BLOCKS, "nothing was merged while it was killed"
        print(f"{len(acked)} spans over {KILLS} kills and {merged} merges")


if __name__ == "__main__":
    harness.run_tests(globals())
