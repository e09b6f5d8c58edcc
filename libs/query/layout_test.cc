// SPDX-License-Identifier: Apache-2.0
// The same spans give the same answers wherever they lie: in a memtable, in several, in
// blocks, in both, with traces split over them in any way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/memory_storage.h"
#include "base/test_effort.h"
#include "objects/local_object_store.h"
#include "query/answers_fixture.h"
#include "query/search.h"
#include "store/block_writer.h"
#include "store/memtable_input.h"
#include "store/merge_input.h"
#include "store/random_spans_fixture.h"
#include "wire/otlp_writer.h"

namespace clew::query {
namespace {

using Random = std::mt19937_64;

// Announces again what was announced in one go: the spans of a body.
class Bodies {
 public:
  // Some bodies of random spans; each can be replayed.
  Bodies(uint64_t seed, size_t count) {
    Random random(seed);
    for (size_t i = 0; i < count; ++i) bodies_.push_back({random(), 1 + random() % 12});
  }
  void Replay(size_t body, model::SpanSink& sink) const {
    Random random(bodies_[body].first);
    store::WriteRandomSpans(random, bodies_[body].second, sink);
  }
  size_t size() const { return bodies_.size(); }

 private:
  std::vector<std::pair<uint64_t, size_t>> bodies_;
};

class LayoutTest : public testing::Test {
 protected:
  LayoutTest() { objects_ = std::move(objects::LocalObjectStore::Open(storage_, "data")).value(); }

  std::shared_ptr<store::Memtable> Fill(const Bodies& bodies, const std::vector<size_t>& which) {
    auto memtable = std::make_shared<store::Memtable>();
    for (const size_t body : which) bodies.Replay(body, *memtable);
    memtable->Publish(memtable->FinishBody());
    return memtable;
  }

  std::shared_ptr<const store::Block> Flush(const store::Memtable& memtable) {
    store::MemtableInput input(memtable);
    return Write(input);
  }

  std::shared_ptr<const store::Block> Merge(
      const std::vector<std::shared_ptr<const store::Block>>& blocks) {
    auto input = store::MergeInput::Open(blocks);
    EXPECT_TRUE(input.ok()) << input.error().message;
    return Write(*input.value());
  }

  std::shared_ptr<const store::Block> Write(store::BlockInput& input) {
    const store::BlockWriterOptions options{.tenant = "t",
                                            .block_id = "B" + std::to_string(++blocks_),
                                            .rows_of_group = 20,
                                            .rows_of_page = 6};
    const auto written = store::WriteBlock(input, names_, *objects_, options);
    EXPECT_TRUE(written.ok()) << written.error().message;
    return std::make_shared<const store::Block>(*objects_,
                                                store::DescriptionOf(written.value(), options));
  }

  // The bodies dealt to `places` memtables, each of which is a block by chance.
  store::Sources Lay(Random& random, const Bodies& bodies, size_t places, size_t block_chance) {
    std::vector<std::vector<size_t>> dealt(places);
    for (size_t body = 0; body < bodies.size(); ++body) dealt[random() % places].push_back(body);
    store::Sources sources;
    for (const std::vector<size_t>& which : dealt) {
      if (which.empty()) continue;
      std::shared_ptr<store::Memtable> memtable = Fill(bodies, which);
      if (random() % 100 < block_chance) {
        sources.blocks.push_back(Flush(*memtable));
      } else {
        sources.memtables.push_back(std::move(memtable));
      }
    }
    return sources;
  }

  // Some of the blocks merged, and those merged again.
  store::Sources Compact(Random& random, store::Sources sources) {
    while (sources.blocks.size() > 1 && random() % 4 != 0) {
      const size_t count = 2 + random() % (sources.blocks.size() - 1);
      const std::vector<std::shared_ptr<const store::Block>> some(
          sources.blocks.end() - static_cast<ptrdiff_t>(count), sources.blocks.end());
      sources.blocks.resize(sources.blocks.size() - count);
      sources.blocks.insert(sources.blocks.begin(), Merge(some));
    }
    return sources;
  }

