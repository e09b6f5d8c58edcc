// SPDX-License-Identifier: Apache-2.0
#include "query/memory_budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "query/layouts_fixture.h"
#include "query/metrics/metrics_query.h"
#include "query/tags.h"
#include "query/test_spans.h"
#include "query/traceql_search.h"
#include "traceql/parser.h"

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

namespace clew::query {
namespace {

constexpr uint8_t kSpans = 250;
constexpr uint64_t kLittle = 4096;  // too little for as many values, traces or series
constexpr uint64_t kPlenty = uint64_t{64} << 20;

TEST(MemoryBudget, RefusesWhatIsOverItAndSaysWhatToNarrow) {
  MemoryBudget budget(uint64_t{2} << 20);
  EXPECT_TRUE(MemoryBudget::Charge(&budget, uint64_t{2} << 20, "").ok());
  const base::Status over = MemoryBudget::Charge(&budget, 1, "ask for less");
  EXPECT_EQ(over.error().code, base::ErrorCode::kExhausted);
  EXPECT_EQ(over.error().message, "query needs more than its memory limit of 2 MiB: ask for less");
}

TEST(MemoryBudget, HasAgainWhatIsReleased) {
  MemoryBudget budget(100);
  EXPECT_TRUE(MemoryBudget::Charge(&budget, 100, "").ok());
  MemoryBudget::Release(&budget, 60);
  EXPECT_TRUE(MemoryBudget::Charge(&budget, 60, "").ok());
  EXPECT_EQ(budget.charged_bytes(), 100u);
}

TEST(MemoryBudget, WithoutOneAllIsWell) {
  EXPECT_TRUE(MemoryBudget::Charge(nullptr, UINT64_MAX, "").ok());
}

// Traces of one span, each with a tag of its own.
class BoundedQueries : public testing::TestWithParam<bool> {
 protected:
  BoundedQueries() {
    std::vector<Layouts::Part> parts;
    parts.reserve(kSpans);
    for (uint8_t i = 0; i < kSpans; ++i) {
      parts.emplace_back([i](model::SpanSink& sink) {
        Announce({.trace = static_cast<uint8_t>(i + 1), .tag = "value " + std::to_string(i)}, sink);
      });
    }
    const auto memtable = Layouts::Fill(parts);
    if (GetParam()) {
      sources_.blocks.push_back(layouts_.Flush(*memtable));
    } else {
      sources_.memtables.push_back(memtable);
    }
  }

  base::Status Metrics(const std::string& text, uint64_t limit_bytes) {
    MemoryBudget budget(limit_bytes);
    const auto answer =
        RunMetrics(sources_, traceql::Parse(text).value(),
                   {.start_unix_nano = 0, .end_unix_nano = 1000, .step_ns = 10, .memory = &budget});
    return answer.ok() ? base::Status() : answer.error();
  }
  base::Status Find(const std::string& text, uint64_t limit_bytes, uint32_t limit = 20) {
    MemoryBudget budget(limit_bytes);
    const traceql::Query query = traceql::Parse(text).value();
    const auto answer =
        Search(sources_, {.pipeline = std::get<traceql::SpansetPipeline>(query.root),
                          .limit = limit,
                          .memory = &budget});
    return answer.ok() ? base::Status() : answer.error();
  }
  static void ExpectOver(const base::Status& status, const std::string& advice) {
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, base::ErrorCode::kExhausted);
    EXPECT_THAT(status.error().message,
                AllOf(StartsWith("query needs more than its memory limit of "), HasSubstr(advice)));
  }

  Layouts layouts_;
  store::Sources sources_;
};

TEST_P(BoundedQueries, GroupsOfBy) {
  const std::string query = "{ } | rate() by (span.tag)";
  ExpectOver(Metrics(query, kLittle), "group by something with fewer values");
  EXPECT_TRUE(Metrics(query, kPlenty).ok());
}

TEST_P(BoundedQueries, ValuesOfCompare) {
  const std::string query = R"({ } | compare({ name = "x" }))";
  // The traces have room, their values do not.
  ExpectOver(Metrics(query, 10 * kLittle), "compare() meets very many");
  EXPECT_TRUE(Metrics(query, kPlenty).ok());
}

TEST_P(BoundedQueries, CandidatesOfMetricsOverTraces) {
  const std::string query = "{ } && { } | rate()";
  ExpectOver(Metrics(query, kLittle), "very many traces are candidates");
  EXPECT_TRUE(Metrics(query, kPlenty).ok());
}

TEST_P(BoundedQueries, TracesThatSortKeeps) {
  ExpectOver(Find("{ } | sort(duration)", kLittle), "narrow the filter");
  EXPECT_TRUE(Find("{ } | sort(duration)", kPlenty).ok());
}

TEST_P(BoundedQueries, TracesOfALargeAnswer) {
  ExpectOver(Find("{ }", kLittle, kSpans), "ask for fewer with limit");
  EXPECT_TRUE(Find("{ }", kPlenty, kSpans).ok());
}

TEST_P(BoundedQueries, ValuesOfATag) {
  MemoryBudget little(kLittle);
  const auto values = ListTagValues(sources_, {TagScope::kSpan, "tag"}, {.memory = &little});
  ExpectOver(values.ok() ? base::Status() : values.error(), "narrow them with q");
  EXPECT_EQ(ListTagValues(sources_, {TagScope::kSpan, "tag"}).value().size(), kSpans);
}

TEST_P(BoundedQueries, NarrowedValuesOfATag) {
  MemoryBudget little(kLittle);
  const auto values = ListNarrowedTagValues(
      sources_, {{TagScope::kSpan, "tag"}, {.node = traceql::Static(true)}}, {.memory = &little});
  ExpectOver(values.ok() ? base::Status() : values.error(), "narrow them with q");
}

INSTANTIATE_TEST_SUITE_P(Sources, BoundedQueries, testing::Bool(),
                         [](const auto& source) { return source.param ? "ABlock" : "AMemtable"; });

}  // namespace
}  // namespace clew::query
