"""What stays for longer than the rest is said by flags, and a wrong one is refused at the start."""
import subprocess
import tempfile

import harness


def refusal(*flags):
    with tempfile.TemporaryDirectory() as data:
        ended = subprocess.run([harness.CLEW, "server", "--data", data, *flags],
                               capture_output=True, text=True, timeout=60)
    assert ended.returncode != 0, ended
    return ended.stderr


def test_a_wrong_flag_is_refused_with_the_reason():
    seven_days = ("--retention", "7d")
    for flags, words in (
            ((*seven_days, "--keep", "{ status = }=30d"), ("--keep '{ status = }=30d'", "parse error at line 1, col 12")),
            ((*seven_days, "--keep", "{ status = 3 }=30d"), ("invalid TraceQL query",)),
            ((*seven_days, "--keep", "{ } | rate()=30d"), ("it computes metrics",)),
            ((*seven_days, "--keep", "{ } | limit(3)=30d"), ("limit()",)),
            ((*seven_days, "--keep", "{ status = error }"), ("--keep",)),
            ((*seven_days, "--keep", "{ status = error }=7d"), ("no longer than --retention",)),
            ((*seven_days, "--keep", "{ status = error }=x"), ("no age",)),
            (("--keep", "{ status = error }=30d",), ("without --retention",)),
            (("--retention", "7"), ("missing unit",))):
        message = refusal(*flags)
        for word in words:
            assert word in message, (flags, message)


def test_a_server_starts_with_rules_and_answers():
    flags = ("--retention", "7d", "--keep", "{ status = error }=30d",
             "--keep", "{ duration > 2s }=9d12h")
    with harness.Server(*flags) as server:
        server.export(harness.otlp_request([harness.otlp_span(b"k" * 16, b"12345678")]))
        assert len(server.trace_spans((b"k" * 16).hex())) == 1


harness.run_tests(globals())
