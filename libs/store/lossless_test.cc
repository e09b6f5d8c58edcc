// SPDX-License-Identifier: Apache-2.0
// What a sender said is what is read, whatever the spans have been through:
//
//   said -> memtables -> a block each -> merged in some order -> merged into one
//
// and that is so of the other traces when some are left out of a block.
//
// All of it is compared as texts that say everything about a span.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/memory_storage.h"
#include "base/test_effort.h"
#include "objects/local_object_store.h"
#include "store/block_writer.h"
#include "store/memtable_input.h"
#include "store/merge_input.h"
#include "store/random_spans_fixture.h"
#include "store/row_reader.h"
#include "store/utf8_repair.h"

namespace clew::store {
namespace {

using model::ValueView;
using Random = std::mt19937_64;
using Texts = std::vector<std::string>;
using Blocks = std::vector<std::shared_ptr<const Block>>;

// Hands on what is announced, with its strings as UTF-8: the one thing that is changed.
class RepairedStrings final : public model::SpanSink {
 public:
  explicit RepairedStrings(model::SpanSink& sink) : sink_(sink) {}

  void OnResource(const model::ResourceView& resource) override {
    const std::string url = RepairUtf8(resource.schema_url);
    model::ResourceView repaired = resource;
    repaired.schema_url = url;
    sink_.OnResource(repaired);
  }
  void OnScope(const model::ScopeView& scope) override {
    const std::string texts[] = {RepairUtf8(scope.name), RepairUtf8(scope.version),
                                 RepairUtf8(scope.schema_url)};
    model::ScopeView repaired = scope;
    repaired.name = texts[0];
    repaired.version = texts[1];
    repaired.schema_url = texts[2];
    sink_.OnScope(repaired);
  }
  void OnSpan(const model::SpanView& span) override {
    const std::string texts[] = {RepairUtf8(span.trace_state), RepairUtf8(span.name),
                                 RepairUtf8(span.status_message)};
    model::SpanView repaired = span;
    repaired.trace_state = texts[0];
    repaired.name = texts[1];
    repaired.status_message = texts[2];
    sink_.OnSpan(repaired);
  }
  void OnEvent(const model::EventView& event) override {
    const std::string name = RepairUtf8(event.name);
    model::EventView repaired = event;
    repaired.name = name;
    sink_.OnEvent(repaired);
  }
  void OnLink(const model::LinkView& link) override {
    const std::string state = RepairUtf8(link.trace_state);
    model::LinkView repaired = link;
    repaired.trace_state = state;
    sink_.OnLink(repaired);
  }
  void OnAttribute(std::string_view key, const ValueView& value) override {
    std::string text(value.text);
    if (value.type == ValueView::Type::kString) text = RepairUtf8(text);
    if (value.type == ValueView::Type::kArray || value.type == ValueView::Type::kKeyValueList) {
      RepairedValue nested = RepairNestedUtf8(value);
      if (nested.strings > 0) text = std::move(nested.text);
    }
    ValueView repaired = value;
    repaired.text = text;
    sink_.OnAttribute(RepairUtf8(key), repaired);
  }
  void OnRejectedSpan(model::RejectReason) override {}

 private:
  model::SpanSink& sink_;
};

class Journey {
 public:
  explicit Journey(uint64_t seed)
      : random_(seed),
        columns_(seed % 3 == 0 ? 5 : 512),
        objects_(std::move(objects::LocalObjectStore::Open(storage_, "data")).value()) {}

  void Say() {
    SpanTexts said;
    RepairedStrings repaired(said);
    for (size_t count = 1 + random_() % 4; count > 0; --count) {
      const uint64_t seed = random_();
      const size_t spans = 1 + random_() % 15;
      Random twice[] = {Random(seed), Random(seed)};
      WriteRandomSpans(twice[0], spans, repaired);
      auto memtable = std::make_unique<Memtable>();
      WriteRandomSpans(twice[1], spans, *memtable);
      memtable->Publish(memtable->FinishBody());
      memtables_.push_back(std::move(memtable));
    }
    said_ = said.Sorted();
  }

