// SPDX-License-Identifier: Apache-2.0
// A block with other bytes in place of spans.parquet (first byte 0) or traces.parquet (1),
// their footer's checksum made right: a check of all of it ends, and what it finds nothing
// wrong with can be read.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "base/hash.h"
#include "objects/object_store.h"
#include "store/block.h"
#include "store/block_check.h"
#include "store/block_writer.h"
#include "store/memtable.h"
#include "store/memtable_input.h"

namespace clew::store {
namespace {

using Objects = std::map<std::string, std::string, std::less<>>;

class MapUpload final : public objects::ObjectUpload {
 public:
  explicit MapUpload(std::string& object) : object_(object) {}
  base::Status Append(std::string_view bytes) override {
    object_ += bytes;
    return {};
  }
  base::Status Commit() override { return {}; }

 private:
  std::string& object_;
};

class MapStore final : public objects::ObjectStore {
 public:
  base::Result<std::string> Get(std::string_view key, uint64_t offset, uint64_t size) override {
    const std::string& object = objects.find(key)->second;
    if (offset > object.size() || size > object.size() - offset) {
      return base::Error{base::ErrorCode::kCorruption, "the object is shorter"};
    }
    return object.substr(offset, size);
  }
  base::Result<std::string> GetAll(std::string_view key) override {
    return objects.find(key)->second;
  }
  base::Result<uint64_t> SizeOf(std::string_view key) override {
    return uint64_t{objects.find(key)->second.size()};
  }
  base::Status Put(std::string_view key, std::string_view bytes) override {
    objects[std::string(key)] = bytes;
    return {};
  }
  base::Result<std::unique_ptr<objects::ObjectUpload>> BeginUpload(std::string_view key) override {
    return std::unique_ptr<objects::ObjectUpload>(
        std::make_unique<MapUpload>(objects[std::string(key)]));
  }
  base::Result<bool> PutIfAbsent(std::string_view key, std::string_view bytes) override {
    return objects.emplace(key, bytes).second;
  }
  base::Result<std::vector<std::string>> List(std::string_view) override {
    return std::vector<std::string>();
  }
  base::Status Delete(std::string_view) override { return {}; }

  Objects objects;
};

class NoSpans final : public model::SpanSink {
 public:
  void OnResource(const model::ResourceView&) override {}
  void OnScope(const model::ScopeView&) override {}
  void OnSpan(const model::SpanView&) override {}
  void OnEvent(const model::EventView&) override {}
  void OnLink(const model::LinkView&) override {}
  void OnAttribute(std::string_view, const model::ValueView&) override {}
  void OnRejectedSpan(model::RejectReason) override {}
};

// Two traces with a bit of everything.
void FillMemtable(Memtable& memtable) {
  memtable.OnResource({});
  memtable.OnAttribute("service.name", model::ValueView::String("service"));
  memtable.OnScope({});
  for (uint8_t i = 1; i <= 6; ++i) {
    model::SpanView span{};
    span.name = "op";
    span.trace_id.bytes[0] = static_cast<uint8_t>(1 + i / 4);
    span.span_id.bytes[0] = i;
    if (i % 3 != 1) span.parent_span_id.bytes[0] = static_cast<uint8_t>(i - 1);
    span.start_unix_nano = 100 * i;
    span.end_unix_nano = 100 * i + 50;
    memtable.OnSpan(span);
    memtable.OnAttribute("key", model::ValueView::Int(i));
    memtable.OnEvent({.time_unix_nano = 5, .name = "event"});
    memtable.OnAttribute("key", model::ValueView::String("text"));
  }
  memtable.Publish(memtable.FinishBody());
}

struct WholeBlock {
  MapStore store;
  CatalogBlock catalog;
};

WholeBlock MakeBlock() {
  WholeBlock block;
  Memtable memtable;
  FillMemtable(memtable);
  MemtableInput input(memtable);
  ColumnNames names;
  const BlockWriterOptions options{
      .tenant = "t", .block_id = "B", .codec = parquet::Codec::kUncompressed, .rows_of_page = 2};
  const auto written = WriteBlock(input, names, block.store, options);
  CHECK(written.ok());
  block.catalog = {.tenant = "t",
                   .id = "B",
                   .format = kBlockFormat,
                   .spans = written.value().spans,
                   .traces = written.value().traces,
                   .min_start_unix_nano = written.value().min_start_unix_nano,
                   .max_start_unix_nano = written.value().max_start_unix_nano};
  for (const WrittenObject& object : written.value().objects) {
    block.catalog.objects.push_back({object.name, object.size_bytes, object.hash});
  }
  return block;
}

// What few inputs would get past.
std::string WithFooterChecksum(std::string file) {
  constexpr size_t kEndBytes = 8;
  if (file.size() < 2 * kEndBytes) return file;
  const uint64_t footer = base::LoadLittle<uint32_t>(file.data() + file.size() - kEndBytes);
  if (footer + 2 * kEndBytes > file.size()) return file;
  const size_t begin = file.size() - kEndBytes - footer;
  std::string checksum;
  base::AppendLittle(checksum, base::Crc32c(std::string_view(file).substr(begin, footer)));
  return file.replace(begin - 4, 4, checksum);
}

void ReadBlock(size_t object, std::string bytes) {
  static const WholeBlock* const whole = new WholeBlock(MakeBlock());
  MapStore store = whole->store;
  CatalogBlock catalog = whole->catalog;
  bytes = WithFooterChecksum(std::move(bytes));
  catalog.objects[object].size_bytes = bytes.size();
  catalog.objects[object].hash = base::HashOf128(bytes);
  store.objects[BlockPrefix("t", "B") + catalog.objects[object].name] = std::move(bytes);
  const bool sound = CheckBlock(store, catalog).empty();
  const Block block(store, DescriptionOf(catalog));
  for (uint8_t trace = 1; trace <= 2; ++trace) {
    model::TraceId id;
    id.bytes[0] = trace;
    const auto found = block.Find(id);
    CHECK(!sound || (found.ok() && found.value().size() == 1));
    if (!found.ok()) continue;
    NoSpans sink;
    for (const RowRange rows : found.value()) {
      const bool read = block.ReadSpans(rows, sink).ok();
      CHECK(!sound || read);
    }
  }
}

}  // namespace
}  // namespace clew::store

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  clew::store::ReadBlock(data[0] % 2,
                         std::string(reinterpret_cast<const char*>(data) + 1, size - 1));
  return 0;
}
