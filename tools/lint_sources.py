#!/usr/bin/env python3
"""Runs clang-tidy over the C++ sources of the project, those that it has not seen as they are.

A source that was clean is left out until it, a header of ours that it includes, or .clang-tidy
changes: its stamp below the build folder has the hash of all of them. So a run that was broken
off goes on where it was.
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
    return [name for name in listed if not re.search(r"_(fuzz|bench)\.cc$", name)]


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
        self.commands = {os.path.relpath(entry["file"], ROOT): entry for entry in commands}

    def stamp(self, source):
        return self.stamps / (source.replace("/", "-") + ".json")

    def is_clean(self, source):
        try:
            known = json.loads(self.stamp(source).read_text())
        except (OSError, ValueError):
            return False
        return hash_of(known["files"]) == known["hash"]

    def files_of(self, source):
        """The source and the headers of ours that it includes, as the compiler finds them."""
        entry = self.commands[source]
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

    def lint(self, source):
        """What is wrong with it; empty when nothing is."""
        if source not in self.commands:
            return f"{source}: is in no target, so it is not built\n"
        done = subprocess.run([CLANG_TIDY, "--quiet", "-p", self.build, ROOT / source], capture_output=True, text=True)
        if done.returncode != 0:
            return done.stdout or done.stderr
        files = self.files_of(source)
        self.stamp(source).write_text(json.dumps({"hash": hash_of(files), "files": files}))
        return ""


def main():
    linter = Linter(pathlib.Path(sys.argv[1]).resolve())
    wanted = [source for source in sources() if not linter.is_clean(source)]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        runs = {workers.submit(linter.lint, source): source for source in wanted}
        for number, run in enumerate(concurrent.futures.as_completed(runs), 1):
            if sys.stderr.isatty():
                print(f"\r\033[K[{number}/{len(wanted)}] {runs[run]}", end="", file=sys.stderr, flush=True)
            if run.result():
                failed += 1
                print(f"\n{run.result()}", end="")
    if sys.stderr.isatty() and wanted:
        print(file=sys.stderr)
    print(f"clang-tidy: {len(wanted) - failed} sources clean, {failed} not, {len(sources()) - len(wanted)} as before")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
