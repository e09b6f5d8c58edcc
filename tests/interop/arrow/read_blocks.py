"""Reads every column of every file of the blocks in a folder with pyarrow, and holds their statistics to it.

Prints a JSON line for each row of spans.parquet and traces.parquet, and one of what the files are made of."""
import collections
import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import pyarrow  # pylint: disable=wrong-import-position
import pyarrow.parquet  # pylint: disable=wrong-import-position

import block_rows  # pylint: disable=wrong-import-position
import bounds  # pylint: disable=wrong-import-position
import footer  # pylint: disable=wrong-import-position


def read(path):
    file = pyarrow.parquet.ParquetFile(path, page_checksum_verification=True)
    table = file.read()
    table.validate(full=True)
    assert table.num_rows == file.metadata.num_rows, path
    return file, table


def check_statistics(path, file, made_of):
    """That pyarrow's statistics are the footer's, and these and the page indexes the values'."""
    raw = footer.File(path)
    for number, group in enumerate(raw.row_groups):
        table = file.read_row_group(number)
        for place, chunk in enumerate(group[1]):
            what = (path, number, chunk[3][3])
            column = table.column(chunk[3][3][0].decode()).combine_chunks()
            made_of["pages"] += bounds.check_chunk(raw, chunk, column, what)
            told = file.metadata.row_group(number).column(place)
            made_of.update(told.encodings)
            made_of[told.compression] += 1
            made_of["bloom filters"] += told.bloom_filter_offset is not None
            assert told.num_values == chunk[3][5] and told.has_offset_index, what
            if told.statistics is not None and told.statistics.has_min_max:
                low, high = (footer.plain(chunk[3][1], chunk[3][12][i]) for i in (6, 5))
                assert (told.statistics.min_raw, told.statistics.max_raw) == (low, high), (what, told.statistics)


def check_checksums(path):
    """That pyarrow compares the checksum of every page: no byte of one can be another."""
    raw = footer.File(path)
    chunk = max((chunk[3] for group in raw.row_groups for chunk in group[1]), key=lambda chunk: chunk[7])
    data = bytearray(raw.data)
    data[chunk.get(11, chunk[9]) + chunk[7] - 1] ^= 1  # the last of its last page
    with tempfile.NamedTemporaryFile(suffix=".parquet") as damaged:
        damaged.write(data)
        damaged.flush()
        try:
            read(damaged.name)
        except OSError as error:
            assert "CRC" in str(error), error
        else:
            raise AssertionError(f"{path}: a byte of a page was changed, and nothing was said")


def plain_type(kind):
    """Moments as nanoseconds, which Python's own have no room for, and ids as bytes."""
    if pyarrow.types.is_list(kind):
        return pyarrow.list_(plain_type(kind.value_type))
    return pyarrow.int64() if pyarrow.types.is_timestamp(kind) else (
        pyarrow.binary(16) if isinstance(kind, pyarrow.UuidType) else kind)


def rows_of(table):
    fields = [pyarrow.field(field.name, plain_type(field.type)) for field in table.schema]
    return table.cast(pyarrow.schema(fields)).to_pylist(maps_as_pydicts="strict")


def main():
    made_of = collections.Counter()
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*/*/*.parquet")):
        file, table = read(path)
        check_statistics(path, file, made_of)
        check_checksums(path)
        rows = rows_of(table)
        for row in block_rows.spans_of(rows) if path.stem == "spans" else map(block_rows.trace_of, rows):
            print(json.dumps([path.stem, row]))
    print(json.dumps(["made of", made_of]))


main()
