// SPDX-License-Identifier: Apache-2.0
#include "store/block_writer.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "derive/usual_times_file.h"
#include "store/block_schema.h"
#include "store/object_sink.h"
#include "store/trace_id_index.h"
#include "store/traces_builder.h"
#include "store/usual_times_collector.h"
#include "wire/json_writer.h"

namespace clew::store {
namespace {

// The attributes that get columns, by name: the most frequent, and of equally
// frequent ones the first.
std::vector<NamedAttribute> ChooseAttributes(const BlockInput& input, ColumnNames& names,
                                             size_t limit) {
  std::vector<AttributeCount> counts = input.attributes();
  std::vector<size_t> places(counts.size());
  std::iota(places.begin(), places.end(), size_t{0});
  std::ranges::sort(places, {}, [&](size_t place) {
    return std::tuple(!IsServiceName(counts[place].attribute), ~counts[place].count, place);
  });
  if (places.size() > limit) places.resize(limit);
  // Names are claimed in the order in which the attributes were first seen.
  std::ranges::sort(places);
  std::vector<NamedAttribute> chosen;
  for (const size_t place : places) {
    std::optional<std::string> name = names.Claim(counts[place].attribute);
    if (name) chosen.push_back({std::move(*name), std::move(counts[place].attribute)});
  }
  std::ranges::sort(chosen, {}, &NamedAttribute::name);
  return chosen;
}

class BlockWriter {
 public:
  BlockWriter(BlockInput& input, objects::ObjectStore& objects, const BlockWriterOptions& options)
      : input_(input),
        objects_(objects),
        options_(options),
        prefix_(BlockPrefix(options.tenant, options.block_id)),
        traces_(input.fragments()) {
    if (options.with_usual_times) usual_.emplace(input.fragments());
  }

  base::Result<WrittenBlock> Write(ColumnNames& names) {
    columns_ = BlockColumns(ChooseAttributes(input_, names, options_.max_attribute_columns));
    input_.SetColumns(columns_);
    TRY(WriteSpans());
    const std::vector<TraceRow> traces = traces_.Take();
    Describe(traces);
    TRY(WriteTracesTable(traces));
    TRY(WriteIndex());
    WriteUsualTimes();
    TRY(WriteMeta());
    return std::move(block_);
  }

 private:
  base::Status WriteSpans();
  base::Status WriteRowGroup(parquet::FileWriter& writer, RowRange rows);
  base::Status WriteTracesTable(const std::vector<TraceRow>& traces);
  base::Status WriteIndex();
  void WriteUsualTimes();
  base::Status WriteMeta();
  void Describe(const std::vector<TraceRow>& traces);

  base::Result<std::unique_ptr<ObjectSink>> Begin(std::string_view name) {
    auto upload = TRY(objects_.BeginUpload(prefix_ + std::string(name)));
    return std::make_unique<ObjectSink>(std::move(upload));
  }
  base::Status End(std::string_view name, ObjectSink& sink) {
    TRY(sink.Commit());
    block_.objects.push_back({std::string(name), sink.size_bytes(), sink.hash()});
    return {};
  }
  base::Status PutWhole(std::string_view name, std::string_view bytes) {
    const std::unique_ptr<ObjectSink> sink = TRY(Begin(name));
    TRY(sink->Append(bytes));
    return End(name, *sink);
  }