  base::MemoryStorage storage_;
  std::unique_ptr<objects::LocalObjectStore> objects_;
  store::ColumnNames names_;
  int blocks_ = 0;
};

TimeRange RandomRange(Random& random) {
  TimeRange range;
  if (random() % 2 == 0) range.start_unix_nano = static_cast<int64_t>(random() % 1000);
  if (random() % 2 == 0) range.end_unix_nano = static_cast<int64_t>(random() % 1000);
  return range;
}

SearchRequest RandomRequest(Random& random) {
  constexpr const char* kTags[] = {
      "service.name", "http.method", "name",     "kind",      "status.code",
      "error",        "key1",        "key2",     "root.name", "version",
      "k@int",        "time",        "a.b[0].c", "key3",      "root.service.name"};
  constexpr const char* kValues[] = {"", "a", "shop", "GET", "true", "er", "1", "0", "-1", "o"};
  SearchRequest request;
  for (size_t i = random() % 3; i > 0; --i) {
    request.tags.push_back({kTags[random() % 15], kValues[random() % 10]});
  }
  if (random() % 4 == 0) request.min_duration_ns = static_cast<int64_t>(random() % 600);
  if (random() % 4 == 0) request.max_duration_ns = static_cast<int64_t>(random() % 1200);
  request.range = RandomRange(random);
  request.limit = static_cast<uint32_t>(random() % 15);
  return request;
}

std::string Describe(const SearchRequest& request) {
  std::string text = "limit " + std::to_string(request.limit);
  for (const TagPredicate& tag : request.tags) text += " " + tag.key + "=" + tag.value;
  if (request.range.start_unix_nano)
    text += " from " + std::to_string(*request.range.start_unix_nano);
  if (request.range.end_unix_nano) text += " to " + std::to_string(*request.range.end_unix_nano);
  return text;
}

// Sources of the same spans, the first of which the others are held against.
using Layouts = std::vector<store::Sources>;

void ExpectSameSearches(Random& random, const Layouts& layouts) {
  for (int round = 0; round < 25; ++round) {
    const SearchRequest request = RandomRequest(random);
    SCOPED_TRACE(Describe(request));
    const std::string expected = TextOf(Search(layouts.front(), request).value());
    for (const store::Sources& layout : layouts) {
      const auto found = Search(layout, request);
      ASSERT_TRUE(found.ok()) << found.error().message;
      ASSERT_EQ(TextOf(found.value()), expected);
    }
  }
}

void ExpectSameTags(Random& random, const Layouts& layouts) {
  for (int round = 0; round < 3; ++round) {
    const TimeRange range = round == 0 ? TimeRange() : RandomRange(random);
    const std::string expected = TagsOf(layouts.front(), range);
    for (const store::Sources& layout : layouts) ASSERT_EQ(TagsOf(layout, range), expected);
  }
}

void ExpectSameTraces(const Layouts& layouts) {
  for (uint8_t id = 1; id < 14; ++id) {
    model::TraceId trace_id;
    trace_id.bytes.back() = id;
    if (id % 2 == 0) trace_id.bytes.front() = 0x80;
    const std::string expected = TraceTextOf(layouts.front(), trace_id);
    for (const store::Sources& layout : layouts) {
      ASSERT_TRUE(TraceTextOf(layout, trace_id) == expected) << trace_id.ToHex();
    }
  }
}

TEST_F(LayoutTest, ChangesNoAnswer) {
  for (uint64_t seed = 0; seed < base::TestRounds(10, 250); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const Bodies bodies(seed, 3 + seed % 20);
    const Layouts layouts = {
        Lay(random, bodies, 1, 0), Lay(random, bodies, 1, 100), Lay(random, bodies, 4, 0),
        Compact(random, Lay(random, bodies, 4, 100)), Compact(random, Lay(random, bodies, 6, 70))};
    ExpectSameSearches(random, layouts);
    ExpectSameTags(random, layouts);
    ExpectSameTraces(layouts);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace clew::query
