"""A block that is damaged under load costs its own spans and nothing else."""
import json
import pathlib
import threading

import harness
import stream_call


def body_of(number):
    spans = [harness.otlp_span(bytes([number] * 16), bytes([i + 1] * 8)) for i in range(5)]
    return harness.otlp_request(spans, f"service-{number}")


def send(server, number):
    assert server.export(body_of(number))[0] == 200
    assert server.request("api", "POST", "/flush")[0] == 204


class Reader(threading.Thread):
    """Asks for traces of whole blocks, again and again; notes what went wrong."""

    def __init__(self, server, numbers):
        super().__init__()
        self.server, self.numbers = server, numbers
        self.stopped = threading.Event()
        self.answers, self.wrong = 0, []

    def run(self):
        while not self.stopped.is_set():
            for number in self.numbers:
                spans = self.server.trace_spans(f"{number:02x}" * 16)
                if len(spans) != 5:
                    self.wrong.append((number, len(spans)))
                self.answers += 1


def cut_under_load(name):
    with harness.Server() as server:
        for number in (1, 2, 3):
            send(server, number)
        blocks = sorted(pathlib.Path(server.data).glob("blocks/*/*"))
        readers = [Reader(server, (1, 3)) for _ in range(2)]
        for reader in readers:
            reader.start()
        # Opened by now, and cut while it is.
        assert len(server.trace_spans("02" * 16)) == 5
        victim = blocks[1] / name
        with open(victim, "r+b") as file:
            file.truncate(victim.stat().st_size // 3)
        # Enough blocks that they are to be merged, the damaged one among them.
        for number in range(4, 14):
            send(server, number)
        for reader in readers:
            reader.stopped.set()
            reader.join()
            assert not reader.wrong and reader.answers > 10, (reader.wrong, reader.answers)
        status, headers, reply = server.request("api", "GET", "/api/search?limit=100")
        found = {trace["traceID"].rjust(32, "0") for trace in json.loads(reply)["traces"]}
        whole = {f"{number:02x}" * 16 for number in range(1, 14)}
        assert status == 200 and whole - found <= {"02" * 16} and found <= whole, (name, whole ^ found)
        partial = headers.get("X-Clew-Partial", "")
        if found != whole:
            assert blocks[1].name in partial, headers
        status, headers, reply = server.request("api", "GET", "/api/traces/" + "02" * 16)
        if status != 200:
            assert blocks[1].name in reply.decode() and name in reply.decode(), reply
        else:
            assert len(server.trace_spans("02" * 16)) == 5, reply
        server.stop()
        # What a program that starts on it says is the same.
        server.start()
        for number in (1, 3, *range(4, 14)):
            assert len(server.trace_spans(f"{number:02x}" * 16)) == 5, number
        status, headers, _ = server.request("api", "GET", "/api/search?limit=100")
        assert status == 200, (name, status)
        if blocks[1].name not in headers.get("X-Clew-Partial", ""):
            # A merge needed the spans alone, and has made the block whole again.
            assert name != "spans.parquet" and len(server.trace_spans("02" * 16)) == 5, (name, headers)
        if name == "spans.parquet":
            assert blocks[1].name in stream_call.call(server, "Search", {"limit": 100}).partial


def test_cut_spans():
    cut_under_load("spans.parquet")


def test_cut_traces():
    cut_under_load("traces.parquet")


def test_a_cut_index():
    cut_under_load("trace_ids.idx")


if __name__ == "__main__":
    harness.run_tests(globals())
