"""Footer and page indexes of a Parquet file, which other readers use and do not show."""
import dataclasses
import struct

BOOLEAN, INT32, INT64, DOUBLE, BYTE_ARRAY, FIXED = 0, 1, 2, 5, 6, 7
NUMBERS = {BOOLEAN: "<?", INT32: "<i", INT64: "<q", DOUBLE: "<d"}


class Compact:
    """Thrift's compact protocol: a structure is a dictionary by the numbers of its fields."""

    def __init__(self, data):
        self.data, self.place = data, 0

    def byte(self):
        self.place += 1
        return self.data[self.place - 1]

    def varint(self):
        value, shift = 0, 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    def integer(self):
        value = self.varint()
        return value >> 1 ^ -(value & 1)

    def binary(self):
        size = self.varint()
        self.place += size
        return bytes(self.data[self.place - size:self.place])

    def list(self):
        head = self.byte()
        size = head >> 4 if head >> 4 < 15 else self.varint()
        kind = head & 15
        return [self.byte() == 1 if kind in (1, 2) else self.value(kind) for _ in range(size)]

    def structure(self):
        fields, number = {}, 0
        while head := self.byte():
            number = number + (head >> 4) if head >> 4 else self.integer()
            fields[number] = self.value(head & 15)
        return fields

    def value(self, kind):
        if kind in (1, 2):
            return kind == 1
        return {4: self.integer, 5: self.integer, 6: self.integer, 8: self.binary, 9: self.list,
                12: self.structure}[kind]()


@dataclasses.dataclass
class Page:
    first_row: int
    end_row: int
    all_null: bool
    low: object
    high: object
    nulls: int


def plain(kind, data):
    """A bound as Python has it; byte arrays as they are."""
    return struct.unpack(NUMBERS[kind], data)[0] if kind in NUMBERS else data


class File:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        assert self.data[:4] == self.data[-4:] == b"PAR1", path
        size = struct.unpack("<I", self.data[-8:-4])[0]
        footer = Compact(self.data[-8 - size:-8]).structure()
        self.schema, self.rows, self.row_groups = footer[2], footer[3], footer[4]

    def structure_at(self, offset, size):
        return Compact(self.data[offset:offset + size]).structure()

    def pages(self, chunk, group_rows):
        """What the indexes say of each page and the order of its bounds; None without a column index."""
        if 6 not in chunk:
            return None
        bounds, offsets = self.structure_at(chunk[6], chunk[7]), self.structure_at(chunk[4], chunk[5])[1]
        firsts = [offset.get(3, 0) for offset in offsets] + [group_rows]
        assert len(offsets) == len(bounds[1]) == len(bounds[2]) == len(bounds[3]) == len(bounds[5]), bounds
        kind = chunk[3][1]
        return bounds[4], [
            Page(first, end, empty, None if empty else plain(kind, low), None if empty else plain(kind, high), nulls)
            for first, end, empty, low, high, nulls in zip(firsts, firsts[1:], *(bounds[i] for i in (1, 2, 3, 5)))]
