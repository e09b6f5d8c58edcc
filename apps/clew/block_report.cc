// SPDX-License-Identifier: Apache-2.0
#include "block_report.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "store/block.h"
#include "text_table.h"
#include "wire/json_writer.h"

namespace clew {
namespace {

using Align = TextTable::Align;

double Share(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

void WriteBlock(wire::JsonWriter& out, const store::CatalogBlock& block) {
  out.TextMember("id", block.id);
  out.TextMember("tenant", block.tenant);
  out.NumberMember("format", block.format);
  out.NumberMember("level", block.level);
  out.NumberMember("spans", block.spans);
  out.NumberMember("traces", block.traces);
  out.NumberMember("bytes", block.size_bytes());
  out.Key("minStartUnixNano");
  out.NumberAsString(block.min_start_unix_nano);
  out.Key("maxStartUnixNano");
  out.NumberAsString(block.max_start_unix_nano);
  out.Key("receivedUnixNano");
  out.NumberAsString(block.received_unix_nano);
}

std::string BlocksAsJson(const std::vector<const store::CatalogBlock*>& blocks) {
  wire::JsonWriter out;
  out.BeginArray();
  for (const store::CatalogBlock* block : blocks) {
    out.BeginObject();
    WriteBlock(out, *block);
    out.EndObject();
  }
  out.EndArray();
  return out.Take() + "\n";
}

std::string EncodingName(parquet::Encoding encoding) {
  switch (encoding) {
    case parquet::Encoding::kPlain:
      return "plain";
    case parquet::Encoding::kPlainDictionary:
    case parquet::Encoding::kRleDictionary:
      return "dictionary";
    case parquet::Encoding::kRle:
      return "rle";
    case parquet::Encoding::kDeltaBinaryPacked:
      return "delta";
    case parquet::Encoding::kDeltaLengthByteArray:
      return "delta length";
    case parquet::Encoding::kDeltaByteArray:
      return "delta bytes";
    case parquet::Encoding::kByteStreamSplit:
      return "byte stream split";
  }
  return "unknown";
}

std::string CodecName(parquet::Codec codec) {
  switch (codec) {
    case parquet::Codec::kUncompressed:
      return "none";
    case parquet::Codec::kSnappy:
      return "snappy";
    case parquet::Codec::kGzip:
      return "gzip";
    case parquet::Codec::kZstd:
      return "zstd";
    case parquet::Codec::kLz4Raw:
      return "lz4";
  }
  return "unknown";
}

std::string TypeName(const parquet::Column& column) {
  using parquet::Type;
  if (column.logical == parquet::LogicalType::kString) return "string";
  if (column.logical == parquet::LogicalType::kUuid) return "uuid";
  if (column.logical == parquet::LogicalType::kTimestampNanosUtc) return "timestamp";
  switch (column.type) {
    case Type::kBoolean:
      return "bool";
    case Type::kInt32:
      return "int32";
    case Type::kInt64:
      return "int64";
    case Type::kDouble:
    case Type::kFloat:
      return "double";
    default:
      return "bytes";
  }
}

// One column over all row groups.
struct ColumnReport {
  std::string name, type;
  uint64_t bytes = 0, plain_bytes = 0, values = 0, nulls = 0;
  bool bloom_filter = false;
  std::set<std::string> encodings{}, codecs{};
};

std::string Join(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

std::vector<ColumnReport> ColumnsOf(const parquet::FileReader& file) {
  std::vector<ColumnReport> columns;
  columns.reserve(file.schema().columns().size());
  for (size_t i = 0; i < file.schema().columns().size(); ++i) {
    const parquet::Column& column = file.schema().columns()[i];
    ColumnReport report{.name = column.name(), .type = TypeName(column)};
    for (size_t group = 0; group < file.row_group_count(); ++group) {
      const parquet::ChunkMetadata& chunk = file.chunk(group, i);
      report.bytes += chunk.compressed_bytes;
      report.plain_bytes += chunk.uncompressed_bytes;
      report.values += chunk.values;
      report.nulls += chunk.statistics.null_count.value_or(0);
      report.bloom_filter |= chunk.has_bloom_filter;
      report.codecs.insert(CodecName(chunk.codec));
      for (const parquet::Encoding encoding : chunk.encodings) {
        // Levels are always RLE; what tells is how values are written.
        const bool levels = encoding == parquet::Encoding::kRle && chunk.encodings.size() > 1;
        if (!levels) report.encodings.insert(EncodingName(encoding));
      }
    }
    columns.push_back(std::move(report));
  }
  std::ranges::sort(columns, [](const ColumnReport& one, const ColumnReport& other) {
    return std::tie(other.bytes, one.name) < std::tie(one.bytes, other.name);
  });
  return columns;
}

std::string BlockAsJson(const store::CatalogBlock& block, const parquet::FileReader& file,
                        const std::vector<ColumnReport>& columns) {
  wire::JsonWriter out;
  out.BeginObject();
  WriteBlock(out, block);
  out.Key("objects");
  out.BeginArray();
  for (const store::CatalogObject& object : block.objects) {
    out.BeginObject();
    out.TextMember("name", object.name);
    out.NumberMember("bytes", object.size_bytes);
    out.EndObject();
  }
  out.EndArray();
  out.Key("rowGroups");
  out.BeginArray();
  for (size_t group = 0; group < file.row_group_count(); ++group)
    out.Number(int64_t{file.rows_of(group)});
  out.EndArray();
  out.Key("columns");
  out.BeginArray();
  for (const ColumnReport& column : columns) {
    out.BeginObject();
    out.TextMember("name", column.name);
    out.TextMember("type", column.type);
    out.NumberMember("bytes", column.bytes);
    out.NumberMember("uncompressedBytes", column.plain_bytes);
    out.NumberMember("values", column.values);
    out.NumberMember("nulls", column.nulls);
    out.TextMember("encodings", Join(column.encodings));
    out.TextMember("compression", Join(column.codecs));
    out.Key("bloomFilter");
    out.Bool(column.bloom_filter);
    out.EndObject();
  }
  out.EndArray();
  out.EndObject();
  return out.Take() + "\n";
}

std::string BlockAsText(const store::CatalogBlock& block, const parquet::FileReader& file,
                        const std::vector<ColumnReport>& columns) {
  std::string text = "block " + block.id + " of tenant " + block.tenant + ", format " +
                     std::to_string(block.format) + ", level " + std::to_string(block.level) +
                     "\n" + std::to_string(block.spans) + " spans in " +
                     std::to_string(block.traces) + " traces, started " +
                     FormatTime(block.min_start_unix_nano) + " to " +
                     FormatTime(block.max_start_unix_nano) + " UTC\n";
  text += "row groups of";
  for (size_t group = 0; group < file.row_group_count(); ++group) {
    text.append(" ").append(std::to_string(file.rows_of(group)));
  }
  text += " rows\n\n";
  TextTable files({{"file"}, {"size", Align::kRight}, {"bytes/span", Align::kRight}});
  for (const store::CatalogObject& object : block.objects) {
    files.AddRow({object.name, FormatBytes(object.size_bytes),
                  FormatFixed(Share(object.size_bytes, block.spans), 2)});
  }
  TextTable table({{"column"},
                   {"type"},
                   {"size", Align::kRight},
                   {"bytes/span", Align::kRight},
                   {"of plain", Align::kRight},
                   {"null", Align::kRight},
                   {"encodings"},
                   {"compression"},
                   {"filter"}});
  for (const ColumnReport& column : columns) {
    table.AddRow({column.name, column.type, FormatBytes(column.bytes),
                  FormatFixed(Share(column.bytes, block.spans), 2),
                  FormatFixed(100 * Share(column.bytes, column.plain_bytes), 0) + " %",
                  FormatFixed(100 * Share(column.nulls, column.values), 0) + " %",
                  Join(column.encodings), Join(column.codecs), column.bloom_filter ? "bloom" : ""});
  }
  return text + files.Format() + "\n" + table.Format();
}

}  // namespace

std::string ReportBlocks(const std::vector<const store::CatalogBlock*>& blocks, ReportForm form) {
  if (form == ReportForm::kJson) return BlocksAsJson(blocks);
  if (blocks.empty()) return "no blocks\n";
  TextTable table({{"block"},
                   {"tenant"},
                   {"level", Align::kRight},
                   {"spans", Align::kRight},
                   {"traces", Align::kRight},
                   {"size", Align::kRight},
                   {"bytes/span", Align::kRight},
                   {"first start (UTC)"},
                   {"last start (UTC)"}});
  uint64_t spans = 0, bytes = 0;
  for (const store::CatalogBlock* block : blocks) {
    spans += block->spans;
    bytes += block->size_bytes();
    table.AddRow({block->id, block->tenant, std::to_string(block->level),
                  std::to_string(block->spans), std::to_string(block->traces),
                  FormatBytes(block->size_bytes()),
                  FormatFixed(Share(block->size_bytes(), block->spans), 1),
                  FormatTime(block->min_start_unix_nano), FormatTime(block->max_start_unix_nano)});
  }
  return table.Format() + std::to_string(blocks.size()) + " blocks, " + std::to_string(spans) +
         " spans, " + FormatBytes(bytes) + "\n";
}

base::Result<std::string> ReportBlock(objects::ObjectStore& objects,
                                      const store::CatalogBlock& catalog, ReportForm form) {
  const store::Block block(objects, store::DescriptionOf(catalog));
  const store::Block::Spans spans = TRY(block.OpenSpans());
  const std::vector<ColumnReport> columns = ColumnsOf(spans.file());
  return form == ReportForm::kJson ? BlockAsJson(catalog, spans.file(), columns)
                                   : BlockAsText(catalog, spans.file(), columns);
}

}  // namespace clew
