"""Reads every column of the blocks in a folder with Spark, and asks for values in ways that skip pages and row groups.

Prints a JSON line for each row of spans.parquet and traces.parquet, and one of how many questions were asked and how
many of those about columns with Bloom filters needed no row."""
import collections
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import block_rows  # pylint: disable=wrong-import-position
import footer  # pylint: disable=wrong-import-position
import spark_session  # pylint: disable=wrong-import-position

LEAVES = {footer.BOOLEAN: "boolean", footer.INT32: "int", footer.INT64: "bigint", footer.DOUBLE: "double",
          footer.BYTE_ARRAY: "string", footer.FIXED: "binary"}
MAP, LIST = 1, 3  # of ConvertedType
QUESTIONS = 60  # about columns without a Bloom filter


def quoted(name):
    return "`" + name.replace("`", "``") + "`"


def spark_type(elements):
    """The name of the next element of a schema and its type in Spark's words."""
    element = next(elements)
    name = element[4].decode()
    children = [spark_type(elements) for _ in range(element.get(5, 0))]
    if element.get(6) == LIST:
        return name, f"array<{children[0][1].removeprefix('struct<').split(':', 1)[1][:-1]}>"
    if element.get(6) == MAP:
        return name, "map<string,string>"
    if children:
        return name, f"struct<{','.join(quoted(child) + ':' + kind for child, kind in children)}>"
    return name, LEAVES[element[1]]


def columns_of(files):
    """All columns of the files, and those that have a Bloom filter in one."""
    columns, filtered = {}, set()
    for file in files:
        elements = iter(file.schema)
        columns.update(spark_type(elements) for _ in range(next(elements)[5]))
        filtered |= {chunk[3][3][0].decode() for group in file.row_groups for chunk in group[1] if 14 in chunk[3]}
    return columns, filtered


def plain(value):
    return bytes(value) if isinstance(value, bytearray) else (
        [plain(item) for item in value] if isinstance(value, list) else value)


def rows_by_file(table):
    by_file = collections.defaultdict(list)
    for row in table.select("*", "_metadata.file_path").collect():
        row = {name: plain(value) for name, value in row.asDict(recursive=True).items()}
        by_file[row.pop("file_path")].append(row)
    return by_file


def literal(value, kind):
    if kind == "binary":
        return f"X'{value.hex()}'"
    return f"{value!r}D" if kind == "double" else "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'" if (
        kind == "string") else str(value)


def other_than(values, kind):
    """A value between the least and the most that is not there."""
    if kind in ("string", "binary"):
        nothing = "~" if kind == "string" else b"\0"
        return (sorted(values)[0] + nothing) if kind == "string" else sorted(values)[0][:-1] + nothing
    return None if kind == "boolean" else sorted(values)[0] + (0.25 if kind == "double" else 1)


def questions(name, kind, rows):
    """Conditions about a column with how many rows they hold for."""
    values = collections.Counter(row[name] for row in rows if row[name] is not None)
    if not values:
        return
    (most, _), *_, (least, _) = [*values.most_common(), *values.most_common()[-1:]]
    other = other_than(values, kind)
    for value in (most, least) if other is None or other in values else (most, least, other):
        yield f"{quoted(name)} = {literal(value, kind)}", values[value]
    if kind in ("int", "bigint", "double", "string"):
        middle = sorted(values)[len(values) // 2]
        below = sum(count for value, count in values.items() if utf8(value) < utf8(middle))
        yield f"{quoted(name)} < {literal(middle, kind)}", below
        yield f"{quoted(name)} >= {literal(middle, kind)}", values.total() - below
    yield f"{quoted(name)} is null", len(rows) - values.total()


def utf8(value):
    return value.encode() if isinstance(value, str) else value


def count(table, condition):
    """For how many rows it holds, and how many were read for that: none where filters tell all."""
    found = table.where(condition).select("name" if "name" in table.columns else "rows")
    rows = len(found.collect())
    (scan,) = [leaf for leaf in leaves(found) if leaf.metrics().contains("numOutputRows")]
    return rows, scan.metrics().apply("numOutputRows").value()


def leaves(table):
    """The operators of a plan that read."""
    found = table._jdf.queryExecution().executedPlan().collectLeaves()  # pylint: disable=protected-access
    return [found.apply(i) for i in range(found.size())]


def ask(table, columns, filtered, rows):
    """Holds what Spark counts to the rows that it read; how many questions there were, and for how many nothing was read."""
    flat = {name: kind for name, kind in columns.items() if "<" not in kind}
    about_filters = [question for name in sorted(filtered) for question in questions(name, flat[name], rows)]
    others = [question for name in sorted(set(flat) - filtered) for question in questions(name, flat[name], rows)]
    chosen, unread = about_filters + others[::len(others) // QUESTIONS + 1], 0
    for number, (condition, expected) in enumerate(chosen):
        found, read = count(table, condition)
        assert found == expected, (condition, found, expected)
        unread += number < len(about_filters) and read == 0
    return len(chosen), unread


def main():
    spark = spark_session.start()
    asked = unread = 0
    for stem in ("spans", "traces"):
        paths = sorted(pathlib.Path(sys.argv[1]).glob(f"*/*/{stem}.parquet"))
        columns, filtered = columns_of(map(footer.File, paths))
        schema = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())
        table = spark.read.schema(schema).parquet(*map(str, paths))
        by_file = rows_by_file(table)
        some = ask(table, columns, filtered, [row for rows in by_file.values() for row in rows])
        asked, unread = asked + some[0], unread + some[1]
        for rows in by_file.values():
            for row in block_rows.spans_of(rows) if stem == "spans" else map(block_rows.trace_of, rows):
                print(json.dumps([stem, row]))
    print(json.dumps(["asked", [asked, unread]]))
    sys.stdout.flush()
    spark.stop()


main()
