"""Go programs, built with caches of their own."""
import os

import suite


def environment():
    work = suite.folder("go")
    return {**os.environ, "GOPATH": str(work), "GOBIN": str(work / "bin"), "GOCACHE": str(work / "cache"),
            "GOFLAGS": "-modcacherw", "GOTOOLCHAIN": "local"}


def build(sources):
    """The program of a folder of tests/interop."""
    target = suite.copy_sources(sources, suite.folder("go") / sources)
    go = suite.tool("go")
    suite.fetch("go mod tidy", go, "mod", "tidy", cwd=target, env=environment())
    suite.fetch("go build", go, "build", "-o", "program", ".", seconds=suite.BUILD_SECONDS, cwd=target,
                env=environment())
    return target / "program"


def install(package, name, *flags):
    """A program of another's module."""
    suite.fetch("go install", suite.tool("go"), "install", *flags, package, seconds=suite.BUILD_SECONDS,
                env=environment())
    return suite.folder("go") / "bin" / name
