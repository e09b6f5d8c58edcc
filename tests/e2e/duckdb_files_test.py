"""Parquet files that DuckDB wrote: every value is what it meant, or the file is refused by name."""
import json
import pathlib
import tempfile

import harness
from duckdb_sql import sql
from parquet_rows import check_rows, dump

# A column as DuckDB makes it of a number i and as Parquet has it: bytes as hex, doubles
# as text, numbers as they are.
HEX = "lower(hex({}::blob))"
TEXT = "lower(hex(encode({})))"
DOUBLE = "({}::double)::varchar"
NUMBER = "{}::hugeint"
MICROS = "epoch_us({})::hugeint"
DUCKDB_COLUMNS = {
    "bool": ("i % 3 = 0", "{}"),
    "int8": ("(i % 256 - 128)::tinyint", NUMBER),
    "int16": ("(i * 31 % 65536 - 32768)::smallint", NUMBER),
    "int32": ("(hash(i) % 4294967296)::bigint - 2147483648", NUMBER),
    "int64": ("hash(i)::hugeint - 9223372036854775808", "({}::bigint)::hugeint"),
    "uint8": ("(i % 256)::utinyint", NUMBER),
    "uint16": ("(i % 65536)::usmallint", NUMBER),
    # Physical numbers have a sign.
    "uint32": ("(hash(i) % 4294967296)::uinteger",
               "case when {0} > 2147483647 then {0}::hugeint - 4294967296 else {0}::hugeint end"),
    "uint64": ("hash(i)::ubigint",
               "case when {0} > 9223372036854775807 then {0}::hugeint - 18446744073709551616 else {0}::hugeint end"),
    "small_decimal": ("((i * 7919) % 19999 - 9999)::int / 10", "(({}::decimal(4,1)) * 10)::hugeint"),
    "wide_decimal": ("((i - 500) / 8)::decimal(38,2)",
                     "lower(right(repeat(case when {0} < 0 then 'f' else '0' end, 32) || "
                     "case when {0} < 0 then printf('%016X', (({0} * 100)::bigint)) else printf('%016x', ({0} * 100)::bigint) end, 32))"),
    "decimal": ("(i - 500)::decimal(18,3) / 8", "(({}::decimal(18,3)) * 1000)::hugeint"),
    "float": ("(i / 7 - 50)::float", DOUBLE),
    "double": ("case i % 11 when 0 then 'nan' when 1 then '-inf' when 2 then '-0' else (i / 7)::varchar end::double",
               DOUBLE),
    "text": ("repeat('ä' || i, i % 20)", TEXT),
    "few": ("'value ' || (i % 5)", TEXT),
    "blob": ("unhex(md5(i::varchar))", HEX),
    "uuid": ("md5(i::varchar)::uuid", "replace({}::varchar, '-', '')"),
    "date": ("date '1970-01-01' + (i - 400)::int", "({} - date '1970-01-01')::hugeint"),
    "time": ("time '00:00:00' + to_microseconds(i * 86399)", "epoch_us({})::hugeint"),
    "timestamp": ("make_timestamp((hash(i) // 10000)::bigint)", MICROS),
    "timestamp_ns": ("make_timestamp_ns((hash(i) // 4)::bigint)", "epoch_ns({})::hugeint"),
    "timestamp_ms": ("make_timestamp(i * 1000000007000)::timestamp_ms", "epoch_ms({})::hugeint"),
    "timestamptz": ("make_timestamp(i * 1000000007)::timestamptz", MICROS),
    "enum": ("(array['red', 'green', 'blue'])[i % 3 + 1]::color", TEXT.format("{}::varchar")),
    "json": ("('{\"a\": ' || i || '}')::json", TEXT.format("{}::varchar")),
    "list": ("[x for x in range(i % 4)]", "{}"),
    "list_of_null": ("case i % 5 when 0 then [] when 1 then [null] else ['a', null, i::varchar] end",
                     "[lower(hex(encode(x))) for x in {}]"),
    "lists": ("case i % 4 when 0 then [[1, null], [], null] when 1 then [[i]] else [] end::bigint[][]", "{}"),
    "struct": ("case when i % 4 = 0 then null else {'a': i, 'b': case when i % 3 = 0 then null else {'c': i % 2 = 0} end} end",
               "{}"),
    "structs": ("[{'n': x, 't': case when x % 2 = 0 then [x] end} for x in range(i % 3)]", "{}"),
    "map": ("map_from_entries([(x, x * i) for x in range(i % 3)])",
            "[{{'key': e.key, 'value': e.value}} for e in map_entries({})]"),
}


