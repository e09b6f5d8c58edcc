"""Whether statistics and page indexes of a block say of its columns what pyarrow reads in them."""
import math

import footer
import pyarrow
import pyarrow.compute

ASCENDING, DESCENDING = 1, 2
CUT = 64  # bytes of a bound that is a text


def physical(array):
    """Numbers and bytes as Parquet has them."""
    kind = array.type
    if isinstance(kind, pyarrow.UuidType):
        return array.storage
    if pyarrow.types.is_timestamp(kind):
        return array.cast(pyarrow.int64())
    return array.cast(pyarrow.binary()) if pyarrow.types.is_string(kind) else array


def items_of(array):
    """The elements of lists or the entries of maps that are there, and how many entries have none."""
    present = array.drop_null()
    offsets = present.offsets.to_pylist()
    empty = sum(begin == end for begin, end in zip(offsets, offsets[1:]))
    items = pyarrow.StructArray.from_arrays([present.keys, present.items], ["key", "value"]) if pyarrow.types.is_map(
        array.type) else present.values
    return items[offsets[0]:offsets[-1]], array.null_count + empty


def leaf(array, path):
    """The values of a column below `path` that are there, and how many entries have none."""
    absent, parts = 0, list(path)
    while parts:
        part = parts.pop(0)
        if part in ("list", "key_value"):
            array, none = items_of(array)
            absent += none
            parts = parts[1:] if part == "list" else parts
        else:
            array = pyarrow.compute.struct_field(array, part)
    return physical(array.drop_null()).to_pylist(), absent + array.null_count


def check_bound(low, high, values, what):
    values = [value for value in values if not (isinstance(value, float) and math.isnan(value))]
    if not values:
        return
    least, most = min(values), max(values)
    if isinstance(least, bytes) and max(len(least), len(most)) > CUT:
        assert low is None or low <= least, (what, low, least)
        assert high is None or high >= most, (what, high, most)
    else:
        assert (low, high) == (least, most), (what, (low, high), (least, most))


def check_order(order, pages, what):
    bounds = [(page.low, page.high) for page in pages if not page.all_null]
    if order not in (ASCENDING, DESCENDING):
        return
    for side in range(2):
        values = [bound[side] for bound in bounds]
        assert values == sorted(values, reverse=order == DESCENDING), (what, order, values)


def check_chunk(file, chunk, column, what):
    """One column chunk, with what pyarrow has of its column; how many pages its index has."""
    path = [part.decode() for part in chunk[3][3][1:]]
    values, absent = leaf(column, path)
    kind = chunk[3][1]
    told = chunk[3][12]
    assert told.get(3) == absent, (what, told, absent)
    low, high = (footer.plain(kind, told[i]) if i in told else None for i in (6, 5))
    check_bound(low, high, values, what)
    found = file.pages(chunk, len(column))
    if found is None:
        return 0
    order, pages = found
    check_order(order, pages, what)
    for page in pages:
        values, absent = leaf(column[page.first_row:page.end_row], path)
        assert (page.all_null, page.nulls) == (not values, absent), (what, page)
        check_bound(page.low, page.high, values, (what, page.first_row))
    return len(pages)
