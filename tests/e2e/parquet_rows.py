"""What libs/parquet reads in a file, to compare with what its writer put there."""
import json
import subprocess

import harness

DUMP = harness.BUILD / "tests/clients/parquet_dump"


def dump(path, error=None):
    """The rows of a file as libs/parquet reads them; with `error`, what it says instead."""
    done = subprocess.run([DUMP, path], capture_output=True, text=True, timeout=120)
    if error is not None:
        assert done.returncode == 1 and error in done.stderr, (path, done.returncode, done.stderr)
        assert done.stderr.startswith(("unsupported", "too large")), done.stderr
        return None
    assert done.returncode == 0, (path, done.returncode, done.stderr)
    return [plain(json.loads(line)) for line in done.stdout.splitlines()]


def plain(value):
    """Without the groups that the format puts between a list and its elements."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if list(value) in (["list"], ["key_value"]):
        items = value.popitem()[1]
        return [plain(next(iter(item.values())) if list(item) in (["element"], ["item"]) else item) for item in items]
    return {key: plain(item) for key, item in value.items()}


def text(value):
    """Doubles compare by what they are, NaN and the sign of zero included."""
    return json.dumps(value, sort_keys=True)


def check_rows(found, expected, what):
    assert len(found) == len(expected), (what, len(found), len(expected))
    for number, (mine, theirs) in enumerate(zip(found, expected)):
        for name in theirs:
            assert text(mine[name]) == text(theirs[name]), (what, number, name, mine[name], theirs[name])
        assert set(mine) == set(theirs), (what, set(mine) ^ set(theirs))
