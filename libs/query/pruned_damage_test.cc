// SPDX-License-Identifier: Apache-2.0
// Blocks of many small row groups and pages, of which a query reads few: what tells it so,
// Bloom filters, statistics, the page index, is as good a place for damage as the values.
// An answer is right, or its run names the file that is damaged and it only lacks something.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/test_effort.h"
#include "query/block_rows.h"
#include "query/layouts_fixture.h"
#include "query/pruned_answers_fixture.h"
#include "query/test_spans.h"
#include "query/trace_lookup.h"
#include "store/block_writer.h"
#include "store/random_spans_fixture.h"

namespace clew::query {
namespace {

using For = PrunedQuestion::For;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kSpansOfPart = 60;  // in row groups of twenty and pages of six
constexpr int kTracesOfPart = 20;

// Spans [60 part, 60 part + 60), three a trace; services, times and numbers rise, and each
// has a text of its own.
std::vector<Layouts::Part> PartsFrom(int part) {
  std::vector<Layouts::Part> parts;
  for (int i = part * kSpansOfPart; i < (part + 1) * kSpansOfPart; ++i) {
    const TestSpan span{.trace = static_cast<uint8_t>(1 + i / 3),
                        .span = static_cast<uint8_t>(1 + i),
                        .parent = static_cast<uint8_t>(i % 3 == 0 ? 0 : i - i % 3 + 1),
                        .start = 1000 + i * 10,
                        .end = 1000 + i * 10 + i * i,
                        .service = "service " + std::to_string(i / 25),
                        .name = "op",
                        .tag = "a text of span " + std::to_string(i) + " alone",
                        .error = i % 10 == 0};
    parts.push_back([span](model::SpanSink& sink) { Announce(span, sink); });
  }
  return parts;
}

const PrunedQuestion kQuestions[] = {
    {.asked = For::kTraces, .text = "{ resource.service.name = `service 2` }"},
    {.asked = For::kTraces, .text = "{ span.tag = `a text of span 17 alone` }"},
    {.asked = For::kTraces, .text = "{ span.tag = `a text of nobody` }"},
    {.asked = For::kTraces, .text = "{ duration > 20us }"},
    {.asked = For::kTraces, .text = "{ span.number = 71 }"},
    {.asked = For::kTraces,
     .text = "{ name = `op` }",
     .range = {.start_unix_nano = 1500, .end_unix_nano = 1900}},
    {.asked = For::kNumbers,
     .text = "{ resource.service.name = `service 2` } | count_over_time() by (name)",
     .range = {.start_unix_nano = 1000, .end_unix_nano = 3000}},
    {.asked = For::kNumbers,
     .text = "{ } | count_over_time() by (resource.service.name)",
     .range = {.start_unix_nano = 1200, .end_unix_nano = 2100}},
    {.asked = For::kNumbers,
     .text = "{ } | histogram_over_time(duration)",
     .range = {.start_unix_nano = 1000, .end_unix_nano = 3000},
     .step_ns = 2000},
    {.asked = For::kTagValues, .text = "tag"},
    {.asked = For::kTagValues,
     .text = "service.name",
     .range = {.start_unix_nano = 1500, .end_unix_nano = 1900}},
    {.asked = For::kUsualTimes, .text = "usual times"},
};

class PrunedDamageTest : public testing::Test {
 protected:
  PrunedDamageTest() {
    const auto first = layouts_.Flush(*Layouts::Fill(PartsFrom(0)));
    const auto second = layouts_.Flush(*Layouts::Fill(PartsFrom(1)));
    const auto third = layouts_.Flush(*Layouts::Fill(PartsFrom(2)));
    blocks_ = {first->description(), layouts_.Merge({second, third})->description()};
    const store::Sources sources = OpenAnew();
    for (const PrunedQuestion& question : kQuestions) {
      expected_.push_back(AnswerOf(question, sources).value());
      EXPECT_THAT(expected_.back().notes.reasons(), IsEmpty());
    }
    for (uint8_t trace = 1; trace <= 3 * kTracesOfPart; ++trace) {
      traces_.push_back(TraceTexts(sources, trace, nullptr));
    }
  }

  // As if nobody had read any of it.
  store::Sources OpenAnew() {
    store::Sources sources;
    for (const store::BlockDescription& block : blocks_) {
      sources.blocks.push_back(std::make_shared<const store::Block>(layouts_.objects(), block));
    }
    return sources;
  }

  static std::vector<std::string> TraceTexts(const store::Sources& sources, uint8_t trace,
                                             RunNotes* notes) {
    store::SpanTexts texts;
    const auto written = WriteTrace(sources, TraceOf(trace), texts, {}, notes);
    EXPECT_TRUE(written.ok()) << written.error().message;
    return texts.Sorted();
  }

  void Replace(const std::string& key, const std::string& bytes) {
    ASSERT_TRUE(layouts_.objects().Delete(key).ok());
    ASSERT_TRUE(layouts_.objects().Put(key, bytes).ok());
  }

  // The files of blocks, but that for people.
  std::vector<std::string> Files() {
    std::vector<std::string> keys = layouts_.objects().List("blocks/").value();
    std::erase_if(keys, [&](const std::string& key) {
      const bool served = std::ranges::any_of(blocks_, [&](const store::BlockDescription& block) {
        return key.starts_with(store::BlockPrefix(block.tenant, block.id));
      });
      return !served || key.ends_with("meta.json");
    });
    return keys;
  }

