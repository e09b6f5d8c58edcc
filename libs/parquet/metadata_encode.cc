// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"
#include "parquet/metadata.h"
#include "parquet/thrift_compact.h"

namespace clew::parquet {
namespace {

using Compact = CompactType;

// Numbers of the older ConvertedType, for readers that do not know LogicalType.
constexpr int kConvertedUtf8 = 0;
constexpr int kConvertedMap = 1;
constexpr int kConvertedList = 3;

void WriteLogicalType(CompactWriter& out, LogicalType logical) {
  out.OpenStruct(10);
  switch (logical) {
    case LogicalType::kString:
      out.EmptyStruct(1);
      break;
    case LogicalType::kMap:
      out.EmptyStruct(2);
      break;
    case LogicalType::kList:
      out.EmptyStruct(3);
      break;
    case LogicalType::kTimestampNanosUtc:
      out.OpenStruct(8);
      out.Bool(1, true);  // adjusted to UTC
      out.OpenStruct(2);
      out.EmptyStruct(3);  // nanoseconds
      out.Close();
      out.Close();
      break;
    case LogicalType::kUuid:
      out.EmptyStruct(14);
      break;
    case LogicalType::kNone:
    case LogicalType::kOther:
    case LogicalType::kOtherOrder:
      break;
  }
  out.Close();
}

void WriteField(CompactWriter& out, const Field& field) {
  out.OpenElement();
  if (field.type) out.Int32(1, static_cast<int>(*field.type));
  if (field.type == Type::kFixedLenByteArray) out.Int32(2, field.type_length);
  out.Int32(3, static_cast<int>(field.repetition));
  out.Binary(4, field.name);
  if (!field.type) out.Int32(5, static_cast<int64_t>(field.children.size()));
  if (field.logical == LogicalType::kString) out.Int32(6, kConvertedUtf8);
  if (field.logical == LogicalType::kMap) out.Int32(6, kConvertedMap);
  if (field.logical == LogicalType::kList) out.Int32(6, kConvertedList);
  const bool known = field.logical != LogicalType::kNone && field.logical != LogicalType::kOther &&
                     field.logical != LogicalType::kOtherOrder;
  if (known) WriteLogicalType(out, field.logical);
  out.Close();
  for (const Field& child : field.children) WriteField(out, child);
}

size_t CountFields(const std::vector<Field>& fields) {
  size_t count = fields.size();
  for (const Field& field : fields) count += CountFields(field.children);
  return count;
}

void WriteSchema(CompactWriter& out, const std::vector<Field>& fields) {
  out.OpenList(2, Compact::kStruct, 1 + CountFields(fields));
  out.OpenElement();
  out.Binary(4, "schema");
  out.Int32(5, static_cast<int64_t>(fields.size()));
  out.Close();
  for (const Field& field : fields) WriteField(out, field);
}

void WriteStatistics(CompactWriter& out, int16_t id, const Statistics& statistics) {
  out.OpenStruct(id);
  if (statistics.null_count) out.Int64(3, static_cast<int64_t>(*statistics.null_count));
  if (statistics.max) out.Binary(5, *statistics.max);
  if (statistics.min) out.Binary(6, *statistics.min);
  if (statistics.max) out.Bool(7, statistics.max_exact);
  if (statistics.min) out.Bool(8, statistics.min_exact);
  out.Close();
}

void WriteChunkMetadata(CompactWriter& out, const ChunkFooter& chunk) {
  out.OpenStruct(3);
  out.Int32(1, static_cast<int>(chunk.type));
  out.OpenList(2, Compact::kInt32, chunk.encodings.size());
  for (const Encoding encoding : chunk.encodings) out.IntegerElement(static_cast<int>(encoding));
  out.OpenList(3, Compact::kBinary, chunk.path.size());
  for (const std::string& part : chunk.path) out.BinaryElement(part);
  out.Int32(4, static_cast<int>(chunk.codec));
  out.Int64(5, static_cast<int64_t>(chunk.values));
  out.Int64(6, static_cast<int64_t>(chunk.uncompressed_bytes));
  out.Int64(7, static_cast<int64_t>(chunk.compressed_bytes));
  out.Int64(9, static_cast<int64_t>(chunk.data_page_offset));
  if (chunk.dictionary_page_offset) {
    out.Int64(11, static_cast<int64_t>(*chunk.dictionary_page_offset));
  }
  WriteStatistics(out, 12, chunk.statistics);
  if (chunk.bloom_filter) {
    out.Int64(14, static_cast<int64_t>(chunk.bloom_filter->offset));
    out.Int32(15, static_cast<int64_t>(chunk.bloom_filter->size));
  }
  out.Close();
}

void WriteChunk(CompactWriter& out, const ChunkFooter& chunk) {
  out.OpenElement();
  out.Int64(2, static_cast<int64_t>(chunk.begin()));
  WriteChunkMetadata(out, chunk);
  if (chunk.offset_index) {
    out.Int64(4, static_cast<int64_t>(chunk.offset_index->offset));
    out.Int32(5, static_cast<int64_t>(chunk.offset_index->size));
  }
  if (chunk.column_index) {
    out.Int64(6, static_cast<int64_t>(chunk.column_index->offset));
    out.Int32(7, static_cast<int64_t>(chunk.column_index->size));
  }
  out.Close();
}

void WriteRowGroup(CompactWriter& out, const RowGroupFooter& group, size_t ordinal) {
  uint64_t uncompressed = 0;
  uint64_t compressed = 0;
  for (const ChunkFooter& chunk : group.chunks) {
    uncompressed += chunk.uncompressed_bytes;
    compressed += chunk.compressed_bytes;
  }
  out.OpenElement();
  out.OpenList(1, Compact::kStruct, group.chunks.size());
  for (const ChunkFooter& chunk : group.chunks) WriteChunk(out, chunk);
  out.Int64(2, static_cast<int64_t>(uncompressed));
  out.Int64(3, static_cast<int64_t>(group.rows));
  out.Int64(5, static_cast<int64_t>(group.chunks.empty() ? 4 : group.chunks.front().begin()));
  out.Int64(6, static_cast<int64_t>(compressed));
  // A number of 16 bits that is for encryption; later groups do without.
  if (ordinal <= INT16_MAX) out.Int16(7, static_cast<int64_t>(ordinal));
  out.Close();
}

// Three checksums of eight hex digits for each chunk, in order; empty when there are none.
std::string ChecksumsOf(const FileFooter& footer) {
  std::string text;
  const auto add = [&](uint32_t checksum) {
    for (int shift = 28; shift >= 0; shift -= 4) {
      text += "0123456789abcdef"[checksum >> shift & 15];
    }
  };
  for (const RowGroupFooter& group : footer.row_groups) {
    for (const ChunkFooter& chunk : group.chunks) {
      if (!chunk.checksums) return {};
      add(chunk.checksums->bloom_filter);
      add(chunk.checksums->offset_index);
      add(chunk.checksums->column_index);
    }
  }
  return text;
}

void WriteKeyValue(CompactWriter& out, std::string_view key, std::string_view value) {
  out.OpenElement();
  out.Binary(1, key);
  out.Binary(2, value);
  out.Close();
}

}  // namespace

std::string EncodeFooter(const FileFooter& footer) {
  CompactWriter out;
  out.Int32(1, 2);  // version
  WriteSchema(out, footer.fields);
  out.Int64(3, static_cast<int64_t>(footer.rows));
  out.OpenList(4, Compact::kStruct, footer.row_groups.size());
  for (size_t i = 0; i < footer.row_groups.size(); ++i) {
    WriteRowGroup(out, footer.row_groups[i], i);
  }
  const std::string checksums = ChecksumsOf(footer);
  out.OpenList(5, Compact::kStruct, footer.metadata.size() + (checksums.empty() ? 0 : 1));
  for (const auto& [key, value] : footer.metadata) WriteKeyValue(out, key, value);
  if (!checksums.empty()) WriteKeyValue(out, kChecksumsKey, checksums);
  out.Binary(6, footer.created_by);
  // Without it readers must not trust minima and maxima.
  size_t columns = 0;
  if (!footer.row_groups.empty()) {
    columns = footer.row_groups.front().chunks.size();
  } else {
    auto schema = Schema::Make(footer.fields);
    CHECK(schema.ok());
    columns = schema.value().columns().size();
  }
  out.OpenList(7, Compact::kStruct, columns);
  for (size_t i = 0; i < columns; ++i) {
    out.OpenElement();
    out.EmptyStruct(1);  // the type's own order
    out.Close();
  }
  return out.Take();
}

std::string EncodePageHeader(const PageHeader& header) {
  CompactWriter out;
  out.Int32(1, static_cast<int>(header.type));
  out.Int32(2, static_cast<int64_t>(header.uncompressed_bytes));
  out.Int32(3, static_cast<int64_t>(header.compressed_bytes));
  if (header.crc) out.Int32(4, static_cast<int32_t>(*header.crc));
  CHECK(header.type == PageType::kData || header.type == PageType::kDictionary);
  constexpr int16_t kDataHeader = 5;
  constexpr int16_t kDictionaryHeader = 7;
  out.OpenStruct(header.type == PageType::kData ? kDataHeader : kDictionaryHeader);
  out.Int32(1, static_cast<int64_t>(header.values));
  out.Int32(2, static_cast<int>(header.encoding));
  if (header.type == PageType::kData) {
    out.Int32(3, static_cast<int>(Encoding::kRle));  // of the levels
    out.Int32(4, static_cast<int>(Encoding::kRle));
  }
  out.Close();
  return out.Take();
}

std::string EncodeOffsetIndex(const std::vector<PageOffset>& pages) {
  CompactWriter out;
  out.OpenList(1, Compact::kStruct, pages.size());
  for (const PageOffset& page : pages) {
    out.OpenElement();
    out.Int64(1, static_cast<int64_t>(page.offset));
    out.Int32(2, page.size);
    out.Int64(3, static_cast<int64_t>(page.first_row));
    out.Close();
  }
  return out.Take();
}

std::string EncodeColumnIndex(const std::vector<Statistics>& pages, BoundaryOrder order) {
  CompactWriter out;
  out.OpenList(1, Compact::kTrue, pages.size());
  for (const Statistics& page : pages) out.BoolElement(!page.min);
  out.OpenList(2, Compact::kBinary, pages.size());
  for (const Statistics& page : pages) out.BinaryElement(page.min.value_or(""));
  out.OpenList(3, Compact::kBinary, pages.size());
  for (const Statistics& page : pages) out.BinaryElement(page.max.value_or(""));
  out.Int32(4, static_cast<int>(order));
  out.OpenList(5, Compact::kInt64, pages.size());
  for (const Statistics& page : pages) {
    out.IntegerElement(static_cast<int64_t>(page.null_count.value_or(0)));
  }
  return out.Take();
}

std::string EncodeBloomFilterHeader(size_t bitset_bytes) {
  CompactWriter out;
  out.Int32(1, static_cast<int64_t>(bitset_bytes));
  for (int16_t choice = 2; choice <= 4;
       ++choice) {  // algorithm, hash, compression: the first of each
    out.OpenStruct(choice);
    out.EmptyStruct(1);
    out.Close();
  }
  return out.Take();
}

}  // namespace clew::parquet
