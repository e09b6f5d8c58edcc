"""A strict reader of Prometheus's text format (version 0.0.4): what it does not allow is an error."""
import re

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"')
NUMBER = re.compile(r"[+-]?(\d+(\.\d+)?([eE][+-]?\d+)?|Inf)|NaN")
SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("",), "gauge": ("",)}
ESCAPES = {'\\"': '"', "\\\\": "\\", "\\n": "\n"}


class Family:
    """One metric: its help, its type, and its samples as (name, labels, value)."""

    def __init__(self, name, help_text):
        self.name, self.help, self.type, self.samples = name, help_text, None, []


def labels_of(text, line):
    """{"a": "b"} of `a="b",c="d"`."""
    labels, at = {}, 0
    while True:
        found = LABEL.match(text, at)
        assert found, f"labels are malformed: {line}"
        assert found[1] not in labels, f"label {found[1]} comes twice: {line}"
        labels[found[1]] = re.sub(r'\\["\\n]', lambda escape: ESCAPES[escape[0]], found[2])
        at = found.end()
        if at == len(text):
            return labels
        assert text[at] == ",", f"labels are malformed: {line}"
        at += 1


def add_sample(family, line):
    found = re.fullmatch(rf"({NAME.pattern})(?:\{{(.*)\}})? ({NUMBER.pattern})", line)
    assert found, f"no sample: {line}"
    assert family and family.type, f"a sample without HELP and TYPE: {line}"
    assert found[1] in [family.name + suffix for suffix in SUFFIXES[family.type]], f"{line} in family {family.name}"
    labels = labels_of(found[2], line) if found[2] else {}
    assert (found[1], labels) not in [sample[:2] for sample in family.samples], f"comes twice: {line}"
    family.samples.append((found[1], labels, float(found[3])))


def check_histogram(family):
    """Buckets rise, in le and in count, up to +Inf, which is the count."""
    series = {}
    for name, labels, value in family.samples:
        rest = tuple(sorted(item for item in labels.items() if item[0] != "le"))
        series.setdefault(rest, {}).setdefault(name[len(family.name):], []).append((labels.get("le"), value))
    for parts in series.values():
        assert set(parts) == {"_bucket", "_sum", "_count"}, (family.name, set(parts))
        bounds = [float(le) for le, _ in parts["_bucket"]]
        counts = [count for _, count in parts["_bucket"]]
        assert bounds == sorted(set(bounds)) and bounds[-1] == float("inf"), (family.name, bounds)
        assert counts == sorted(counts) and counts[-1] == parts["_count"][0][1], (family.name, counts)


def parse(text):
    """{name: Family}, in order; AssertionError names the line that is wrong."""
    assert text.endswith("\n"), "the last line does not end"
    families, family = {}, None
    for line in text.split("\n")[:-1]:
        if line.startswith("# HELP "):
            name, _, help_text = line[7:].partition(" ")
            assert NAME.fullmatch(name) and help_text, f"malformed: {line}"
            assert name not in families, f"comes twice: {line}"
            family = families[name] = Family(name, help_text)
        elif line.startswith("# TYPE "):
            name, _, kind = line[7:].partition(" ")
            assert family and name == family.name and family.type is None and kind in SUFFIXES, f"malformed: {line}"
            family.type = kind
        else:
            add_sample(family, line)
    for family in families.values():
        assert family.type, f"{family.name} has no TYPE"
        if family.type == "histogram":
            check_histogram(family)
    return families


def total(families, name, **labels):
    """The sum of the samples with these labels, among others; KeyError when there is no such metric."""
    owner = next((families[name[:len(name) - len(suffix)]] for suffix in ("", "_bucket", "_sum", "_count")
                  if name.endswith(suffix) and name[:len(name) - len(suffix)] in families), None)
    if owner is None:
        raise KeyError(name)
    return sum(value for sample, having, value in owner.samples
               if sample == name and labels.items() <= having.items())