  // A file that is damaged is named where that makes a difference, and makes no other.
  void ExpectKnown(const std::string& file) {
    const store::Sources sources = OpenAnew();
    for (size_t i = 0; i < expected_.size(); ++i) {
      const auto answer = AnswerOf(kQuestions[i], sources);
      ASSERT_TRUE(answer.ok()) << kQuestions[i].text << ": " << answer.error().message;
      if (answer.value().text == expected_[i].text) continue;
      SCOPED_TRACE(kQuestions[i].text + ": " + answer.value().text);
      EXPECT_TRUE(std::ranges::includes(expected_[i].parts, answer.value().parts));
      ExpectNamed(answer.value().notes, file);
    }
    const auto trace = static_cast<uint8_t>(1 + random_() % (uint64_t{3} * kTracesOfPart));
    RunNotes notes;
    const std::vector<std::string> texts = TraceTexts(sources, trace, &notes);
    if (texts != traces_[trace - 1]) {
      EXPECT_THAT(texts, IsEmpty());
      ExpectNamed(notes, file);
    }
  }

  void ExpectNamed(const RunNotes& notes, const std::string& file) {
    ++noticed_;
    EXPECT_THAT(testing::PrintToString(notes.reasons()), HasSubstr(file));
  }

  // `count` places of a file, one half of them behind its pages, where it has any.
  std::vector<size_t> PlacesIn(const std::string& key, size_t size, size_t count) {
    std::vector<size_t> places;
    const size_t pages = key.ends_with("spans.parquet") ? PagesEnd(key) : 0;
    for (size_t i = 0; i < std::min(count, size); ++i) {
      const size_t from = i % 2 == 0 ? pages : 0;
      places.push_back(from + random_() % (size - from));
    }
    return places;
  }

  size_t PagesEnd(const std::string& key) {
    size_t end = 0;
    for (const auto& block : OpenAnew().blocks) {
      if (!key.starts_with(store::BlockPrefix("t", block->description().id))) continue;
      const auto spans = block->OpenSpans().value();
      for (size_t group = 0; group < spans.file().row_group_count(); ++group) {
        const auto of_columns = spans.file().PagesOf(group).value();
        for (const auto& of_column : of_columns) {
          for (const auto& page : of_column) end = std::max<size_t>(end, page.offset + page.size);
        }
      }
    }
    EXPECT_GT(end, 0U);
    return end;
  }

  std::mt19937_64 random_{17};
  Layouts layouts_;
  std::vector<store::BlockDescription> blocks_;
  std::vector<PrunedAnswer> expected_;
  std::vector<std::vector<std::string>> traces_;
  size_t noticed_ = 0;  // answers that lack something
};

// Or there would be nothing to damage.
TEST_F(PrunedDamageTest, AsksWhatPassesOverRowGroups) {
  for (size_t i = 0; i < 5; ++i) {
    SCOPED_TRACE(kQuestions[i].text);
    EXPECT_GE(expected_[i].notes.counters().row_groups_without, 4U);
  }
  for (const PrunedAnswer& answer : expected_) {
    EXPECT_EQ(answer.parts.empty(), &answer == &expected_[2]);
  }
  EXPECT_GE(expected_[5].notes.counters().row_groups_outside, 4U);
  size_t filters = 0;
  for (const auto& block : OpenAnew().blocks) {
    const auto spans = block->OpenSpans().value();
    for (size_t column = 0; column < spans.columns.size(); ++column) {
      filters += spans.file().chunk(0, column).has_bloom_filter ? 1 : 0;
    }
  }
  EXPECT_EQ(filters, 2 * 2U);  // of trace ids and services
}

// Columns that only the traces of an answer are asked for, of one row group after the other.
TEST_F(PrunedDamageTest, APageOfAnAnswerLeavesOutItsTraces) {
  const std::string key = store::BlockPrefix("t", blocks_.front().id) + "spans.parquet";
  const std::string good = layouts_.objects().GetAll(key).value();
  const store::Sources sources = OpenAnew();
  const auto spans = sources.blocks.front()->OpenSpans().value();
  for (const store::Intrinsic intrinsic : {store::Intrinsic::kName, store::Intrinsic::kSpanId}) {
    const size_t column = BlockRows::IndexOf(intrinsic);
    for (size_t group = 0; group < spans.file().row_group_count(); ++group) {
      const auto pages = spans.file().PagesOf(group).value();
      std::string damaged = good;
      for (const auto& page : pages[column]) {
        damaged[page.offset + page.size - 1] =
            static_cast<char>(~damaged[page.offset + page.size - 1]);
      }
      SCOPED_TRACE("column " + std::to_string(column) + " group " + std::to_string(group));
      Replace(key, damaged);
      ExpectKnown("spans.parquet");
    }
  }
  EXPECT_GT(noticed_, 10U);
}

TEST_F(PrunedDamageTest, EveryFlippedByteIsKnownOrHarmless) {
  for (const std::string& key : Files()) {
    const std::string good = layouts_.objects().GetAll(key).value();
    const std::string file = key.substr(key.rfind('/') + 1);
    for (const size_t at : PlacesIn(key, good.size(), base::TestRounds(40, 3000))) {
      std::string damaged = good;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << random_() % 8));
      SCOPED_TRACE(key + " byte " + std::to_string(at));
      Replace(key, damaged);
      ExpectKnown(file);
      if (HasFailure()) return;
    }
    Replace(key, good);
  }
  EXPECT_GT(noticed_, 50U);
}

}  // namespace
}  // namespace clew::query