  BlockInput& input_;
  objects::ObjectStore& objects_;
  const BlockWriterOptions& options_;
  const std::string prefix_;
  std::vector<BlockColumn> columns_;
  TracesBuilder traces_;
  std::optional<UsualTimesCollector> usual_;
  WrittenBlock block_;
};

base::Status BlockWriter::WriteSpans() {
  const std::unique_ptr<ObjectSink> sink = TRY(Begin(kBlockObjects[0]));
  parquet::FileWriter writer(*sink, SpansSchema(columns_),
                             {.codec = options_.codec, .zstd_level = options_.zstd_level});
  uint64_t first = 0;
  for (const uint32_t count : RowGroupSizes(input_.fragments(), options_.rows_of_group)) {
    TRY(WriteRowGroup(writer, {first, count}));
    first += count;
  }
  block_.spans = first;
  TRY(writer.Finish({{"clew.format", std::to_string(kBlockFormat)},
                     {"clew.minimum_reader", std::to_string(kBlockFormat)},
                     {"clew.tenant", options_.tenant},
                     {"clew.block", options_.block_id}}));
  return End(kBlockObjects[0], *sink);
}

base::Status BlockWriter::WriteRowGroup(parquet::FileWriter& writer, RowRange rows) {
  TRY(writer.BeginRowGroup(PageSizes(rows.count, options_.rows_of_page)));
  for (const BlockColumn& column : columns_) {
    if (column.Is(Intrinsic::kOthers)) {
      const BlockInput::Others others = TRY(input_.ReadOthers(rows));
      TRY(writer.WriteColumn(others.keys));
      TRY(writer.WriteColumn(others.values));
      continue;
    }
    const parquet::ColumnChunk chunk = TRY(input_.Read(column, rows));
    traces_.Add(column, chunk, rows);
    if (usual_) usual_->Add(column, chunk, rows);
    TRY(writer.WriteColumn(chunk));
  }
  traces_.EndRowGroup(rows);
  if (usual_) usual_->EndRowGroup(rows);
  return writer.EndRowGroup();
}

base::Status BlockWriter::WriteTracesTable(const std::vector<TraceRow>& traces) {
  const std::unique_ptr<ObjectSink> sink = TRY(Begin(kBlockObjects[1]));
  TRY(WriteTraces(traces, *sink));
  return End(kBlockObjects[1], *sink);
}

base::Status BlockWriter::WriteIndex() {
  std::vector<model::TraceId> ids;
  ids.reserve(input_.fragments().size());
  for (const Fragment& fragment : input_.fragments()) ids.push_back(fragment.trace_id);
  // The seed is the block's own, so that nobody can prepare ids that collide.
  return PutWhole(kBlockObjects[2], EncodeTraceIdIndex(ids, base::Hash64(options_.block_id)));
}

void BlockWriter::Describe(const std::vector<TraceRow>& traces) {
  CHECK(!traces.empty());
  block_.traces = traces.size();
  block_.min_start_unix_nano = traces.front().start_unix_nano;  // they are in this order
  block_.max_start_unix_nano =
      std::ranges::max_element(traces, {}, &TraceRow::last_start_unix_nano)->last_start_unix_nano;
}

// A block is whole without it, so that no merge fails because of it.
void BlockWriter::WriteUsualTimes() {
  if (!usual_) return;
  const derive::UsualTimes times = usual_->Take();
  if (times.operations().empty()) return;
  const base::Status written = PutWhole(kUsualTimesObject, EncodeUsualTimes(times));
  if (written.ok()) return;
  base::LogWarning("block " + options_.block_id + " of tenant " + options_.tenant +
                   " will not say what is usual: " + written.error().message);
  // It may be there all the same.
  (void)objects_.Delete(prefix_ + std::string(kUsualTimesObject));
}

// For people; the catalog says the same and is what counts.
base::Status BlockWriter::WriteMeta() {
  wire::JsonWriter out;
  out.BeginObject();
  out.Key("format");
  out.Number(int64_t{kBlockFormat});
  out.Key("block");
  out.String(options_.block_id);
  out.Key("tenant");
  out.String(options_.tenant);
  out.Key("spans");
  out.Number(static_cast<int64_t>(block_.spans));
  out.Key("traces");
  out.Number(static_cast<int64_t>(block_.traces));
  out.Key("min_start_unix_nano");
  out.Number(block_.min_start_unix_nano);
  out.Key("max_start_unix_nano");
  out.Number(block_.max_start_unix_nano);
  out.EndObject();
  return PutWhole(kBlockObjects[3], out.Take() + "\n");
}

}  // namespace

std::string BlockPrefix(std::string_view tenant, std::string_view block_id) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string prefix = "blocks/";
  for (const char c : tenant) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || (c == '.' && prefix.back() != '/');
    if (plain) {
      prefix += c;
    } else {
      prefix += '_';
      prefix += kDigits[static_cast<uint8_t>(c) >> 4];
      prefix += kDigits[static_cast<uint8_t>(c) & 15];
    }
  }
  if (tenant.empty()) prefix += "_";
  return prefix + "/" + std::string(block_id) + "/";
}

BlockDescription DescriptionOf(const WrittenBlock& written, const BlockWriterOptions& options) {
  BlockDescription description{.tenant = options.tenant,
                               .id = options.block_id,
                               .spans = written.spans,
                               .traces = written.traces,
                               .min_start_unix_nano = written.min_start_unix_nano,
                               .max_start_unix_nano = written.max_start_unix_nano};
  for (const WrittenObject& object : written.objects) {
    if (object.name == kBlockObjects[0]) description.spans_bytes = object.size_bytes;
    if (object.name == kBlockObjects[1]) description.traces_bytes = object.size_bytes;
    if (object.name == kBlockObjects[2]) description.index_bytes = object.size_bytes;
    if (object.name == kUsualTimesObject) description.usual_times_bytes = object.size_bytes;
  }
  return description;
}

base::Result<WrittenBlock> WriteBlock(BlockInput& input, ColumnNames& names,
                                      objects::ObjectStore& objects,
                                      const BlockWriterOptions& options) {
  CHECK(!input.fragments().empty());
  return BlockWriter(input, objects, options).Write(names);
}

}  // namespace clew::store
