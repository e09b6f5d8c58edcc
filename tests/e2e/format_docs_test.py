"""A reader of the data directory that was written from docs/format alone finds what clew finds."""
import json
import pathlib
import struct
import subprocess
import tempfile

import harness
from duckdb_sql import sql


def crc32c(data, crc=0):
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc = CRC_TABLE[(crc ^ byte) & 255] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def crc_table():
    for number in range(256):
        for _ in range(8):
            number = number >> 1 ^ (0x82F63B78 if number & 1 else 0)
        yield number


CRC_TABLE = list(crc_table())


def xxh3_of_16_bytes(data, seed):
    """XXH3-64 of a trace id: the whole algorithm for this one length."""
    def u64(value):
        return value & (1 << 64) - 1
    low, high = struct.unpack("<QQ", data)
    low ^= u64((0x1F67B3B7A4A44072 ^ 0x78E5C0CC4EE679CB) + seed)
    high ^= u64((0x2172FFCC7DD05A82 ^ 0x8E2443F7744608B8) - seed)
    product = low * high
    mixed = u64(16 + int.from_bytes(low.to_bytes(8, "little"), "big") + high + (product >> 64 ^ u64(product)))
    mixed = u64((mixed ^ mixed >> 37) * 0x165667919E3779F9)
    return mixed ^ mixed >> 32