  void ExpectInMemory() {
    SpanTexts texts;
    for (const auto& memtable : memtables_) {
      std::vector<uint32_t> rows(memtable->published_rows());
      for (uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
      ReadRows(*memtable, rows, texts);
    }
    ExpectSaid(texts.Sorted());
  }

  void Flush() {
    for (const auto& memtable : memtables_) {
      MemtableInput input(*memtable);
      blocks_.push_back(Write(input));
    }
  }

  // Two or more of them into one.
  void Merge() {
    std::ranges::shuffle(blocks_, random_);
    const auto count = static_cast<ptrdiff_t>(2 + random_() % (blocks_.size() - 1));
    const Blocks merged(blocks_.begin(), blocks_.begin() + count);
    const auto input = MergeInput::Open(merged);
    ASSERT_TRUE(input.ok()) << input.error().message;
    blocks_.erase(blocks_.begin(), blocks_.begin() + count);
    blocks_.push_back(Write(*input.value()));
  }

  // Some traces, of every block.
  void LeaveOut() {
    const uint64_t salt = random_();
    const TraceFilter keeps = [salt](const model::TraceId& id) {
      return (std::hash<std::string>()({id.bytes.begin(), id.bytes.end()}) ^ salt) % 3 != 0;
    };
    SpanTexts kept;
    for (auto& block : blocks_) {
      const std::vector<Fragment> fragments = block->ReadFragments().value();
      for (const Fragment& fragment : fragments) {
        if (!keeps(fragment.trace_id)) continue;
        ASSERT_TRUE(block->ReadSpans({fragment.first_row, fragment.rows}, kept).ok());
      }
      const auto input = MergeInput::Open({block}, {}, keeps);
      ASSERT_TRUE(input.ok()) << input.error().message;
      block = input.value()->fragments().empty() ? nullptr : Write(*input.value());
    }
    std::erase(blocks_, nullptr);
    said_ = kept.Sorted();
  }

  void ExpectInBlocks() {
    SpanTexts texts;
    for (const auto& block : blocks_) {
      const auto rows = static_cast<uint32_t>(block->description().spans);
      const base::Status read = block->ReadSpans({0, rows}, texts);
      ASSERT_TRUE(read.ok()) << read.error().message;
    }
    ExpectSaid(texts.Sorted());
  }

  size_t blocks() const { return blocks_.size(); }

 private:
  std::shared_ptr<const Block> Write(BlockInput& input) {
    const BlockWriterOptions options{.tenant = "t",
                                     .block_id = "B" + std::to_string(++written_),
                                     .max_attribute_columns = columns_,
                                     .rows_of_group = 20,
                                     .rows_of_page = 6};
    const auto written = WriteBlock(input, names_, *objects_, options);
    EXPECT_TRUE(written.ok()) << written.error().message;
    return std::make_shared<const Block>(*objects_, DescriptionOf(written.value(), options));
  }

  // Shows only where the first two that differ part.
  void ExpectSaid(const Texts& read) const {
    ASSERT_EQ(read.size(), said_.size());
    for (size_t i = 0; i < read.size(); ++i) {
      const auto part = std::ranges::mismatch(read[i], said_[i]);
      if (part.in1 == read[i].end() && part.in2 == said_[i].end()) continue;
      const auto at = static_cast<size_t>(part.in1 - read[i].begin());
      const size_t from = at < 80 ? 0 : at - 80;
      FAIL() << "at " << at << "\n  read …" << read[i].substr(from, 240) << "\n  said …"
             << said_[i].substr(from, 240);
    }
  }

  Random random_;
  const size_t columns_;
  base::MemoryStorage storage_;
  const std::unique_ptr<objects::LocalObjectStore> objects_;
  ColumnNames names_;
  int written_ = 0;
  Texts said_;
  std::vector<std::unique_ptr<Memtable>> memtables_;
  Blocks blocks_;
};

void ExpectLossless(uint64_t seed) {
  Journey journey(seed);
  journey.Say();
  journey.ExpectInMemory();
  journey.Flush();
  journey.ExpectInBlocks();
  if (seed % 2 == 0) {
    journey.LeaveOut();
    journey.ExpectInBlocks();
  }
  while (journey.blocks() > 1 && !testing::Test::HasFailure()) {
    journey.Merge();
    journey.ExpectInBlocks();
  }
}

TEST(Lossless, IsTheWayThroughMemtablesBlocksAndMerges) {
  const char* const chosen = getenv("CLEW_SEED");
  const uint64_t first = chosen == nullptr ? 0 : strtoull(chosen, nullptr, 10);
  const uint64_t seeds = chosen != nullptr ? 1 : base::TestRounds(200, 10'000);
  for (uint64_t seed = first; seed < first + seeds && !HasFailure(); ++seed) {
    SCOPED_TRACE("CLEW_SEED=" + std::to_string(seed));
    ExpectLossless(seed);
  }
}

}  // namespace
}  // namespace clew::store
