#!/usr/bin/env python3
"""Runs clang-tidy over the C++ sources of the project, those that it has not seen as they are.

Sources of a module are compiled several together, and read so here too: most of the time goes to
the headers. What was clean is left out until a source, a header of ours that it includes, or
.clang-tidy changes: a stamp below the build folder has the hash of all of them. So a run that was
broken off goes on where it was.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLANG_TIDY = "clang-tidy-19"


def sources():
    listed = subprocess.run(["git", "ls-files", "libs/*.cc", "apps/*.cc", "demo/*.cc"], cwd=ROOT, capture_output=True,
                            text=True, check=True).stdout.split()
    return {name for name in listed if not re.search(r"_(fuzz|bench)\.cc$", name)}


def sources_in(unit):
    """The sources that a file has the compiler read: itself, or those that CMake put together there."""
    if not re.search(r"/Unity/unity_\d+_cxx\.cxx$", unit):
        return [os.path.relpath(unit, ROOT)]
    included = re.findall(r'^#include "(.*)"', pathlib.Path(unit).read_text(), re.MULTILINE)
    return [os.path.relpath(name, ROOT) for name in included]


def hash_of(names):
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    for name in names:
        path = ROOT / name
        digest.update(name.encode())
        digest.update(path.read_bytes() if path.exists() else b"gone")
    return digest.hexdigest()


class Linter:
    def __init__(self, build):
        self.build = build
        self.stamps = build / "tidy"
        self.stamps.mkdir(exist_ok=True)
        commands = json.loads((build / "compile_commands.json").read_text())
        ours = sources()
        self.commands = {entry["file"]: entry for entry in commands if ours.intersection(sources_in(entry["file"]))}
        self.unbuilt = ours.difference(*(sources_in(unit) for unit in self.commands))

    def stamp(self, unit):
        return self.stamps / (os.path.relpath(unit, ROOT).replace("/", "-") + ".json")

    def is_clean(self, unit):
        try:
            known = json.loads(self.stamp(unit).read_text())
        except (OSError, ValueError):
            return False
        return hash_of(known["files"]) == known["hash"]

    def files_of(self, unit):
        """The sources and the headers of ours that they include, as the compiler finds them."""
        entry = self.commands[unit]
        arguments = shlex.split(entry["command"])
        compiler = next(i for i, word in enumerate(arguments) if "clang++" in word)
        kept, skip = [], False
        for word in arguments[compiler:]:
            if skip or word in ("-MD", "-c"):
                skip = False
            elif word in ("-o", "-MT", "-MF"):
                skip = True
            else:
                kept.append(word)
        rule = subprocess.run([*kept, "-MM"], cwd=entry["directory"], capture_output=True, text=True, check=True).stdout
        names = rule.replace("\\\n", " ").split(":", 1)[1].split()
        paths = [os.path.relpath(os.path.join(entry["directory"], name), ROOT) for name in names]
        return sorted(path for path in paths if not path.startswith(".."))

    def lint(self, unit):
        """What is wrong with it; empty when nothing is."""
        done = subprocess.run([CLANG_TIDY, "--quiet", "-p", self.build, unit], capture_output=True, text=True)
        if done.returncode != 0:
            return done.stdout or done.stderr
        files = self.files_of(unit)
        self.stamp(unit).write_text(json.dumps({"hash": hash_of(files), "files": files}))
        return ""


def main():
    linter = Linter(pathlib.Path(sys.argv[1]).resolve())
    for source in sorted(linter.unbuilt):
        print(f"{source}: is in no target, so it is not built")
    wanted = [unit for unit in linter.commands if not linter.is_clean(unit)]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        runs = {workers.submit(linter.lint, unit): unit for unit in wanted}
        for number, run in enumerate(concurrent.futures.as_completed(runs), 1):
            if sys.stderr.isatty():
                name = os.path.relpath(runs[run], ROOT)
                print(f"\r\033[K[{number}/{len(wanted)}] {name}", end="", file=sys.stderr, flush=True)
            if run.result():
                failed += 1
                print(f"\n{run.result()}", end="")
    if sys.stderr.isatty() and wanted:
        print(file=sys.stderr)
    print(f"clang-tidy: {len(wanted) - failed} units clean, {failed} not, {len(linter.commands) - len(wanted)} as before")
    return 1 if failed or linter.unbuilt else 0


if __name__ == "__main__":
    sys.exit(main())
