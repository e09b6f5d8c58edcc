"""Calls the streaming query API with grpc++ and generated classes."""
import json
import subprocess

import harness
import tls_server

CLIENT = harness.BUILD / "tests/clients/stream_client"
MEBIBYTE = 1 << 20


class Answer:
    """What a call gave: its messages, their sizes, after how many milliseconds each came, its status,
    why it may lack something."""

    def __init__(self, output):
        *lines, partial, status = output.splitlines()
        _, code, self.text = status.split(" ", 2)
        self.code = int(code)
        self.partial = partial.removeprefix("partial ")
        parts = [line.split(" ", 2) for line in lines]
        self.sizes = [int(size) for size, _, _ in parts]
        self.milliseconds = [float(after) for _, after, _ in parts]
        self.messages = [json.loads(message) for _, _, message in parts]


def call(server, method, request):
    """One call on the query port, over TLS where the server has that."""
    command = [CLIENT, f"127.0.0.1:{server.ports['api']}", method]
    if isinstance(server, tls_server.TlsServer):
        command.append(server.certificate)
    done = subprocess.run(command, input=json.dumps(request), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done
    answer = Answer(done.stdout)
    assert all(size <= MEBIBYTE for size in answer.sizes), answer.sizes
    return answer
