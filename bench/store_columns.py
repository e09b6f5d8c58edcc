"""Which columns and files of a block take how much, beside what the generator says its load holds."""
import json

import table

COLUMNS = 20  # the largest; the others together are one row
FLOORS = {"span_id": "span id", "trace_id": "trace id", "duration_nano": "duration", "start_unix_nano": "start",
          "status_message": "status message"}


def name_of_floor(column):
    """The generator has one floor for all of a resource, so none of its columns has one."""
    column = column.removesuffix(".list.element")
    holder, _, key = column.partition(".")
    if key and holder in ("span", "event"):
        return f"{'attribute' if holder == 'span' else holder} {key}"
    return FLOORS.get(column, column)


def rows_of_block(harness, data, block_id, floors):
    """They are all of the block together: its columns, what lies between and behind them, and its other files."""
    block = json.loads(harness.run_clew("block", "show", "--json", "--data", str(data), block_id)[0])
    of_floors = {floor["column"]: floor["bytesPerSpan"] for floor in floors}

    def row(name, size, floor=None):
        more = {"peer": "floor", "peer_value": round(floor, 3)} if floor is not None else {}
        return table.row(f"store.bytes_per_span.{name}", size / block["spans"], "bytes", **more)

    columns = sorted(block["columns"], key=lambda column: column["bytes"], reverse=True)
    rows = [row(column["name"], column["bytes"], of_floors.get(name_of_floor(column["name"])))
            for column in columns[:COLUMNS]]
    rows.append(row("other_columns", sum(column["bytes"] for column in columns[COLUMNS:])))
    files = {file["name"]: file["bytes"] for file in block["objects"]}
    spans_file = files.pop("spans.parquet")
    rows.append(row("page_index_bloom_filters_footer", spans_file - sum(column["bytes"] for column in columns)))
    return rows + [row(name, size) for name, size in files.items()]
