"""`clew delete` and the API behind it: what is deleted is in no answer and in no file."""
import json
import pathlib
import subprocess

import harness


def delete(server, *arguments, code=0, **run_options):
    api = f"http://127.0.0.1:{server.ports['api']}"
    run = subprocess.run([harness.CLEW, "delete", "--server", api, *arguments], capture_output=True, text=True,
                         timeout=60, stdin=subprocess.DEVNULL, **run_options)
    assert run.returncode == code, (run.returncode, run.stdout, run.stderr)
    return run.stdout if code == 0 else run.stderr


def send(server, number, span=1, service=None):
    body = harness.otlp_request([harness.otlp_span(bytes([number] * 16), bytes([span] * 8))],
                                service or f"service-{number}")
    assert server.export(body)[0] == 200


def flush(server):
    assert server.request("api", "POST", "/flush")[0] == 204


def count(server, number):
    return len(server.trace_spans(f"{number:02x}" * 16))


def services(server):
    status, found = server.get_json("/api/search/tag/service.name/values")
    assert status == 200
    return sorted(found["tagValues"])


def files_with(server, needle):
    """Blocks and log; the catalog tells which trace was deleted."""
    data = pathlib.Path(server.data)
    return [str(path) for folder in ("blocks", "wal") for path in (data / folder).rglob("*")
            if path.is_file() and needle in path.read_bytes()]


def test_a_trace_is_gone_at_once_and_after_a_restart():
    with harness.Server() as server:
        for number in (0x61, 0x62):
            send(server, number, 1)
        flush(server)
        for number in (0x61, 0x62):
            send(server, number, 2)
        assert files_with(server, b"\x61" * 16) and count(server, 0x61) == 2
        text = delete(server, "--trace", "61" * 16, "--yes")
        assert text == f"deleted trace {'61' * 16}: 2 spans; 2 blocks rewritten, 0 removed\n", text
        for _ in range(2):
            assert (count(server, 0x61), count(server, 0x62)) == (0, 2)
            assert services(server) == ["service-98"], services(server)
            assert [trace["traceID"] for trace in server.search("")] == ["62" * 16]
            assert files_with(server, b"\x61" * 16) == []
            server.kill()
            server.start()
        send(server, 0x61, 3)
        assert count(server, 0x61) == 1
        assert "no trace" in delete(server, "--trace", "63" * 16, "--yes", code=1)


def test_a_tenant_is_gone():
    with harness.Server() as server:
        for number in range(1, 6):
            send(server, number)
        answer = json.loads(delete(server, "--tenant", "single-tenant", "--yes", "--json"))
        assert answer == {"spans": 5, "rewrittenBlocks": 0, "removedBlocks": 1}, answer
        assert server.search("") == [] and services(server) == []
        assert files_with(server, b"service-") == []
        server.stop()
        server.start()
        assert server.search("") == []
        assert "no spans of tenant some/body" in delete(server, "--tenant", "some/body", "--yes", code=1)


def test_the_api_deletes_and_says_what():
    with harness.Server() as server:
        send(server, 1)
        status, _, body = server.request("api", "DELETE", "/api/clew/v1/traces/" + "01" * 16)
        assert status == 200 and json.loads(body)["spans"] == 1, (status, body)
        assert server.request("api", "DELETE", "/api/clew/v1/traces/" + "01" * 16)[0] == 404
        assert server.request("api", "DELETE", "/api/clew/v1/traces/nothing")[0] == 400
        assert server.request("api", "GET", "/api/clew/v1/traces/" + "01" * 16)[0] == 405
        assert "clew_store_deleted_spans_total 1" in server.get("/metrics", "*/*")[1].decode()


def test_nobody_is_asked_without_a_terminal():
    with harness.Server() as server:
        send(server, 1)
        assert "add --yes" in delete(server, "--trace", "01" * 16, code=1)
        assert "hex digits" in delete(server, "--trace", "what", "--yes", code=1)
        assert count(server, 1) == 1
        run = subprocess.run([harness.CLEW, "delete", "--yes"], capture_output=True, text=True, timeout=60)
        assert run.returncode != 0 and "--trace" in run.stderr, run.stderr
        server.stop()
        assert "no answer" in delete(server, "--trace", "01" * 16, "--yes", code=1)


harness.run_tests(globals())
