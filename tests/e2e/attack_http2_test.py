"""Floods of HTTP/2 frames: each connection ends, and its memory with it, while others are served."""
import contextlib

import attack
import harness
from attack import Http2, frame

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
CONNECTIONS = 20
ROUNDS = 2000
STREAMS_A_TURN = 50
# So many are free, and more only if most streams are answered.
MOST_RESETS = 201


def flood(server, port_name, make_frames):
    """What the server says at the end of a connection that sends until it closes."""
    peer = Http2(server, port_name)
    rounds = 0
    with attack.refused_promptly(server):
        while rounds < ROUNDS and peer.send(make_frames(peer)):
            rounds += 1
        said = peer.goaway_code()
    peer.peer.close()
    return said


def floods(beside, port_name, make_frames):
    """The same of several connections, one after the other for as long as the client beside them wants."""
    said = []
    while len(said) < CONNECTIONS or not beside.has_had_its_turns():
        said.append(flood(beside.server, port_name, make_frames))
    return said


def check_calmed(said):
    # A reset may overtake the GOAWAY, and so may the answers that nobody reads, which are a flood as well.
    # That every connection has ended shows in that reading it has.
    assert set(said) <= {attack.ENHANCE_YOUR_CALM, attack.PROTOCOL_ERROR, None}, said
    assert attack.ENHANCE_YOUR_CALM in said, said


def test_rapid_resets():
    with harness.Server() as server:
        def reset(peer):
            frames = []
            for _ in range(50):
                stream = peer.next_stream()
                frames += [frame(attack.HEADERS, attack.END_HEADERS | attack.END_STREAM, stream,
                                 attack.head("GET", "/api/search?tags=service.name%3Dx")),
                           frame(attack.RST_STREAM, 0, stream, attack.CANCEL.to_bytes(4, "big"))]
            return b"".join(frames)
        with attack.attack(server, "rapid reset", 100) as beside:
            check_calmed(floods(beside, "api", reset))


def test_windows_that_grow_by_nothing():
    with harness.Server() as server:
        def grow_by_nothing(peer):
            stream = peer.next_stream()
            return (frame(attack.HEADERS, attack.END_HEADERS, stream,
                          attack.head("POST", EXPORT, ("content-type", "application/grpc"))) +
                    frame(attack.WINDOW_UPDATE, 0, stream, bytes(4)))
        with attack.attack(server, "windows that grow by nothing", 50) as beside:
            said = floods(beside, "otlp_grpc", grow_by_nothing)
            assert set(said) <= {attack.PROTOCOL_ERROR, None}, said


def too_large_a_window(stream):
    """A request whose handler runs, and what has the server reset its stream."""
    return (frame(attack.HEADERS, attack.END_HEADERS, stream,
                  attack.head("POST", EXPORT, ("content-type", "application/grpc"))) +
            frame(attack.WINDOW_UPDATE, 0, stream, ((1 << 31) - 1).to_bytes(4, "big")))


def have_streams_reset(server):
    """What the server says at the end of a connection on which it has to reset all streams, and how many it has."""
    peer, resets = Http2(server, "otlp_grpc"), 0
    with attack.refused_promptly(server):
        for turn in range(1, ROUNDS):
            # No more than may be open, so that nothing else is wrong with them.
            peer.send(*(too_large_a_window(peer.next_stream()) for _ in range(STREAMS_A_TURN)))
            while resets < turn * STREAMS_A_TURN:
                found = peer.next_frame()
                if found is None or found[0] == attack.GOAWAY:
                    return (attack.goaway_code_of(found[3]) if found else None), resets
                resets += found[0] == attack.RST_STREAM
    raise AssertionError(f"the server has reset {resets} streams and goes on")


def test_resets_that_the_server_is_made_to_send():
    """The same as those that a client sends, for what they cost."""
    with harness.Server() as server:
        with attack.attack(server, "made you reset", 100) as beside:
            ends = []
            while len(ends) < CONNECTIONS or not beside.has_had_its_turns():
                ends.append(have_streams_reset(server))
            check_calmed([code for code, _ in ends])
            assert all(resets <= MOST_RESETS for _, resets in ends), ends


def test_continuation_flood():
    with harness.Server() as server:
        def go_on(peer):
            if peer.stream < 0:
                return frame(attack.HEADERS, 0, peer.next_stream(), attack.head("GET", "/"))
            return frame(attack.CONTINUATION, 0, peer.stream, attack.hpack_field("x", "y" * 1000)) * 10
        with attack.attack(server, "CONTINUATION", 50) as beside:
            floods(beside, "api", go_on)


def test_ping_flood():
    with harness.Server() as server:
        with attack.attack(server, "PING", 50) as beside:
            check_calmed(floods(beside, "api", lambda _: frame(attack.PING, 0, 0, bytes(8)) * 100))


def test_settings_flood():
    with harness.Server() as server:
        settings = frame(attack.SETTINGS, 0, 0, attack.setting(attack.INITIAL_WINDOW_SIZE, 1)) * 100
        with attack.attack(server, "SETTINGS", 50) as beside:
            check_calmed(floods(beside, "api", lambda _: settings))


