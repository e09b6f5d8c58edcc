"""Writes one table with Spark into FOLDER in every way that it has, and prints its rows as Parquet has their values."""
import datetime
import decimal
import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import spark_session  # pylint: disable=wrong-import-position

SCHEMA = """flag boolean, tiny byte, small short, number int, wide long, single float, double double, text string,
    few string, bytes binary, cents decimal(9,2), more_cents decimal(18,2), most_cents decimal(38,2), day date,
    moment timestamp_ntz, list array<int>, lists array<array<string>>, pairs map<string,bigint>,
    group struct<a:int,b:struct<c:string>>, groups array<struct<n:bigint,t:array<int>>>"""
EPOCH = datetime.datetime(1970, 1, 1)
WAYS = {f"{version}-{codec}{more}": {
    "parquet.writer.version": version, "compression": codec, **options}
    for version in ("v1", "v2") for codec in ("none", "snappy", "gzip", "zstd", "lz4_raw")
    for more, options in (("", {}), ("-plain", {"parquet.enable.dictionary": "false", "parquet.page.size": "3000"}),
                          ("-filters", {"parquet.bloom.filter.enabled": "true", "parquet.block.size": "100000"}))
    if codec in ("zstd", "none") or not more}


def rows(count):
    chance = random.Random(2)
    for i in range(count):
        bits = chance.getrandbits(62)
        few = f"value {bits % 7}"
        cents = decimal.Decimal(bits % 1_999_999 - 999_999).scaleb(-2)
        yield (bits % 3 == 0, bits % 256 - 128, bits % 65536 - 32768, bits % 2**32 - 2**31, bits - 2**61, bits % 999 / 8,
               bits / 7, "ä" * (bits % 5) + str(bits), few, bits.to_bytes(8, "big")[:bits % 9], cents, cents, cents,
               (EPOCH + datetime.timedelta(bits % 40_000 - 20_000)).date(),
               EPOCH + datetime.timedelta(microseconds=bits >> 12),
               None if bits % 5 == 0 else [None if j % 4 == 3 else j + bits % 100 for j in range(bits % 7)],
               [None, [], ["x", None]][:bits % 4], {f"key {j}": None if j == 1 else i for j in range(bits % 4)},
               None if bits % 5 == 0 else (i, None if bits % 3 == 0 else (few,)),
               [(j, [j, None]) for j in range(bits % 3)])


def with_nulls(row, number):
    return tuple(None if (number + place) % 7 == 3 else value for place, value in enumerate(row))


def hexed(text):
    return text.encode().hex()


def group(value):
    return value and {"a": value[0], "b": value[1] and {"c": hexed(value[1][0])}}


# What Parquet has of a value, by column; of the others it has the value.
PHYSICAL = {
    "text": hexed, "few": hexed, "bytes": bytes.hex, "cents": lambda cents: int(cents.scaleb(2)),
    "more_cents": lambda cents: int(cents.scaleb(2)),
    "most_cents": lambda cents: int(cents.scaleb(2)).to_bytes(16, "big", signed=True).hex(),
    "day": lambda day: (day - EPOCH.date()).days,
    "moment": lambda moment: (moment - EPOCH) // datetime.timedelta(microseconds=1),
    "lists": lambda lists: [None if texts is None else [text and hexed(text) for text in texts] for texts in lists],
    "pairs": lambda pairs: [{"key": hexed(key), "value": value} for key, value in pairs.items()],
    "group": group, "groups": lambda groups: [{"n": n, "t": numbers} for n, numbers in groups],
}


def main():
    spark = spark_session.start()
    folder = pathlib.Path(sys.argv[1])
    made = [with_nulls(row, number) for number, row in enumerate(rows(3000))]
    table = spark.createDataFrame(made, SCHEMA).coalesce(1).cache()
    for way, options in WAYS.items():
        table.write.options(**options).parquet(str(folder / way))
    refused = table.select("number")
    refused.write.options(compression="lz4").parquet(str(folder / "refused-lz4"))
    old = spark.sql("select timestamp '2024-05-06 07:08:09' at")
    spark.conf.set("spark.sql.parquet.outputTimestampType", "INT96")
    old.write.parquet(str(folder / "refused-INT96"))
    names = table.columns
    for row in made:
        print(json.dumps({name: None if value is None else PHYSICAL.get(name, lambda same: same)(value)
                          for name, value in zip(names, row)}))
    sys.stdout.flush()
    spark.stop()


main()
