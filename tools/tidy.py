#!/usr/bin/env python3
"""Checks what the compiler cannot: layers, file sizes, banned words, documents that name folders."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LAYERS = re.findall(r"add_subdirectory\(libs/(\w+)\)", (ROOT / "CMakeLists.txt").read_text())
MAX_LINES = 600
MAX_TEST_LINES = 800
SKIPPED = {"node_modules", "dist", "build", ".git"}
BANNED = {
    r"\bFIXME\b": "fix it or open an issue",
    r"^\s*using namespace": "name what you use",
    r"\blocalhost:\d": "name 127.0.0.1, a bare system has no hosts file",
    r"std::(ranges::)?(stable_sort|stable_partition|inplace_merge)\b":
        "base::StableSort; the standard's is refused by the sanitizers' compiler",
    r"TODO(?!\(https?://)": "link an issue",
}
ALLOWED = {  # (file name pattern, banned pattern): reason
    (r"libs/config/tempo_import_test", r"\blocalhost:\d"): "what is written in files of Tempo",
    (r"libs/sdk/", r"\blocalhost:\d"): "the defaults that the OpenTelemetry specification names",
}
NAMES = re.compile(r"(^|_)(utils?|helpers?|common|misc|manager|impl)(_|\.|$)")
# Text in which a brace means nothing: comments, strings, characters.
NOT_CODE = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'(?!\w)""", re.S)
# What stands before the brace of a lambda's body, and before no other.
LAMBDA = re.compile(r"(\)|\]|\bmutable|\bnoexcept|->\s*[\w:<>,&*\s]+)\s*$")
# Headers that cost seconds to compile stay behind libs/net.
ASIO = re.compile(r"#include <boost/(asio|beast)")


def files():
    for pattern in ("libs", "apps", "demo", "ui/src", "tests", "bench", "tools"):
        for path in sorted((ROOT / pattern).rglob("*")):
            if path.is_file() and not SKIPPED & set(path.parts):
                yield path.relative_to(ROOT)


def check_layers(path, text):
    own = LAYERS.index(path.parts[1])
    for name in re.findall(r'^#include "(\w+)/', text, re.M):
        if name in LAYERS and LAYERS.index(name) > own:
            yield f"{path}: includes {name}, a higher layer"
    if path.parts[1] != "net" and ASIO.search(text):
        yield f"{path}: includes Asio or Beast, which stay inside libs/net"


def check_words(path, text):
    for pattern, why in BANNED.items():
        allowed = any(re.search(file, str(path)) and banned == pattern for file, banned in ALLOWED)
        if not allowed and re.search(pattern, text, re.M):
            yield f"{path}: {pattern}: {why}"


def awaited(code, start):
    """The expression that is awaited from `start` on, with the bodies of its lambdas left out."""
    expression, closers = "", []
    for character in code[start:]:
        if character in ")]}" and not closers or character in ";,?" and not closers:
            break
        if character in "([{":
            body = character == "{" and LAMBDA.search(expression)
            closers.append((len(expression), body))
        expression += character
        if character in ")]}":
            opened, body = closers.pop()
            expression = expression[:opened] if body else expression
    return expression


def check_awaits(path, text):
    """g++ 12 copies an aggregate made inside a co_await bit by bit, and destroys both."""
    code = NOT_CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    for await_ in re.finditer(r"\bco_await\b", code):
        if "{" in awaited(code, await_.end()):
            line = code.count("\n", 0, await_.start()) + 1
            yield f"{path}:{line}: braces inside a co_await; name the value first, or call its constructor"


def check(path):
    # The names of OpenTelemetry's own .proto files are not ours to choose.
    if NAMES.search(path.name) and path.suffix != ".proto":
        yield f"{path}: a name that says nothing"
    if path.suffix not in {".h", ".cc", ".ts", ".tsx", ".mjs", ".py"} or path.name == "tidy.py":
        return
    text = (ROOT / path).read_text()
    test = "test" in path.name or path.parts[0] == "tests"
    if text.count("\n") > (MAX_TEST_LINES if test else MAX_LINES):
        yield f"{path}: {text.count(chr(10))} lines; which two things is it?"
    yield from check_words(path, text)
    if path.suffix in {".h", ".cc"}:
        yield from check_awaits(path, text)
    if path.parts[0] == "libs" and path.suffix in {".h", ".cc"}:
        yield from check_layers(path, text)
        if path.suffix == ".h" and "#pragma once" not in text:
            yield f"{path}: no #pragma once"


def check_documents():
    text = (ROOT / "ARCHITECTURE.md").read_text()
    for folder in re.findall(r"`((?:libs|apps|docs|tests|tools)/[\w/]+)`", text):
        if not (ROOT / folder).exists():
            yield f"ARCHITECTURE.md: names {folder}, which does not exist"


errors = [error for path in files() for error in check(path)] + list(check_documents())
print("\n".join(errors) if errors else "tidy: clean")
sys.exit(bool(errors))
