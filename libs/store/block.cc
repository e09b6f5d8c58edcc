// SPDX-License-Identifier: Apache-2.0
#include "store/block.h"

#include <utility>

#include "store/block_spans.h"
#include "store/block_writer.h"
#include "store/object_sink.h"
#include "store/trace_id_index.h"

namespace clew::store {

struct Block::Opened {
  ObjectSource spans_source, traces_source;
  std::optional<BlockFile> spans{};
  std::vector<BlockColumn> columns{};
  std::optional<TracesTable> traces{};
  std::optional<TraceIdIndex> index{};
};

BlockDescription DescriptionOf(const CatalogBlock& block) {
  BlockDescription description{.tenant = block.tenant,
                               .id = block.id,
                               .spans = block.spans,
                               .traces = block.traces,
                               .min_start_unix_nano = block.min_start_unix_nano,
                               .max_start_unix_nano = block.max_start_unix_nano};
  for (const CatalogObject& object : block.objects) {
    if (object.name == kBlockObjects[0]) description.spans_bytes = object.size_bytes;
    if (object.name == kBlockObjects[1]) description.traces_bytes = object.size_bytes;
    if (object.name == kBlockObjects[2]) description.index_bytes = object.size_bytes;
    if (object.name == kUsualTimesObject) description.usual_times_bytes = object.size_bytes;
  }
  return description;
}

Block::Block(objects::ObjectStore& objects, BlockDescription description, PageCache* cache)
    : objects_(objects), cache_(cache), description_(std::move(description)) {}

Block::~Block() = default;

base::Error Block::Named(size_t object, base::Error error) const {
  return Named(kBlockObjects[object], std::move(error));
}

base::Error Block::Named(std::string_view object, base::Error error) const {
  const std::string key = BlockPrefix(description_.tenant, description_.id) + std::string(object);
  if (error.message.find(key) == std::string::npos) error.message = key + ": " + error.message;
  error.message = "block " + description_.id + ": " + error.message;
  return error;
}

base::Result<const Block::Opened*> Block::Open() const {
  if (const Opened* opened = opened_.Get()) return opened;
  const base::MutexLock lock(mutex_);
  if (const Opened* opened = opened_.Get()) return opened;
  auto opened = OpenFiles();
  if (!opened.ok()) return opened.error();
  owned_ = std::move(opened).value();
  opened_.Set(owned_.get());
  return opened_.Get();
}

base::Result<std::unique_ptr<Block::Opened>> Block::OpenFiles() const {
  const std::string prefix = BlockPrefix(description_.tenant, description_.id);
  const auto key = [&](size_t object) { return prefix + std::string(kBlockObjects[object]); };
  auto opened = std::unique_ptr<Opened>(
      new Opened{.spans_source = {objects_, key(0), description_.spans_bytes},
                 .traces_source = {objects_, key(1), description_.traces_bytes}});
  auto spans =
      parquet::FileReader::Open(opened->spans_source, parquet::FileReader::Checks::kChecked);
  if (!spans.ok()) return Named(0, std::move(spans).error());
  opened->spans.emplace(std::move(spans).value(), cache_);
  auto columns = ReadSpansSchema(opened->spans->reader().schema());
  if (!columns.ok()) return Named(0, std::move(columns).error());
  opened->columns = std::move(columns).value();
  auto traces = TracesTable::Open(opened->traces_source, cache_);
  if (!traces.ok()) return Named(1, std::move(traces).error());
  opened->traces = std::move(traces).value();
  auto index = TraceIdIndex::Open(
      [this, name = key(2)](uint64_t offset, size_t size) {
        return objects_.Get(name, offset, size);
      },
      description_.index_bytes, cache_);
  if (!index.ok()) return Named(2, std::move(index).error());
  opened->index = std::move(index).value();
  return opened;
}

base::Result<Block::Spans> Block::OpenSpans() const {
  const Opened* opened = TRY(Open());
  return Spans{.pages = *opened->spans, .columns = opened->columns};
}

base::Result<const parquet::FileReader*> Block::OpenTraces() const {
  const Opened* opened = TRY(Open());
  return &opened->traces->file();
}

base::Result<std::vector<uint32_t>> Block::Candidates(const model::TraceId& trace_id) const {
  const Opened* opened = TRY(Open());
  auto candidates = opened->index->Find(trace_id);
  if (!candidates.ok()) return Named(2, std::move(candidates).error());
  return candidates;
}

base::Result<std::vector<uint64_t>> Block::FindTraces(const model::TraceId& trace_id) const {
  const Opened* opened = TRY(Open());
  std::vector<uint64_t> found;
  for (const uint32_t candidate : TRY(Candidates(trace_id))) {
    auto place = opened->traces->PlaceOf(candidate);
    if (!place.ok()) return Named(1, std::move(place).error());
    // Other ids may have the same hash.
    if (place.value().trace_id == trace_id) found.push_back(candidate);
  }
  return found;
}

base::Result<std::vector<RowRange>> Block::Find(const model::TraceId& trace_id) const {
  const Opened* opened = TRY(Open());
  std::vector<RowRange> found;
  for (const uint64_t trace : TRY(FindTraces(trace_id))) {
    const auto place = opened->traces->PlaceOf(trace);
    if (!place.ok()) return Named(1, place.error());
    found.push_back({place.value().first_row, place.value().rows});
  }
  return found;
}

base::Status Block::ReadSpans(RowRange rows, model::SpanSink& sink) const {
  return ReadSpansOf(rows, nullptr, sink);
}

base::Status Block::ReadSpans(RowRange rows, const AttributeNames& keys,
                              model::SpanSink& sink) const {
  return ReadSpansOf(rows, &keys, sink);
}

base::Status Block::ReadSpansOf(RowRange rows, const AttributeNames* keys,
                                model::SpanSink& sink) const {
  const Opened* opened = TRY(Open());
  base::Status read = ReadBlockSpans({*opened->spans, opened->columns}, rows, keys, sink);
  if (!read.ok()) return Named(0, std::move(read).error());
  return {};
}

base::Result<derive::UsualTimesFile> Block::OpenUsualTimes() const {
  const std::string key =
      BlockPrefix(description_.tenant, description_.id) + std::string(kUsualTimesObject);
  return derive::UsualTimesFile::Open(
      [this, key](uint64_t offset, uint64_t size) { return objects_.Get(key, offset, size); },
      description_.usual_times_bytes);
}

base::Result<std::optional<derive::OperationTimes>> Block::ReadUsualTimes(
    const derive::RootOperation& root) const {
  if (description_.usual_times_bytes == 0) return std::optional<derive::OperationTimes>();
  const auto file = OpenUsualTimes();
  if (!file.ok()) return Named(kUsualTimesObject, file.error());
  auto times = file.value().Read(root);
  if (!times.ok()) return Named(kUsualTimesObject, std::move(times).error());
  return times;
}

base::Result<std::optional<derive::UsualTimes>> Block::ReadAllUsualTimes() const {
  if (description_.usual_times_bytes == 0) return std::optional<derive::UsualTimes>();
  const auto file = OpenUsualTimes();
  if (!file.ok()) return Named(kUsualTimesObject, file.error());
  auto times = file.value().ReadAll();
  if (!times.ok()) return Named(kUsualTimesObject, std::move(times).error());
  return std::optional(std::move(times).value());
}

base::Result<std::vector<Fragment>> Block::ReadFragments() const {
  const Opened* opened = TRY(Open());
  auto fragments = opened->traces->ReadFragments();
  if (!fragments.ok()) return Named(1, std::move(fragments).error());
  return fragments;
}

base::Result<std::vector<TraceRow>> Block::ReadTraces(uint64_t first, uint64_t count) const {
  const Opened* opened = TRY(Open());
  auto traces = opened->traces->Read(first, count);
  if (!traces.ok()) return Named(1, std::move(traces).error());
  return traces;
}

}  // namespace clew::store