def decoded(column, value):
    """What DuckDB tells of a column, as the dump has it."""
    if value is None or column not in ("float", "double"):
        return value
    return float(value)


def duckdb_table(columns, rows, nulls):
    """SQL that makes table t, and the query for what must be in its file."""
    made = ", ".join(
        f'case when {nulls} then null else ({expression}) end as "{name}"' if nulls else f'{expression} as "{name}"'
        for name, (expression, _) in columns.items())
    # A decimal, like a bigint of a hash, has the type that its column is named for.
    types = {"small_decimal": "decimal(4,1)", "decimal": "decimal(18,3)", "int64": "bigint", "int32": "int"}
    replaced = ", ".join(f'"{name}"::{kind} as "{name}"' for name, kind in types.items() if name in columns)
    table = (f"create or replace table t as select * replace ({replaced}) from (select {made} from "
             f"range({rows}) r(i))") if replaced else (f"create or replace table t as select {made} from range({rows}) r(i)")
    pairs = ", ".join("\"{0}\" := {1}".format(name, physical.format(f'"{name}"'))
                      for name, (_, physical) in columns.items())
    return table, f"select to_json(struct_pack({pairs}))::varchar j from t"


def check_duckdb(columns, rows, options, nulls="", expected_error=None):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "t.parquet")
        table, query = duckdb_table(columns, rows, nulls)
        answers = sql("set timezone = 'UTC'", "create or replace type color as enum ('red', 'green', 'blue')",
                      table, f"copy t to '{path}' (format parquet{options})", query)
        found = dump(path, expected_error)
        if expected_error is not None:
            return
        expected = [json.loads(row["j"]) for row in answers[-1]]
        expected = [{name: decoded(name, value) for name, value in row.items()} for row in expected]
        check_rows(found, expected, f"DuckDB, {rows} rows,{options}, nulls where {nulls}")


def test_every_type_of_duckdb():
    for options in (", parquet_version v1", ", parquet_version v2", ", codec zstd, row_group_size 1024"):
        check_duckdb(DUCKDB_COLUMNS, 2500, options)
        check_duckdb(DUCKDB_COLUMNS, 1500, options, nulls="i % 7 = 3 or i between 700 and 1200")
        check_duckdb(DUCKDB_COLUMNS, 10, options, nulls="true")
        check_duckdb(DUCKDB_COLUMNS, 0, options)


def test_every_codec_of_duckdb():
    few = {name: DUCKDB_COLUMNS[name] for name in ("int64", "double", "text", "few", "list_of_null")}
    for version in ("v1", "v2"):
        for codec in ("uncompressed", "snappy", "gzip", "zstd", "lz4_raw"):
            check_duckdb(few, 4000, f", codec {codec}, parquet_version {version}", nulls="i % 9 = 0")
        check_duckdb(few, 4000, f", codec brotli, parquet_version {version}", expected_error="brotli")


def test_dictionaries_of_duckdb_of_all_sizes():
    columns = {"few": ("'value ' || (i % 5)", TEXT), "many": ("'value ' || (i % 30000)", TEXT),
               "all": ("'value ' || i", TEXT), "numbers": ("i % 40000", NUMBER), "halves": ("(i % 500) / 2", DOUBLE)}
    renamed = {("double" if name == "halves" else name): column for name, column in columns.items()}
    for options in ("", ", dictionary_size_limit 10", ", string_dictionary_page_size_limit 1000",
                    ", row_group_size 20000, parquet_version v2"):
        check_duckdb(renamed, 60000, options)


def test_what_is_encrypted_is_refused():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "t.parquet")
        sql("set force_mbedtls_unsafe = 'true'", "pragma add_parquet_key('key', '0123456789abcdef')",
            f"copy (select 1 a) to '{path}' (format parquet, encryption_config {{footer_key: 'key'}})")
        dump(path, "encrypted")


if __name__ == "__main__":
    harness.run_tests(globals())
