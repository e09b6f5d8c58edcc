"""What the suites of tests/interop have in common: folders, fetching, and how one ends."""
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))
import harness  # pylint: disable=wrong-import-position
WORK = ROOT / "build/interop"  # what is fetched and built; it may be deleted at any time
FETCH_SECONDS = 300
BUILD_SECONDS = 1500
NO_DUMP = "not the files that it writes, because parquet_dump is not built"


class Skipped(Exception):
    """This machine cannot run the suite: says why."""


def tool(name):
    """The path of a program that the suite needs."""
    path = shutil.which(name)
    if path is None:
        raise Skipped(f"{name} is not installed")
    return path


def folder(name):
    path = WORK / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def fetch(what, *command, seconds=FETCH_SECONDS, **options):
    """Runs what brings or builds something from elsewhere; without it there is nothing to test."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, start_new_session=True, **options) as process:
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            raise Skipped(f"{what}: no end after {seconds} s") from None
    if process.returncode != 0:
        lines = [line.strip() for line in output.splitlines() if line.strip()]
        raise Skipped(f"{what}: {lines[-1] if lines else 'failed'}")


def venv(name, *packages):
    """The Python of an environment that has these packages."""
    place = folder(name) / "venv"
    python = place / "bin/python"
    if not python.exists():
        fetch("python3 -m venv", tool("python3"), "-m", "venv", str(place))
    fetch("pip", str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages)
    return python


def run(*command, seconds=120, **options):
    """The output of a client; it fails with what it said."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False, **options)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return done.stdout


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(*command, ready, **options):
    """A client that serves until the block ends, from when its log has `ready` in it; its process and log."""
    with tempfile.TemporaryDirectory() as folder:
        log_path = pathlib.Path(folder, "log")
        with open(log_path, "wb") as log, \
             subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options) as process:
            try:
                harness.wait_for(lambda: ready in log_path.read_text(errors="replace"), process, log_path)
                yield process, log_path
            finally:
                process.terminate()
                process.wait(timeout=30)


def copy_sources(source, target):
    """Builds leave files beside the sources, so these are copied."""
    shutil.copytree(ROOT / "tests/interop" / source, target, dirs_exist_ok=True)
    return target
