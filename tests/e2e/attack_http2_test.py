"""Floods of HTTP/2 frames: each connection ends, and its memory with it, while others are served."""
import attack
import harness
from attack import Http2, frame

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
CONNECTIONS = 20
ROUNDS = 2000


def floods(server, port_name, make_frames):
    """What the server said at the end of each of several connections that send until it closes."""
    said = []
    for _ in range(CONNECTIONS):
        peer = Http2(server, port_name)
        rounds = 0
        while rounds < ROUNDS and peer.send(make_frames(peer)):
            rounds += 1
        said.append(peer.goaway_code())
        peer.peer.close()
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
        with attack.attack(server, "rapid reset", 100):
            check_calmed(floods(server, "api", reset))


def test_resets_that_the_server_is_made_to_send():
    """A window that grows by nothing has the server reset the stream, whose handler runs."""
    with harness.Server() as server:
        def have_reset(peer):
            frames = []
            for _ in range(50):
                stream = peer.next_stream()
                frames += [frame(attack.HEADERS, attack.END_HEADERS, stream,
                                 attack.head("POST", EXPORT, ("content-type", "application/grpc"))),
                           frame(attack.WINDOW_UPDATE, 0, stream, bytes(4))]
            return b"".join(frames)
        with attack.attack(server, "made you reset", 100):
            said = floods(server, "otlp_grpc", have_reset)
            assert len(said) == CONNECTIONS, said


def test_continuation_flood():
    with harness.Server() as server:
        def go_on(peer):
            if peer.stream < 0:
                return frame(attack.HEADERS, 0, peer.next_stream(), attack.head("GET", "/"))
            return frame(attack.CONTINUATION, 0, peer.stream, attack.hpack_field("x", "y" * 1000)) * 10
        with attack.attack(server, "CONTINUATION", 50):
            floods(server, "api", go_on)


def test_ping_flood():
    with harness.Server() as server:
        with attack.attack(server, "PING", 50):
            check_calmed(floods(server, "api", lambda _: frame(attack.PING, 0, 0, bytes(8)) * 100))


def test_settings_flood():
    with harness.Server() as server:
        settings = frame(attack.SETTINGS, 0, 0, attack.setting(attack.INITIAL_WINDOW_SIZE, 1)) * 100
        with attack.attack(server, "SETTINGS", 50):
            check_calmed(floods(server, "api", lambda _: settings))


def test_empty_data_flood():
    with harness.Server() as server:
        def send_nothing(peer):
            if peer.stream < 0:
                return frame(attack.HEADERS, attack.END_HEADERS, peer.next_stream(),
                             attack.head("POST", "/v1/traces", ("content-type", "application/x-protobuf")))
            return frame(attack.DATA, 0, peer.stream) * 100
        with attack.attack(server, "empty DATA", 50):
            check_calmed(floods(server, "otlp_http", send_nothing))


def test_huge_heads():
    """Over the limit of a head the answer is 431, in both protocols, and nothing of it is kept."""
    with harness.Server() as server:
        with attack.attack(server, "huge heads", 60):
            for _ in range(CONNECTIONS):
                peer = Http2(server, "api")
                fields = b"".join(attack.hpack_field(f"x{i}", "y" * 10_000) for i in range(50))
                peer.send(frame(attack.HEADERS, attack.END_HEADERS | attack.END_STREAM, peer.next_stream(),
                                attack.head("GET", "/api/echo") + fields), frame(attack.GOAWAY, 0, 0, bytes(8)))
                heads = [payload for kind, _, _, payload in peer.frames_to_close() if kind == attack.HEADERS]
                assert len(heads) == 1 and b"431" in heads[0], heads
                peer = attack.connect(server, "api")
                try:
                    peer.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: " + b"y" * (1 << 20))
                except ConnectionError:
                    pass
                answer = attack.read_to_close(peer)
                assert answer == b"" or b" 431 " in answer, answer


def test_a_table_that_makes_little_large():
    """One byte that stands for a field of 4,000 bytes, a hundred thousand times."""
    with harness.Server() as server:
        with attack.attack(server, "HPACK bomb", 60):
            for _ in range(CONNECTIONS):
                peer = Http2(server, "api")
                large = b"\x40" + attack.hpack_integer(1, 7) + b"x" + attack.hpack_integer(3900, 7) + b"y" * 3900
                bomb = attack.head("GET", "/api/echo") + large + b"\xbe" * 100_000
                peer.send(frame(attack.HEADERS, attack.END_HEADERS | attack.END_STREAM, peer.next_stream(), bomb),
                          frame(attack.GOAWAY, 0, 0, bytes(8)))
                heads = [payload for kind, _, _, payload in peer.frames_to_close() if kind == attack.HEADERS]
                assert len(heads) == 1 and b"431" in heads[0], heads


def test_windows_of_nothing():
    """Clients that ask for much and read nothing: their answers have what bodies have, and the streams end."""
    with harness.Server("--body-memory=64MiB", "--body-limit=16MiB") as server:
        spans = [harness.otlp_span(i.to_bytes(16, "big"), b"12345678", name="x" * 400) for i in range(1, 3001)]
        assert server.export(harness.otlp_request(spans))[0] == 200
        with attack.attack(server, "zero windows", 250):
            peers = []
            # No more queries than may wait for their turn, so that the ordinary client's may too.
            for _ in range(4):
                peer = Http2(server, "api", attack.setting(attack.INITIAL_WINDOW_SIZE, 0))
                for _ in range(50):
                    peer.send(frame(attack.HEADERS, attack.END_HEADERS | attack.END_STREAM, peer.next_stream(),
                                    attack.head("GET", "/api/search?q=%7B%7D&limit=3000")))
                peers.append(peer)
            # The server gives each up by itself: after ten seconds in which nothing was read.
            for peer in peers:
                resets = 0
                while resets < 50:
                    kind, _, _, payload = peer.next_frame()
                    resets += kind == attack.RST_STREAM
                    assert kind != attack.DATA or payload == b"", payload
                peer.peer.close()


if __name__ == "__main__":
    harness.run_tests(globals())
