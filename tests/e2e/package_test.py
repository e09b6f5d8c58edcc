"""The Debian package: built, installed, run, removed and purged, in a root of its own that is a folder. dpkg's scripts
run without a chroot there, so it works for a plain user as well, and the machine stays as it is."""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import time

import harness

NEEDED = ("dpkg-deb", "dpkg-shlibdeps", "strip", "deb-systemd-helper", "systemd-sysusers")


def run(*command, code=0, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120, **options)
    assert done.returncode == code, (command, done.returncode, done.stdout, done.stderr)
    return done.stdout


class Root:
    """A folder that dpkg takes for the whole system."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        database = self.folder / "var/lib/dpkg"
        for name in ("info", "updates", "triggers"):
            (database / name).mkdir(parents=True)
        for name in ("status", "available"):
            (database / name).touch()

    def dpkg(self, *arguments):
        # The libraries it depends on are those of the machine.
        return run("dpkg", f"--root={self.folder}", f"--log={self.folder}/dpkg.log", "--force-script-chrootless",
                   "--force-depends", "--force-not-root", *arguments)

    def path(self, name):
        return self.folder / name.lstrip("/")


def files_of(root):
    return {str(path.relative_to(root.folder)) for path in root.folder.rglob("*") if not path.is_dir()}


def unit(root, name):
    """The lines of an installed unit as a dictionary of lists."""
    values = {}
    for line in root.path(f"/usr/lib/systemd/system/{name}").read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            values.setdefault(key, []).append(value)
    return values


def check_files(root):
    for name in ("usr/bin/clew", "usr/lib/systemd/system/clew.service", "usr/lib/systemd/system/clew-edge.service",
                 "usr/lib/sysusers.d/clew.conf", "etc/default/clew", "etc/clew/clew.yaml", "usr/share/doc/clew/copyright",
                 "usr/share/doc/clew/install.md", "usr/share/doc/clew/format/block.md", "usr/share/man/man1/clew.1.gz"):
        assert root.path(name).is_file(), name
    assert re.search(r"^clew:x:\d+:\d+:", root.path("etc/passwd").read_text()), "no user clew"
    # The server begins with the system; the edge does when somebody says so.
    wanted = root.path("etc/systemd/system/multi-user.target.wants")
    assert [link.name for link in wanted.iterdir()] == ["clew.service"], list(wanted.iterdir())


def check_units(root):
    """That the installed command line runs, and what systemd thinks of the units where it is there."""
    server = unit(root, "clew.service")
    assert server["Type"] == ["notify"] and server["User"] == ["clew"] and server["StateDirectory"] == ["clew"]
    defaults = dict(re.findall(r'^(\w+)="(.*)"$', root.path("etc/default/clew").read_text(), re.MULTILINE))
    program, *words = shlex.split(server["ExecStart"][0])
    assert words == ["server", "--config", "/etc/clew/clew.yaml"], words
    settings = root.path("/etc/clew/clew.yaml")
    assert run(root.path(program), "config", "show", "--config", settings) == f"data: /var/lib/clew  # {settings}:6\n"
    data = root.path("/var/lib/clew")
    run_server(root.path(program), ["server", "--config", settings, "--data", data], root)
    assert (data / "wal").is_dir()
    program, *words = shlex.split(unit(root, "clew-edge.service")["ExecStart"][0].replace(
        "$CLEW_EDGE_FLAGS", defaults["CLEW_EDGE_FLAGS"]))
    words[words.index("--config") + 1] = root.path("no such file")
    refused = subprocess.run([root.path(program), *words], capture_output=True, text=True, timeout=30)
    assert refused.returncode == 1 and "cannot read the routes" in refused.stderr, refused


def run_server(program, words, root):
    """Starts the installed program on free ports, and takes a trace in and out."""
    ports_file = root.path("/ports.json")
    log = root.path("/server.log")
    free = [f"--port-{name}=0" for name in harness.PORTS]
    with open(log, "wb") as out:
        process = subprocess.Popen([program, *words, *free, "--ports-file", ports_file], stdout=out, stderr=out)
    try:
        harness.wait_for(ports_file.exists, process, log)
        ports = json.loads(ports_file.read_text())
        check_health_of_the_image(ports["api"])
        text = run(program, "check", "--duration", "200ms", "--interval", "100ms",
                   "--server", f"http://127.0.0.1:{ports['api']}", "--otlp", f"http://127.0.0.1:{ports['otlp_http']}")
        assert "lost         0 spans" in text, text
    finally:
        process.terminate()
        assert process.wait(timeout=30) == 0, log.read_text()


def check_health_of_the_image(port):
    """The health check of deploy/Dockerfile, which is a command: here it asks another server."""
    text = (harness.ROOT / "deploy/Dockerfile").read_text()
    words = json.loads(re.search(r"^HEALTHCHECK .*\\\n +CMD (\[.*\])$", text, re.MULTILINE)[1])
    assert "/3200 " in words[-1], words
    asked = [word.replace("/3200 ", f"/{port} ") for word in words]
    for _ in range(100):  # it may not be ready yet
        healthy = subprocess.run(asked, capture_output=True, timeout=30)
        if healthy.returncode == 0:
            break
        time.sleep(0.1)
    assert healthy.returncode == 0, healthy
    sick = subprocess.run([word.replace("/ready", "/none") for word in asked], capture_output=True, timeout=30)
    assert sick.returncode != 0, sick


def check_systemd(root):
    """The judgement of systemd-analyze on both units."""
    if shutil.which("systemd-analyze") is None:
        print("     skipped systemd-analyze: it is not installed")
        return
    for name in ("clew.service", "clew-edge.service"):
        verified = subprocess.run(["systemd-analyze", "verify", f"--root={root.folder}", "--man=no", name],
                                  capture_output=True, text=True, timeout=60)
        # Units and programs of the system that are not in this root are not ours to judge.
        ours = [line for line in verified.stderr.splitlines()
                if name in line and "not found" not in line and "not-found" not in line
                and "/bin/kill is not executable" not in line]
        assert ours == [], ours
        judged = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=25", "--no-pager",
                                 root.path(f"/usr/lib/systemd/system/{name}")],
                                capture_output=True, text=True, timeout=60)
        assert judged.returncode == 0, (judged.stdout[-300:], judged.stderr)


def test_the_package_is_built_installed_run_removed_and_purged():
    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    if missing:
        print(f"     skipped: not installed: {' '.join(missing)}")
        return
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        package = run(harness.ROOT / "deploy/debian/build", harness.CLEW, folder).strip()
        print(f"     {pathlib.Path(package).name}, {os.path.getsize(package) >> 10} KiB, "
              f"{time.monotonic() - started:.1f} s")
        fields = run("dpkg-deb", "--field", package)
        version = run(harness.CLEW, "--version").split()[1]
        assert f"Version: {version}\n" in fields and "libnghttp2-14" in fields and "libc6" in fields, fields
        root = Root(pathlib.Path(folder) / "root")
        nothing = files_of(root)
        root.dpkg("--install", package)
        assert run(root.path("/usr/bin/clew"), "--version") == f"clew {version}\n"
        check_files(root)
        check_units(root)
        check_systemd(root)
        # A second time is an upgrade: what was changed in /etc stays.
        changed = root.path("etc/clew/clew.yaml")
        changed.write_text(changed.read_text() + "retention: 7d\n")
        root.dpkg("--install", package)
        assert "retention: 7d" in changed.read_text()
        root.dpkg("--remove", "clew")
        left = files_of(root)
        assert "usr/bin/clew" not in left and "etc/clew/clew.yaml" in left, left
        assert root.path("/var/lib/clew/wal").is_dir(), "data goes with a purge only"
        root.dpkg("--purge", "clew")
        assert not root.path("/var/lib/clew").exists()
        users = {"etc/passwd", "etc/group", "etc/shadow", "etc/gshadow", "etc/.pwd.lock"}
        own = {"dpkg.log", "ports.json", "server.log"}
        rest = {name for name in files_of(root) - nothing - users - own if not name.startswith("var/lib/dpkg/")}
        assert rest == set(), rest


if __name__ == "__main__":
    harness.run_tests(globals())
