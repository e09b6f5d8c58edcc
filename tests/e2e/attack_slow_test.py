"""Clients that take their time, close half of a connection, or do nothing: they cost little and others are served."""
import contextlib
import resource
import socket
import threading
import time

import attack
import harness

# Ten thousand connections, where both ends may have so many descriptors; they are all of this machine.
IDLE = 10_000
DESCRIPTORS_TO_SPARE = 200
FEW_DESCRIPTORS = 256
MOST_CONNECTIONS = 65_536
BODY = harness.otlp_request([harness.otlp_span(b"h" * 16, b"12345678")])
POST = b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: %d\r\n\r\n"


def drip(server, peers, pieces, grace_seconds):
    """Sends each peer a byte, over and over, until the server has closed all or is late."""
    wait = attack.Wait(server)
    closed = set()
    while wait.seconds() < grace_seconds + attack.PROMPT_SECONDS and len(closed) < len(peers):
        for number, peer in enumerate(peers):
            if number in closed:
                continue
            try:
                peer.sendall(pieces)
            except OSError:
                closed.add(number)
        time.sleep(0.1)
    return len(closed)


def test_heads_that_drip_in_end_with_the_header_timeout():
    with harness.Server("--header-timeout=2s") as server:
        with attack.attack(server, "slow heads", 60):
            peers = [attack.connect(server, "otlp_http") for _ in range(500)]
            for peer in peers:
                peer.sendall(b"POST /v1/traces HTTP/1.1\r\nX: ")
            closed = drip(server, peers, b"x", 2)
            assert closed == len(peers), closed


def test_heads_of_http2_that_drip_in_end_with_the_header_timeout():
    """A field without end, of which a byte comes now and then, on connections of which half have answers behind them."""
    field = b"\x00\x01x" + attack.hpack_integer(7000, 7)
    with harness.Server("--header-timeout=2s") as server:
        with attack.attack(server, "slow heads of HTTP/2", 60):
            peers = [attack.Http2(server, "otlp_grpc") for _ in range(200)]
            for number, peer in enumerate(peers):
                whole = [attack.frame(attack.HEADERS, attack.END_HEADERS | attack.END_STREAM, peer.next_stream(),
                                      attack.head("GET", "/"))] if number % 2 else []
                stream = peer.next_stream()
                peer.send(*whole, attack.frame(attack.HEADERS, 0, stream, attack.head("POST", "/slow")),
                          (8000).to_bytes(3, "big") + bytes([attack.CONTINUATION, 0]) + stream.to_bytes(4, "big") + field)
            closed = drip(server, [peer.peer for peer in peers], b"y", 2)
            assert closed == len(peers), closed
        assert attack.metric(server, "clew_connections_ended_total") == len(peers)


def test_bodies_that_drip_in_end_after_their_grace():
    """A byte in time, each time, and never the whole: over after ten seconds and a bit."""
    with harness.Server() as server:
        with attack.attack(server, "slow bodies", 60):
            peers = [attack.connect(server, "otlp_http") for _ in range(200)]
            for peer in peers:
                peer.sendall(POST % 100_000)
            closed = drip(server, peers, b"x", 10)
            assert closed == len(peers), closed


@contextlib.contextmanager
def descriptor_limit(soft):
    """Of this process, and for good of those that it starts meanwhile."""
    before, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (before, hard))


def as_many_as_there_may_be():
    """For the other ends of many connections."""
    return descriptor_limit(resource.getrlimit(resource.RLIMIT_NOFILE)[1])


def server_with_few_descriptors():
    """One that was given so few that ten thousand connections are its own doing."""
    with descriptor_limit(FEW_DESCRIPTORS):
        return harness.Server()


def descriptor_limit_of(server):
    return resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)


