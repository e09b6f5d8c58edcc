"""Parquet files that Arrow wrote: every value is what it meant, or the file is refused by name.

Needs pyarrow, which Debian does not have: without it nothing is tested, and that is said."""
import datetime
import decimal
import pathlib
import random
import struct
import tempfile

import harness
from parquet_rows import check_rows, dump

try:
    import pyarrow
    import pyarrow.parquet
except ImportError:
    pyarrow = None
    print("skipped: files of Arrow, because there is no pyarrow here")

EPOCH = datetime.date(1970, 1, 1)


def hexed(value):
    return value.encode().hex() if isinstance(value, str) else value.hex()


def half(value):
    return struct.pack("<e", value).hex()


def signed(bits):
    return lambda value: value - (1 << bits) if value >= 1 << (bits - 1) else value


def unscaled(scale, length=None):
    """Of a decimal: its number, or the bytes of it with the highest first."""
    def physical(value):
        number = int(value.scaleb(scale))
        return number if length is None else number.to_bytes(length, "big", signed=True).hex()
    return physical


def same(value):
    return value


def each(physical):
    return lambda values: [None if value is None else physical(value) for value in values]


def columns(rows, seed):
    """By name: the Arrow type, the values, and what Parquet has of one."""
    chance = random.Random(seed)
    few = [f"value {i}" for i in range(7)]
    texts = [chance.choice(("", "ä", "x" * 90, "service")) + str(chance.randrange(100_000)) for _ in range(rows)]
    bits = [chance.getrandbits(64) for _ in range(rows)]
    special = [float("nan"), float("inf"), float("-inf"), -0.0, 0.0, 5e-324]
    doubles = [special[i % 50] if i % 50 < 6 else chance.uniform(-1e300, 1e300) for i in range(rows)]
    cents = [decimal.Decimal(bit % 1_999_999 - 999_999).scaleb(-2) for bit in bits]
    lists = [None if bit % 5 == 0 else [None if j % 4 == 3 else j + bit % 100 for j in range(bit % 7)] for bit in bits]
    return {
        "bool": (pyarrow.bool_(), [bit % 5 < 2 for bit in bits], same),
        "int8": (pyarrow.int8(), [bit % 256 - 128 for bit in bits], same),
        "int16": (pyarrow.int16(), [bit % 65536 - 32768 for bit in bits], same),
        "int32": (pyarrow.int32(), [signed(32)(bit % 2**32) for bit in bits], same),
        "int64": (pyarrow.int64(), [signed(64)(bit) for bit in bits], same),
        "rising": (pyarrow.int64(), list(range(1 << 60, (1 << 60) + rows)), same),
        "uint8": (pyarrow.uint8(), [bit % 256 for bit in bits], same),
        "uint32": (pyarrow.uint32(), [bit % 2**32 for bit in bits], signed(32)),
        "uint64": (pyarrow.uint64(), bits, signed(64)),
        "half": (pyarrow.float16(), [bit % 1000 / 8 - 50 for bit in bits], half),
        "float": (pyarrow.float32(), [bit % 100_000 / 8 - 50 for bit in bits], same),
        "double": (pyarrow.float64(), doubles, same),
        "text": (pyarrow.string(), texts, hexed),
        "sorted": (pyarrow.string(), sorted(texts), hexed),
        "large": (pyarrow.large_string(), texts, hexed),
        "few": (pyarrow.string(), [few[bit % 7] for bit in bits], hexed),
        "coded": (pyarrow.dictionary(pyarrow.int32(), pyarrow.string()), [few[bit % 7] for bit in bits], hexed),
        "bytes": (pyarrow.binary(), [bit.to_bytes(8, "big")[:bit % 9] for bit in bits], hexed),
        "fixed": (pyarrow.binary(5), [bit.to_bytes(8, "big")[:5] for bit in bits], hexed),
        "decimal": (pyarrow.decimal128(9, 2), cents, unscaled(2, 4)),
        "wide_decimal": (pyarrow.decimal128(38, 2), cents, unscaled(2, 16)),
        "date": (pyarrow.date32(), [EPOCH + datetime.timedelta(bit % 40_000 - 20_000) for bit in bits],
                 lambda value: (value - EPOCH).days),
        "time": (pyarrow.time64("us"), [datetime.time(bit % 24, 7, 1, bit % 1_000_000) for bit in bits],
                 lambda value: ((value.hour * 60 + 7) * 60 + 1) * 1_000_000 + value.microsecond),
        "moment": (pyarrow.timestamp("ns", "UTC"), [bit >> 2 for bit in bits], same),
        "micros": (pyarrow.timestamp("us"), [bit >> 12 for bit in bits], same),
        "duration": (pyarrow.duration("ns"), [bit >> 2 for bit in bits], same),
        "nothing": (pyarrow.null(), [None] * rows, same),
        "list": (pyarrow.list_(pyarrow.int64()), lists, same),
        "large_list": (pyarrow.large_list(pyarrow.string()),
                       [None if found is None else [None if x is None else f"n{x}" for x in found] for found in lists],
                       each(hexed)),
        "lists": (pyarrow.list_(pyarrow.list_(pyarrow.int32())),
                  [[None, [], [i, None]][:i % 4] for i in range(rows)], same),
        "struct": (pyarrow.struct([("a", pyarrow.int32()), ("b", pyarrow.struct([("c", pyarrow.string())]))]),
                   [None if i % 5 == 0 else {"a": i, "b": None if i % 3 == 0 else {"c": few[i % 7]}}
                    for i in range(rows)],
                   lambda value: {"a": value["a"], "b": value["b"] and {"c": hexed(value["b"]["c"])}}),
        "structs": (pyarrow.list_(pyarrow.struct([("n", pyarrow.int64()), ("l", pyarrow.list_(pyarrow.int64()))])),
                    [[{"n": j, "l": lists[i]} for j in range(i % 3)] for i in range(rows)], same),
        "map": (pyarrow.map_(pyarrow.string(), pyarrow.int64()),
                [[(few[j], None if j == 1 else i) for j in range(i % 4)] for i in range(rows)],
                lambda items: [{"key": hexed(key), "value": value} for key, value in items]),
    }


