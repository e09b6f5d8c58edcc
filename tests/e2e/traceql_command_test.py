"""`clew traceql`: what it says of queries, and the form that it prints them in."""
import json
import subprocess
import tempfile

import harness


def traceql(*arguments, stdin="", code=0):
    run = subprocess.run([harness.CLEW, "traceql", *arguments], input=stdin, capture_output=True, text=True, timeout=20)
    assert run.returncode == code, (run.returncode, run.stdout, run.stderr)
    return run


def checked(queries, *flags, code=1):
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(queries) + "\n")
        file.flush()
        return [json.loads(line) for line in traceql("check", *flags, file.name, code=code).stdout.splitlines()]


def test_says_of_each_line_what_it_is():
    queries = ["{}", "", "{ status }", "{ .foo", "{ parent }"]
    said = checked(queries)
    assert [answer["query"] for answer in said] == [query for query in queries if query]
    assert [answer["result"] for answer in said] == ["ok", "invalid", "parse_error", "unsupported"], said
    assert (said[2]["line"], said[2]["col"]) == (1, 7), said
    assert said[2]["message"].startswith("parse error at line 1, col 7: syntax error: unexpected $end"), said
    assert checked(["{} | rate()"], code=0)[0]["result"] == "ok"


def test_takes_lines_as_windows_ends_them():
    said = [json.loads(line) for line in traceql("check", "-", stdin="{}\r\n\r\n{ .a }\r\n").stdout.splitlines()]
    assert [answer["query"] for answer in said] == ["{}", "{ .a }"], said


def test_answers_what_is_no_text_in_json():
    with tempfile.NamedTemporaryFile("wb", suffix=".txt") as file:
        file.write(b'{ .a = "\xff" }\n{ .a\0 }\n')
        file.flush()
        said = [json.loads(line) for line in traceql("check", file.name, code=1).stdout.splitlines()]
    assert [answer["col"] for answer in said] == [9, 5], said
    assert "invalid UTF-8 encoding" in said[0]["message"] and "NUL" in said[1]["message"], said


def test_takes_with_tempo_what_tempo_takes():
    ours = ["{ parent.a = 3 }", "{} | sort(duration desc) | limit(3)", "none({ status = error })"]
    assert [answer["result"] for answer in checked(ours, code=0)] == ["ok"] * 3
    assert [answer["result"] for answer in checked(ours, "--tempo")] == ["unsupported", "parse_error", "parse_error"]


def test_prints_one_form():
    form = traceql("print", "{.a=1&&(.b=`x`)}|select( .c )").stdout
    assert form == '{ .a = 1 && .b = "x" } | select(.c)\n', form
    assert traceql("print", "-", stdin=form).stdout == form
    assert "parse error at line 1, col 3" in traceql("print", "{ = }", code=1).stderr
    assert "cannot be read: /no/file" in traceql("check", "/no/file", code=1).stderr


harness.run_tests(globals())
