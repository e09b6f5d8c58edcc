"""Garbage on the UDP ports, from several senders at once: counted, and nobody notices."""
import random
import socket
import threading

import attack
import harness

SENDERS = 4
DATAGRAMS = 20_000


def send_garbage(server, seed):
    generator = random.Random(seed)
    kinds = [generator.randbytes(generator.randrange(1, 60_000)) for _ in range(20)]
    # Those that begin like a batch are read further.
    kinds += [b"\x82\x81\x01\x09emitBatch\x1c\x18" + piece for piece in kinds]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for number in range(DATAGRAMS):
            port = server.ports[("jaeger_compact", "jaeger_binary")[number % 2]]
            sender.sendto(kinds[number % len(kinds)], ("127.0.0.1", port))


def test_garbage_from_all_sides():
    with harness.Server() as server:
        with attack.attack(server, "UDP garbage", 150) as beside:
            while not beside.has_had_its_turns():
                senders = [threading.Thread(target=send_garbage, args=(server, seed)) for seed in range(SENDERS)]
                for sender in senders:
                    sender.start()
                for sender in senders:
                    sender.join()
        refused = attack.metric(server, "clew_ingest_refused_requests_total")
        print(f"{refused} refused, {attack.metric(server, 'clew_ingest_dropped_datagrams_total')} dropped")
        assert refused > 0


if __name__ == "__main__":
    harness.run_tests(globals())