def check(made, options, nulls=None):
    """Writes the columns with these options of pyarrow and compares every value."""
    arrays, expected = {}, {}
    for name, (kind, values, physical) in made.items():
        if nulls is not None:
            values = [None if nulls(i) else value for i, value in enumerate(values)]
        arrays[name] = pyarrow.array(values, kind)
        expected[name] = [None if value is None else physical(value) for value in values]
    rows = [dict(zip(expected, row)) for row in zip(*expected.values())]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "t.parquet")
        pyarrow.parquet.write_table(pyarrow.table(arrays), path, **options)
        check_rows(dump(path), rows, f"Arrow, {options}")


def only(names, rows=3000, seed=1):
    made = columns(rows, seed)
    return {name: made[name] for name in names}


def test_every_type_of_arrow():
    for version in ("1.0", "2.0"):
        for extra in ({}, {"use_dictionary": False, "compression": "zstd"},
                      {"write_page_index": True, "write_page_checksum": True, "data_page_size": 1000,
                       "write_batch_size": 64, "row_group_size": 1700, "compression": "gzip"},
                      {"write_statistics": False, "use_compliant_nested_type": False, "compression": "none"}):
            options = {"data_page_version": version, **extra}
            check(columns(3000, 1), options)
            check(columns(2000, 2), options, nulls=lambda i: i % 7 == 3 or 500 < i < 1200)
            check(columns(5, 3), options, nulls=lambda i: True)
            check(columns(1, 4), options)
            check(columns(0, 5), options)


