// SPDX-License-Identifier: Apache-2.0
#include "parquet/file_writer.h"

#include <numeric>
#include <optional>

#include "base/bytes.h"
#include "base/check.h"
#include "base/hash.h"
#include "parquet/column_chunk_writer.h"
#include "parquet/value_bounds.h"

namespace clew::parquet {

// The indexes of a chunk, until they are written.
struct PendingIndexes {
  std::string offset_index, column_index;
};

struct FileWriter::State {
  ByteSink& sink;
  Schema schema;
  WriterOptions options;
  uint64_t offset = 0;
  FileFooter footer{};
  std::vector<std::vector<PendingIndexes>> indexes{};  // by row group and column
  std::vector<std::string> bloom_filters{};            // of the row group in hand
  std::vector<uint32_t> page_rows{};
  bool in_row_group = false;

  base::Status Append(std::string_view bytes) {
    TRY(sink.Append(bytes));
    offset += bytes.size();
    return {};
  }
  base::Result<Extent> Place(std::string_view bytes) {
    const Extent extent{.offset = offset, .size = bytes.size()};
    TRY(Append(bytes));
    return extent;
  }
  base::Status Begin() { return offset == 0 ? Append(kMagic) : base::Status(); }
};

FileWriter::FileWriter(ByteSink& sink, Schema schema, WriterOptions options)
    : state_(std::make_unique<State>(
          State{.sink = sink, .schema = std::move(schema), .options = std::move(options)})) {
  state_->footer.fields = state_->schema.fields();
  state_->footer.created_by = state_->options.created_by;
}

FileWriter::~FileWriter() = default;

uint64_t FileWriter::bytes_written() const {
  return state_->offset;
}

base::Status FileWriter::BeginRowGroup(std::span<const uint32_t> page_rows) {
  CHECK(!state_->in_row_group && !page_rows.empty());
  TRY(state_->Begin());
  state_->in_row_group = true;
  state_->page_rows.assign(page_rows.begin(), page_rows.end());
  RowGroupFooter& group = state_->footer.row_groups.emplace_back();
  for (const uint32_t rows : page_rows) {
    CHECK(rows > 0);
    group.rows += rows;
  }
  state_->footer.rows += group.rows;
  state_->indexes.emplace_back();
  return {};
}

base::Status FileWriter::WriteColumn(const ColumnChunk& chunk) {
  CHECK(state_->in_row_group);
  RowGroupFooter& group = state_->footer.row_groups.back();
  CHECK(group.chunks.size() < state_->schema.columns().size());
  const Column& column = state_->schema.columns()[group.chunks.size()];
  CHECK(chunk.levels.definition.empty() == (column.max_definition == 0));
  CHECK(chunk.levels.repetition.empty() == (column.max_repetition == 0));
  WrittenChunk written = TRY(WriteChunk(chunk, {column, state_->page_rows, state_->offset},
                                        state_->options, state_->sink));
  state_->offset += written.footer.compressed_bytes;
  PendingIndexes& indexes = state_->indexes.back().emplace_back();
  indexes.offset_index = EncodeOffsetIndex(written.pages);
  if (written.bounded) {
    indexes.column_index =
        EncodeColumnIndex(written.page_statistics, OrderOf(written.page_statistics, column.type));
  }
  state_->bloom_filters.push_back(std::move(written.bloom_filter));
  written.footer.checksums = {.offset_index = base::Crc32c(indexes.offset_index),
                              .column_index = base::Crc32c(indexes.column_index)};
  group.chunks.push_back(std::move(written.footer));
  return {};
}

base::Status FileWriter::EndRowGroup() {
  CHECK(state_->in_row_group);
  RowGroupFooter& group = state_->footer.row_groups.back();
  CHECK(group.chunks.size() == state_->schema.columns().size());
  for (size_t i = 0; i < group.chunks.size(); ++i) {
    const std::string& bitset = state_->bloom_filters[i];
    if (bitset.empty()) continue;
    const std::string filter = EncodeBloomFilterHeader(bitset.size()) + bitset;
    group.chunks[i].bloom_filter = TRY(state_->Place(filter));
    group.chunks[i].checksums->bloom_filter = base::Crc32c(filter);
  }
  state_->bloom_filters.clear();
  state_->in_row_group = false;
  return {};
}

base::Status FileWriter::Finish(std::vector<std::pair<std::string, std::string>> metadata) {
  CHECK(!state_->in_row_group);
  TRY(state_->Begin());
  FileFooter& footer = state_->footer;
  // All column indexes, then all offset indexes: a reader asks for one kind of many columns.
  for (const bool columns : {true, false}) {
    for (size_t group = 0; group < footer.row_groups.size(); ++group) {
      for (size_t column = 0; column < footer.row_groups[group].chunks.size(); ++column) {
        const PendingIndexes& indexes = state_->indexes[group][column];
        const std::string& bytes = columns ? indexes.column_index : indexes.offset_index;
        if (bytes.empty()) continue;
        ChunkFooter& chunk = footer.row_groups[group].chunks[column];
        (columns ? chunk.column_index : chunk.offset_index) = TRY(state_->Place(bytes));
      }
    }
  }
  footer.metadata = std::move(metadata);
  const std::string encoded = EncodeFooter(footer);
  std::string end(kFooterChecksumMagic);
  base::AppendLittle(end, base::Crc32c(encoded));
  end += encoded;
  base::AppendLittle(end, static_cast<uint32_t>(encoded.size()));
  end += kMagic;
  return state_->Append(end);
}

}  // namespace clew::parquet
