"""Two servers on one data directory: the second says who has it, and leaves, and the first notices nothing."""
import os
import subprocess
import tempfile

import harness

# Nothing else of the second may be in the way of the first.
NO_PORTS = [f"--port-{name}=0" for name in harness.PORTS]


def test_the_second_server_on_a_directory_is_refused_by_name():
    with tempfile.TemporaryDirectory() as data:
        with harness.Server(data=data) as first:
            second = subprocess.run([harness.CLEW, "server", "--data", data, *NO_PORTS], capture_output=True, text=True,
                                    timeout=30, check=False)
            assert second.returncode != 0, second.stdout
            assert data in second.stderr and str(first.process.pid) in second.stderr, second.stderr
            trace_id = os.urandom(16)
            assert first.export(harness.otlp_request([harness.otlp_span(trace_id, b"12345678")]))[0] == 200
            assert first.get(f"/api/traces/{trace_id.hex()}")[0] == 200
        # It is free once the first has ended.
        with harness.Server(data=data) as third:
            assert third.get(f"/api/traces/{trace_id.hex()}")[0] == 200


harness.run_tests(globals())