class Bytes:
    """Takes values off the front."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        assert self.at + size <= len(self.data), (self.at, size, len(self.data))
        self.at += size
        return self.data[self.at - size:self.at]

    def numbers(self, layout):
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))

    def varint(self):
        value, shift = 0, 0
        while True:
            byte, = self.take(1)
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def text(self):
        return self.take(self.varint())

    def at_end(self):
        return self.at == len(self.data)


# --- block.md ---------------------------------------------------------------------

def read_usual_times(path):
    """Of each operation its durations and things, and how many traces are left out."""
    data = path.read_bytes()
    magic, _, reader, crc, count, left_out, dropped, _ = Bytes(data).numbers("8sHHIQQQQ")
    end = 48 + 24 * count
    assert magic == b"CLEWUSU\n" and reader <= 1 and crc == crc32c(data[16:end]) and dropped == (1 << 64) - 1, path
    operations, at, last = {}, end, 0
    for place in range(48, end, 24):
        name_hash, size, section_crc, _ = Bytes(data[place:place + 24]).numbers("QQII")
        section = Bytes(data[at:at + size])
        assert name_hash >= last and section_crc == crc32c(section.data), place
        at, last = at + size, name_hash
        name = section.text().decode(), section.text().decode()
        first, final = section.varint(), section.varint()
        assert first <= final, name
        durations = read_times(section)
        texts = [section.text().decode() for _ in range(section.varint())]
        things = {}
        for _ in range(section.varint()):
            what, kind = section.take(2)
            named = [texts[section.varint()] for _ in range(3)]
            things[(what, kind, *named)] = read_times(section)
        assert section.at_end(), name
        operations[name] = {"durations": durations, "things": things}
    assert at == len(data), path
    return operations, left_out


def read_times(section):
    """How many times there are, their sum, and the buckets."""
    zeros, total, count = section.varint(), section.varint(), section.varint()
    index, buckets = -2, {}
    for _ in range(count):
        index += section.varint()
        buckets[index] = section.varint()
    return zeros + sum(buckets.values()), total, buckets


# --- wal.md ----------------------------------------------------------------------

def read_segment(path):
    """The records of a segment: (LSN, tenant, body)."""
    data = path.read_bytes()
    magic, _, reader, crc, _, epoch, number, _ = Bytes(data).numbers("8sHHIQQQQ")
    assert magic == b"CLEWWAL\n" and reader <= 1 and crc == crc32c(data[16:48]), path
    assert path.name == f"{number:020}.wal" and epoch > 0, (path, number)
    at = 48
    while at + 64 <= len(data) and data[at:at + 4] == b"CREC":
        record = Bytes(data[at:])
        _, crc, lsn, _, received, _, _, body_size, tenant_size, form, encoding, _, _, _ = record.numbers("4sIQQqQQIHBBHHI")
        assert lsn == (number << 32) + at and (form, encoding) == (1, 0), (lsn, form, encoding)
        end = at + 64 + tenant_size + body_size
        assert crc == crc32c(data[at + 8:end]) and received > 0, (path, at)
        yield lsn, record.take(tenant_size).decode(), record.take(body_size)
        at = end + 7 & ~7
    assert not any(data[at:at + 4096]), "free space behind the last record"


def read_retries(path):
    data = Bytes(path.read_bytes())
    magic, form, crc = data.numbers("8sII")
    assert (magic, form, crc) == (b"CLEWRTY\n", 1, crc32c(data.data[16:])), path
    while not data.at_end():
        _, lsn, _, _, tenant_size = data.numbers("qQQQH")
        yield lsn, data.take(tenant_size).decode()


# --- catalog.md ------------------------------------------------------------------

def read_entry(path):
    """The sections of an entry or snapshot: (kind, content)."""
    data = Bytes(path.read_bytes())
    magic, _, reader, crc, *_ = data.numbers("8sHHIQQQQ")
    assert magic == b"CLEWCAT\n" and reader <= 1, path
    assert crc == crc32c(data.data[8:12] + data.data[16:]), path
    while not data.at_end():
        yield data.varint(), Bytes(data.text())


def read_catalog(folder):
    """The live blocks by id and the columns: {id: (tenant, spans, traces, {object: size})}, {name: type}."""
    paths = sorted(folder.iterdir(), key=lambda path: path.name)
    snapshots = [path for path in paths if path.suffix == ".snapshot"]
    begin = snapshots[-1].stem if snapshots else ""
    chain = snapshots[-1:] + [path for path in paths if path.suffix == "" and path.name > begin]
    blocks, columns = {}, {}
    for path in chain:
        for kind, content in read_entry(path):
            if kind == 1:
                tenant, block = content.text().decode(), content.text().decode()
                _, _, spans, traces = (content.varint() for _ in range(4))
                content.numbers("qqqQQ")
                objects = {}
                for _ in range(content.varint()):
                    name, size = content.text().decode(), content.varint()
                    content.take(16)
                    objects[name] = size
                blocks[block] = (tenant, spans, traces, objects)
            elif kind == 2:
                del blocks[content.text().decode()]
            elif kind == 3:
                content.text()
                name = content.text().decode()
                columns[name] = content.varint()
    return blocks, columns


# --- block.md --------------------------------------------------------------------

class TraceIds:
    def __init__(self, path):
        self.data = path.read_bytes()
        magic, _, reader, crc, self.seed, self.count = Bytes(self.data).numbers("8sHHIQQ")
        assert magic == b"CLEWIDX\n" and reader <= 1 and crc == crc32c(self.data[16:48]), path
        self.blocks = max(1, -(-self.count // 56))
        self.filter_pages = -(-self.blocks // 63)

    def page(self, number):
        page = self.data[48 + number * 4096:48 + (number + 1) * 4096]
        assert crc32c(struct.pack("<Q", number) + page[:4092]) == struct.unpack("<I", page[4092:])[0], number
        return page[:4092]

    def may_have(self, hashed):
        block = hashed * self.blocks >> 64
        bits = self.page(block // 63)[block % 63 * 64:][:64]
        mixed = (hashed ^ hashed >> 32) * 0x9E3779B97F4A7C15 & (1 << 64) - 1
        return all(bits[bit // 8] >> bit % 8 & 1 for bit in ((mixed >> 10 * i) & 511 for i in range(6)))

    def find(self, trace_id):
        """The numbers of the traces that may have the id."""
        hashed = xxh3_of_16_bytes(trace_id, self.seed)
        if not self.may_have(hashed):
            return []
        entries = [struct.unpack_from("<QI", self.page(self.filter_pages + i // 341), i % 341 * 12)
                   for i in range(self.count)]
        assert entries == sorted(entries)
        return [number for entry, number in entries if entry == hashed]


def check_checksums(path):
    """Of the footer and of the indexes, in the places that readers of Parquet pass over."""
    data = path.read_bytes()
    size, = struct.unpack("<I", data[-8:-4])
    footer = data[-8 - size:-8]
    assert data[-16 - size:-8 - size] == b"cCRC" + struct.pack("<I", crc32c(footer)), path
    pairs = sql(f"select decode(value) v from parquet_kv_metadata('{path}') where decode(key) = 'clew.checksums'")[0]
    chunks = sql(f"""select bloom_filter_offset o, bloom_filter_length n from parquet_metadata('{path}')
                     order by row_group_id, column_id""")[0]
    assert len(pairs[0]["v"]) == 24 * len(chunks), path
    for i, chunk in enumerate(chunks):
        if chunk["o"] is not None:
            begin, end = int(chunk["o"]), int(chunk["o"]) + int(chunk["n"])
            assert int(pairs[0]["v"][24 * i:24 * i + 8], 16) == crc32c(data[begin:end]), (path, i)


# --- the tests -------------------------------------------------------------------

def body_of(number, traces):
    return harness.otlp_request([harness.otlp_span(bytes([number, trace] + [7] * 14), bytes([i + 1] * 8))
                                 for trace in range(traces) for i in range(2)], f"service-{number}")


def send(server, body):
    assert server.export(body)[0] == 200
    assert server.request("api", "POST", "/flush")[0] == 204


def fill(data):
    """A directory with blocks, some of them merged, and with records that are in none. Returns those."""
    kept = [body_of(number, 2) for number in range(11, 14)]
    with harness.Server(data=data) as server:
        for number in range(1, 9):
            send(server, body_of(number, 3))
        harness.wait_for(lambda: len(list(pathlib.Path(data).glob("blocks/*/*"))) == 1, server.process,
                         server.folder / "server.log")
        server.stop()
    with harness.Server(data=data) as server:
        send(server, body_of(9, 90))
        # Enough new columns that the catalog is written as a snapshot.
        many = b"".join(harness.field(9, harness.string_attribute(f"{i:0120}", "v")) for i in range(512))
        send(server, harness.otlp_request([harness.otlp_span(b"many attributes.", b"columns.") + many]))
        for body in kept:
            assert server.export(body)[0] == 200
        server.kill()
    return kept


def test_a_reader_of_the_documents_reads_all_files():
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder)
        kept = fill(folder)
        records = [record for path in sorted(data.glob("wal/*.wal")) for record in read_segment(path)]
        assert [body for _, _, body in records][-3:] == kept, len(records)
        assert {tenant for _, tenant, _ in records} == {"single-tenant"}, records
        # What was in the segment that is gone, and perhaps what came since.
        retries = list(read_retries(data / "wal/retries"))
        assert len({lsn for lsn, _ in retries if lsn >> 32 == 1}) == 8 and len(set(retries)) == len(retries), retries
        assert {tenant for _, tenant in retries} == {"single-tenant"}, retries
        assert all(lsn >> 32 == 2 for lsn, _, _ in records), records

        blocks, columns = read_catalog(data / "catalog/0")
        listed = json.loads(subprocess.run([harness.CLEW, "block", "ls", "--data", folder, "--json"],
                                           capture_output=True, text=True, timeout=60, check=True).stdout)
        assert {(block["id"], block["spans"], block["traces"]) for block in listed} == {
            (block, spans, traces) for block, (_, spans, traces, _) in blocks.items()}, (listed, blocks)
        assert list(data.glob("catalog/0/*.snapshot")), "no snapshot was written"
        named = sql(f"""select distinct name from parquet_schema('{folder}/blocks/*/*/spans.parquet')
                        where name like 'span.%' or name like 'resource.%'""")[0]
        assert {row["name"] for row in named} <= {*columns, "resource.service.name"}, columns
        assert len(columns) > 500 and set(columns.values()) == {0}, columns
        for block, (tenant, _, traces, objects) in blocks.items():
            place = data / "blocks" / tenant / block
            assert objects == {path.name: path.stat().st_size for path in place.iterdir()}, place
            check_checksums(place / "spans.parquet")
            check_checksums(place / "traces.parquet")
            index = TraceIds(place / "trace_ids.idx")
            rows = sql(f"select trace_id, first_row, rows from '{place}/traces.parquet'")[0]
            assert index.count == traces == len(rows), (index.count, traces)
            for number, row in enumerate(rows[:20]):
                assert index.find(bytes.fromhex(row["trace_id"].replace("-", ""))) == [number], (number, row)
            assert index.find(b"no trace of this") == []
        merged, = data.glob("blocks/*/*/usual_times.bin")
        usual, left_out = read_usual_times(merged)
        durations = sql(f"""select "resource.service.name" as service, name, count(*) as traces, sum(duration_nano) as nanos
                            from '{merged.parent}/spans.parquet' where row_in_trace = 0 group by all""")[0]
        assert left_out == 0 and {name: times["durations"][:2] for name, times in usual.items()} == {
            (row["service"], row["name"]): (int(row["traces"]), int(row["nanos"])) for row in durations}, (usual, durations)
        spans = sql(f"""select "resource.service.name" as service, name, kind, count(*) as spans, sum(duration_nano) as nanos
                        from '{merged.parent}/spans.parquet' group by all""")[0]
        told = {}
        for times in usual.values():
            for (what, kind, *texts), (count, nanos, _) in times["things"].items():
                if what == 3:
                    before = told.get((kind, texts[0], texts[1]), (0, 0))
                    told[kind, texts[0], texts[1]] = (before[0] + count, before[1] + nanos)
        assert told == {(row["kind"], row["service"], row["name"]): (int(row["spans"]), int(row["nanos"])) for row in spans}, told


if __name__ == "__main__":
    harness.run_tests(globals())