def test_every_encoding_of_arrow():
    encodings = {
        "DELTA_BINARY_PACKED": ("int8", "int32", "int64", "rising", "uint32", "uint64", "moment", "date"),
        "DELTA_LENGTH_BYTE_ARRAY": ("text", "sorted", "large", "bytes"),
        "DELTA_BYTE_ARRAY": ("text", "sorted", "large", "bytes", "fixed", "wide_decimal"),
        "BYTE_STREAM_SPLIT": ("int32", "int64", "float", "double", "half", "fixed", "decimal"),
        "PLAIN": ("bool", "int32", "int64", "float", "double", "text", "fixed"),
        "RLE": ("bool",),
    }
    for encoding, names in encodings.items():
        for version in ("1.0", "2.0"):
            options = {"data_page_version": version, "use_dictionary": False, "data_page_size": 2000,
                       "column_encoding": {name: encoding for name in names}}
            for rows in (1, 2, 31, 32, 33, 128, 129, 130, 257, 3000):
                check(only(names, rows), options)
            check(only(names, 1000), options, nulls=lambda i: i % 3 == 0)


def test_every_codec_of_arrow():
    names = ("int64", "text", "few", "list", "bool")
    for version in ("1.0", "2.0"):
        for codec in ("none", "snappy", "gzip", "zstd", "lz4"):
            check(only(names), {"compression": codec, "data_page_version": version})
            check(only(names), {"compression": codec, "data_page_version": version}, nulls=lambda i: True)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "t.parquet")
        pyarrow.parquet.write_table(pyarrow.table({"a": [1, 2]}), path, compression="brotli")
        dump(path, "brotli")


def test_dictionaries_that_give_way():
    names = ("text", "sorted", "int64", "double", "few", "large_list", "decimal")
    for version in ("1.0", "2.0"):
        check(only(names, 20_000), {"dictionary_pagesize_limit": 20_000, "data_page_size": 5_000, "write_batch_size": 100,
                                    "data_page_version": version})
        check(only(names, 5_000), {"dictionary_pagesize_limit": 1, "version": "1.0", "data_page_version": version})


def test_decimals_as_integers():
    made = only(("decimal", "int32"))
    made["decimal"] = (*made["decimal"][:2], unscaled(2))
    check(made, {"store_decimal_as_integer": True})


def test_large_strings():
    sizes = [0, 1, 3_000_000, 20_000_000, 5]
    made = {"text": (pyarrow.large_string(), ["xy" * (size // 2) for size in sizes], hexed)}
    for options in ({"use_dictionary": False}, {"compression": "zstd"}, {"column_encoding": "DELTA_BYTE_ARRAY",
                                                                        "use_dictionary": False}):
        check(made, options)


def test_files_without_rows_or_columns():
    check({"a": (pyarrow.int64(), [], same), "l": (pyarrow.list_(pyarrow.string()), [], same)}, {"write_page_index": True})
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "t.parquet")
        pyarrow.parquet.write_table(pyarrow.table({}), path)
        assert dump(path) == []
        # Row groups with and without rows, in one file.
        full = pyarrow.table({"a": [1, 2], "l": [["x"], []]})
        with pyarrow.parquet.ParquetWriter(path, full.schema, write_page_index=True) as writer:
            for part in (full.slice(0, 0), full, full.slice(0, 0), full):
                writer.write_table(part)
        row = [{"a": 1, "l": ["78"]}, {"a": 2, "l": []}]
        check_rows(dump(path), row + row, "empty row groups")


def test_what_is_not_read_is_refused():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "t.parquet")
        moments = pyarrow.table({"at": pyarrow.array([1, 2], pyarrow.timestamp("ns"))})
        pyarrow.parquet.write_table(moments, path, use_deprecated_int96_timestamps=True)
        dump(path, "INT96")
        # A summary of other files, whose column chunks are there.
        collected = []
        pyarrow.parquet.write_to_dataset(moments, folder + "/set", metadata_collector=collected)
        pyarrow.parquet.write_metadata(moments.schema, path, metadata_collector=collected)
        dump(path, "another file")


def test_bloom_filters_of_arrow():
    names = ("text", "int32", "int64", "double", "fixed", "few")
    try:
        check(only(names), {"bloom_filter_options": {name: {"ndv": 3000, "fpp": 0.01} for name in names}})
    except TypeError:
        print("skipped: Bloom filters of Arrow, because this pyarrow writes none")


if __name__ == "__main__":
    if pyarrow is not None:
        harness.run_tests(globals())
