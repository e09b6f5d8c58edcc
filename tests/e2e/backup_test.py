"""`clew flush`, `clew backup` and `clew restore` beside a running server."""
import pathlib
import subprocess
import tempfile

import harness


def clew(*arguments, code=0):
    run = subprocess.run([harness.CLEW, *arguments], capture_output=True, text=True, timeout=60)
    assert run.returncode == code, (run.returncode, run.stdout, run.stderr)
    return run.stdout if code == 0 else run.stderr


def send(server, number, spans=3):
    ids = [harness.otlp_span(bytes([number] * 16), bytes([i + 1] * 8)) for i in range(spans)]
    assert server.export(harness.otlp_request(ids))[0] == 200


def test_a_backup_of_a_running_server_is_restored():
    with tempfile.TemporaryDirectory() as folder:
        data, backup, restored = (str(pathlib.Path(folder, name)) for name in ("data", "backup", "restored"))
        with harness.Server(data=data) as server:
            api = f"http://127.0.0.1:{server.ports['api']}"
            send(server, 1)
            text = clew("backup", backup, "--data", data, "--server", api)
            assert "1 blocks" in text and "3 spans" in text and "1 new" in text, text
            send(server, 2)
            clew("flush", "--server", api)
            assert "2 blocks" in clew("backup", backup, "--data", data)
            assert "0 new" in clew("backup", backup, "--data", data)
            # On one file system a backup takes no room: its blocks are the same files.
            kept = sorted(pathlib.Path(backup).rglob("spans.parquet"))
            assert len(kept) == 2, kept
            for spans in kept:
                assert spans.samefile(pathlib.Path(data, spans.relative_to(backup))), spans
            assert "has data already" in clew("restore", backup, "--data", data, code=1)
        clew("restore", backup, "--data", restored)
        with harness.Server(data=restored) as server:
            send(server, 3)
            assert [len(server.trace_spans(f"0{n}" * 16)) for n in (1, 2, 3)] == [3, 3, 3]
            server.stop()
        clew("block", "verify", "--data", restored)


def test_errors_name_what_is_not_there():
    with tempfile.TemporaryDirectory() as folder:
        assert "no catalog" in clew("backup", folder + "/b", "--data", folder, code=1)
        with harness.Server() as server:
            api = f"http://127.0.0.1:{server.ports['api']}"
            server.stop()
            assert api in clew("flush", "--server", api, code=1)


harness.run_tests(globals())