def test_empty_data_flood():
    with harness.Server() as server:
        def send_nothing(peer):
            if peer.stream < 0:
                return frame(attack.HEADERS, attack.END_HEADERS, peer.next_stream(),
                             attack.head("POST", "/v1/traces", ("content-type", "application/x-protobuf")))
            return frame(attack.DATA, 0, peer.stream) * 100
        with attack.attack(server, "empty DATA", 50) as beside:
            check_calmed(floods(beside, "otlp_http", send_nothing))


def check_too_large(server, fields):
    """A head over the limit, as HTTP/2: 431, and the end."""
    peer = Http2(server, "api")
    with attack.refused_promptly(server):
        peer.send(frame(attack.HEADERS, attack.END_HEADERS | attack.END_STREAM, peer.next_stream(),
                        attack.head("GET", "/api/echo") + fields), frame(attack.GOAWAY, 0, 0, bytes(8)))
        heads = [payload for kind, _, _, payload in peer.frames_to_close() if kind == attack.HEADERS]
    assert len(heads) == 1 and b"431" in heads[0], heads


def check_too_large_for_http1(server):
    peer = attack.connect(server, "api")
    with attack.refused_promptly(server):
        try:
            peer.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: " + b"y" * (1 << 20))
        except ConnectionError:
            pass
        answer = attack.read_to_close(peer)
    assert answer == b"" or b" 431 " in answer, answer


def test_huge_heads():
    """Over the limit of a head the answer is 431, in both protocols, and nothing of it is kept."""
    with harness.Server() as server:
        with attack.attack(server, "huge heads", 60):
            for _ in range(CONNECTIONS):
                check_too_large(server, b"".join(attack.hpack_field(f"x{i}", "y" * 10_000) for i in range(50)))
                check_too_large_for_http1(server)


def test_a_table_that_makes_little_large():
    """One byte that stands for a field of 4,000 bytes, a thousand times."""
    with harness.Server() as server:
        with attack.attack(server, "HPACK bomb", 60):
            for _ in range(CONNECTIONS):
                large = b"\x40" + attack.hpack_integer(1, 7) + b"x" + attack.hpack_integer(3900, 7) + b"y" * 3900
                check_too_large(server, large + b"\xbe" * 1_000)


def test_windows_of_nothing():
    """Clients that ask for much and read nothing: their answers have what bodies have, and the streams end. Whoever
    attacks is another tenant, as those of one wait for each other's queries."""
    tenant = ("x-scope-orgid", "attacker")
    with harness.Server("--multitenancy", "--body-memory=64MiB", "--body-limit=16MiB") as server:
        spans = [harness.otlp_span(i.to_bytes(16, "big"), b"12345678", name="x" * 400) for i in range(1, 3001)]
        assert server.export(harness.otlp_request(spans), dict([tenant]))[0] == 200
        with attack.attack(server, "zero windows", 250):
            peers = []
            # No more queries than may wait for their turn, so that the ordinary client's may too.
            for _ in range(4):
                peer = Http2(server, "api", attack.setting(attack.INITIAL_WINDOW_SIZE, 0))
                for _ in range(50):
                    peer.send(frame(attack.HEADERS, attack.END_HEADERS | attack.END_STREAM, peer.next_stream(),
                                    attack.head("GET", "/api/search?q=%7B%7D&limit=3000", tenant)))
                peers.append(peer)
            # The server gives each up by itself: after ten seconds in which nothing was read.
            for peer in peers:
                resets = 0
                while resets < 50:
                    kind, _, _, payload = peer.next_frame()
                    resets += kind == attack.RST_STREAM
                    assert kind != attack.DATA or payload == b"", payload
                peer.peer.close()


def send_bomb(server):
    """The longest head that frames allow: a field of 3,900 bytes that a byte names, five million times."""
    peer = Http2(server, "api")
    stream = peer.next_stream()
    large = b"\x40" + attack.hpack_integer(1, 7) + b"x" + attack.hpack_integer(3900, 7) + b"y" * 3900
    with contextlib.suppress(ConnectionError):
        peer.send(frame(attack.HEADERS, attack.END_STREAM, stream, attack.head("GET", "/api/echo") + large),
                  *(frame(attack.CONTINUATION, attack.END_HEADERS if last else 0, stream, b"\xbe" * 1_000_000)
                    for last in (0, 0, 0, 0, 1)))
        attack.read_to_close(peer.peer)


def test_heads_that_unpack_to_gigabytes_cost_no_time():
    with harness.Server() as server, attack.attack(server, "heads that unpack to gigabytes", 60) as beside:
        while not beside.has_had_its_turns():
            before = attack.cpu_seconds(server)
            send_bomb(server)
            assert attack.cpu_seconds(server) - before < 2, "it was unpacked to its end"


if __name__ == "__main__":
    harness.run_tests(globals())
