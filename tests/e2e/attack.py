"""What attacks have in common: an ordinary client beside them, the server's memory, and HTTP/2 by hand."""
import contextlib
import glob
import json
import os
import re
import socket
import struct
import threading
import time

import harness

# Nobody waits for so long, neither others beside an attack nor who attacks for its end. It is far more than any of it
# takes, and far less than the time after which clients give up.
PROMPT_SECONDS = 15 if harness.SANITIZED else 5
# So many turns of the ordinary client, of three requests each, begin and end beside every attack.
TURNS = 5
# Where tenants are told apart, whoever attacks is another one.
ORDINARY = {"X-Scope-OrgID": "ordinary"}


def resident_mib(server):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+) kB", status.read())[1]) / 1024


def cpu_seconds(server):
    with open(f"/proc/{server.process.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def metric(server, name):
    """Over all its labels."""
    return server.metric(name)


def run_delays(process_id):
    """{thread: seconds} for which it could have run, and there was no core for it."""
    delays = {}
    for path in glob.glob(f"/proc/{process_id}/task/*/schedstat"):
        with contextlib.suppress(OSError):  # a thread may have ended
            with open(path, encoding="ascii") as file:
                delays[path] = int(file.read().split()[1]) / 1e9
    return delays


class Wait:
    """How long somebody waits for a server from now on. What others on this machine keep it or us from does not count,
    so that it says the same of a busy machine."""

    def __init__(self, server):
        self.processes = (server.process.pid, os.getpid())
        self.delays = [run_delays(process) for process in self.processes]
        self.began = time.monotonic()

    def seconds(self):
        waited = time.monotonic() - self.began
        for process, before in zip(self.processes, self.delays):
            after = run_delays(process)
            waited -= max((after[thread] - before.get(thread, 0) for thread in after), default=0)
        return max(waited, 0)


class OrdinaryClient(threading.Thread):
    """Sends spans and asks for them, over and over, and remembers how that went."""

    def __init__(self, server):
        super().__init__()
        self.server = server
        self.stopped = threading.Event()
        self.seconds = []  # of each turn, and how much of it the server is to answer for
        self.waits = []
        self.failures = []

    def ask(self, path):
        status, _, answer = self.server.request("api", "GET", path, headers=ORDINARY)
        assert status == 200, (status, answer)
        return answer

    def take_turn(self):
        trace_id = os.urandom(16)
        body = harness.otlp_request([harness.otlp_span(trace_id, os.urandom(8))], "ordinary")
        status, _, answer = self.server.export(body, ORDINARY)
        assert status == 200, (status, answer)
        self.ask(f"/api/traces/{trace_id.hex()}")
        found = json.loads(self.ask("/api/search?limit=1&tags=service.name%3Dordinary"))
        assert found["traces"], "found nothing"

    def run(self):
        while not self.stopped.wait(0.02):
            wait, began = Wait(self.server), time.monotonic()
            try:
                self.take_turn()
            except Exception as error:  # pylint: disable=broad-except
                self.failures.append(repr(error))
            self.seconds.append(time.monotonic() - began)
            self.waits.append(wait.seconds())

    def has_had_its_turns(self):
        return len(self.waits) >= TURNS

    def wait_for_turns(self, turns=TURNS):
        harness.wait_for(lambda: len(self.waits) >= turns, self.server.process, self.server.folder / "server.log",
                         seconds=100)


class Memory(threading.Thread):
    """The most memory that a server has until it is told to stop."""

    def __init__(self, server):
        super().__init__()
        self.server = server
        self.stopped = threading.Event()
        self.most_mib = resident_mib(server)

    def run(self):
        while not self.stopped.wait(0.02):
            self.most_mib = max(self.most_mib, resident_mib(self.server))


@contextlib.contextmanager
def attack(server, name, grows_mib):
    """What runs inside is an attack, and is given the client beside it: the server grows by no more, and others do not
    notice it."""
    client, memory = OrdinaryClient(server), Memory(server)
    client.take_turn()
    before = resident_mib(server)
    client.start()
    memory.start()
    try:
        yield client
        turns = len(client.waits)
        # One that has begun is judged as well: it may be the one that waits.
        client.wait_for_turns(turns + 1)
    finally:
        for thread in (client, memory):
            thread.stopped.set()
            thread.join()
    in_order = sorted(client.seconds)
    print(f"{name}: {before:.0f} MiB before, at most {memory.most_mib:.0f}; ordinary client: {turns} turns, "
          f"p99 {in_order[int(len(in_order) * 0.99)] * 1000:.0f} ms, at most {in_order[-1] * 1000:.0f} ms, "
          f"{max(client.waits) * 1000:.0f} ms by the server")
    assert not client.failures, (len(client.failures), client.failures[:3])
    assert turns >= TURNS, f"the attack was over after {turns} turns of the ordinary client"
    assert max(client.waits) < PROMPT_SECONDS, f"the ordinary client has waited for {max(client.waits):.1f} s"
    assert harness.SANITIZED or memory.most_mib - before < grows_mib, (before, memory.most_mib)


@contextlib.contextmanager
def refused_promptly(server):
    """What runs inside is one try of an attack, which ends by being refused."""
    wait = Wait(server)
    yield
    seconds = wait.seconds()
    assert seconds < PROMPT_SECONDS, f"refused after {seconds:.1f} s only"


def connect(server, port_name):
    return socket.create_connection(("127.0.0.1", server.ports[port_name]), timeout=60)


def read_to_close(peer):
    """All that comes until the server closes or resets the connection."""
    everything = b""
    try:
        while piece := peer.recv(1 << 16):
            everything += piece
    except ConnectionError:
        pass
    return everything


# --- HTTP/2, as far as attacks need it ------------------------------------------

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 2, 3, 4, 6, 7, 8, 9
END_STREAM, ACK, END_HEADERS = 1, 1, 4
PROTOCOL_ERROR, CANCEL, ENHANCE_YOUR_CALM = 1, 8, 11
INITIAL_WINDOW_SIZE = 4


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def setting(number, value):
    return struct.pack(">HI", number, value)


def hpack_integer(value, prefix_bits, first_byte=0):
    most = (1 << prefix_bits) - 1
    if value < most:
        return bytes([first_byte | value])
    out = bytearray([first_byte | most])
    value -= most
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def hpack_field(name, value):
    """A literal field that no table remembers."""
    return b"\x00" + b"".join(hpack_integer(len(text), 7) + text for text in (name.encode(), value.encode()))


def head(method, path, *more):
    fields = ((":method", method), (":scheme", "http"), (":path", path), (":authority", "attack"), *more)
    return b"".join(hpack_field(*field) for field in fields)


def goaway_code_of(payload):
    return struct.unpack(">II", payload[:8])[1]


class Http2:
    """A connection of HTTP/2 that sends what it is told and answers nothing."""

    def __init__(self, server, port_name, settings=b""):
        self.peer = connect(server, port_name)
        self.peer.sendall(PREFACE + frame(SETTINGS, 0, 0, settings))
        # Until its settings are acknowledged a server takes no large frames.
        kind, _, _, _ = self.next_frame()
        assert kind == SETTINGS, kind
        self.peer.sendall(frame(SETTINGS, ACK, 0))
        self.stream = -1

    def next_frame(self):
        """(kind, flags, stream, payload); None at the end of the connection."""
        try:
            header = self.peer.recv(9, socket.MSG_WAITALL)
        except ConnectionError:
            return None
        if len(header) < 9:
            return None
        size = int.from_bytes(header[:3], "big")
        payload = self.peer.recv(size, socket.MSG_WAITALL) if size else b""
        return header[3], header[4], int.from_bytes(header[5:9], "big"), payload

    def next_stream(self):
        self.stream += 2
        return self.stream

    def send(self, *frames):
        """False once the server has closed the connection."""
        try:
            self.peer.sendall(b"".join(frames))
            return True
        except ConnectionError:
            return False

    def frames_to_close(self):
        """(kind, flags, stream, payload) of all that comes until the connection ends."""
        everything = read_to_close(self.peer)
        found = []
        while len(everything) >= 9:
            size = int.from_bytes(everything[:3], "big")
            found.append((everything[3], everything[4], int.from_bytes(everything[5:9], "big"), everything[9:9 + size]))
            everything = everything[9 + size:]
        return found

    def goaway_code(self):
        """Why the server ends the connection; None when it did not say, as a reset may lose it."""
        codes = [goaway_code_of(payload) for kind, _, _, payload in self.frames_to_close() if kind == GOAWAY]
        return codes[-1] if codes else None