def test_the_limit_of_file_descriptors_is_raised_and_logged():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with server_with_few_descriptors() as server, as_many_as_there_may_be():
        assert descriptor_limit_of(server) == (hard, hard), descriptor_limit_of(server)
        connections = min(hard - hard // 4, MOST_CONNECTIONS)
        line = f"info at most {connections} connections, with {hard} file descriptors"
        assert line in server.log_text(), (line, server.log_text())
        assert server.metric("process_max_fds") == hard
        # They are there, not only told: each takes one.
        peers = [attack.connect(server, "api") for _ in range(min(2 * FEW_DESCRIPTORS, connections // 2))]
        harness.wait_for(lambda: server.metric("clew_connections_open") > len(peers),
                         server.process, server.folder / "server.log")
        for peer in peers:
            peer.close()


def test_ten_thousand_idle_connections():
    _, descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)
    with server_with_few_descriptors() as server, as_many_as_there_may_be():
        count = min(IDLE, descriptors - DESCRIPTORS_TO_SPARE)
        with attack.attack(server, f"{count} idle connections", 400):
            peers = []
            for _ in range(count):
                peers.append(attack.connect(server, "api"))
                # Kept after an answer: what says nothing at all is closed sooner.
                peers[-1].sendall(b"GET /api/echo HTTP/1.1\r\nHost: x\r\n\r\n")
                assert peers[-1].recv(1000).startswith(b"HTTP/1.1 200"), len(peers)
            print(f"{attack.metric(server, 'clew_connections_open')} connections")
            for peer in peers:
                peer.close()
        harness.wait_for(lambda: attack.metric(server, "clew_connections_open") < 100,
                         server.process, server.folder / "server.log")


def test_when_connections_run_short_idle_ones_make_room():
    with harness.Server("--max-connections=200") as server:
        with attack.attack(server, "more connections than there may be", 50):
            peers = []
            for _ in range(600):
                peers.append(attack.connect(server, "api"))
                time.sleep(0.02)
            assert attack.metric(server, "clew_connections_open") <= 200
            for peer in peers:
                peer.close()
        assert "those that do nothing are closed" in server.log_text()


def test_a_client_that_says_it_is_done_gets_its_answer():
    with harness.Server() as server:
        peer = attack.connect(server, "otlp_http")
        peer.sendall(POST % len(BODY) + BODY)
        peer.shutdown(socket.SHUT_WR)
        assert attack.read_to_close(peer).startswith(b"HTTP/1.1 200"), "no answer"


def half_close_and_wait(server):
    peers = []
    for number in range(1000):
        peer = attack.connect(server, "otlp_http")
        peer.sendall((b"", b"GET / HT", POST % 1000 + b"x")[number % 3])
        peer.shutdown(socket.SHUT_WR)
        peers.append(peer)
    with attack.refused_promptly(server):
        harness.wait_for(lambda: attack.metric(server, "clew_connections_open") < 50,
                         server.process, server.folder / "server.log")
    for peer in peers:
        peer.close()


def test_half_closed_sockets():
    """Clients that close their side and read nothing, with a request begun or none."""
    with harness.Server() as server, as_many_as_there_may_be():
        with attack.attack(server, "half-closed sockets", 60) as beside:
            while not beside.has_had_its_turns():
                half_close_and_wait(server)


def send_slowly(server, stopped, outcomes):
    """Most of a body at once, and then nothing: what the server has of it is to be let go of."""
    while not stopped.is_set():
        peer = attack.connect(server, "otlp_http")
        try:
            peer.sendall(POST % (4 << 20) + bytes((4 << 20) - (256 << 10)))
            peer.settimeout(30)
            outcomes.append(attack.read_to_close(peer)[:12])
        except OSError:
            pass
        peer.close()


def test_many_large_bodies_that_stall_stay_within_the_memory_for_bodies():
    """A hundred clients that would hold 375 MiB: there is room for 32 MiB, and the ordinary client finds its own."""
    with harness.Server("--body-memory=32MiB", "--body-limit=8MiB") as server:
        stopped, outcomes = threading.Event(), []
        with attack.attack(server, "large bodies that stall", 150):
            senders = [threading.Thread(target=send_slowly, args=(server, stopped, outcomes)) for _ in range(100)]
            for sender in senders:
                sender.start()
            harness.wait_for(lambda: outcomes.count(b"HTTP/1.1 429") > 100, server.process,
                             server.folder / "server.log", 100)
            stopped.set()
            for sender in senders:
                sender.join()
        gave_way = attack.metric(server, "clew_given_way_bodies_total")
        print(f"{gave_way} gave way, {attack.metric(server, 'clew_refused_bodies_total')} were refused")
        assert gave_way > 0
        harness.wait_for(lambda: attack.metric(server, "clew_held_body_bytes") == 0,
                         server.process, server.folder / "server.log")


if __name__ == "__main__":
    harness.run_tests(globals())
