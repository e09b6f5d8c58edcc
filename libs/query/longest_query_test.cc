// SPDX-License-Identifier: Apache-2.0
// Queries as long as they may be are run, over a memtable and a block.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "query/layouts_fixture.h"
#include "query/metrics/metrics_query.h"
#include "query/test_spans.h"
#include "query/traceql_search.h"
#include "traceql/limits.h"
#include "traceql/parser.h"

using testing::ElementsAre;

namespace clew::query {
namespace {

// `before`, as many conditions as there is room for, and `after`: all bytes that there may be.
std::string LongestQuery(const std::string& before,
                         const std::function<std::string(int)>& condition,
                         const std::string& after) {
  std::string query = before;
  for (int i = 10'000;; ++i) {
    const std::string one = condition(i);
    if (query.size() + one.size() + after.size() > traceql::kMaxQueryBytes) break;
    query += one;
  }
  query.append(traceql::kMaxQueryBytes - query.size() - after.size(), ' ');
  return query + after;
}

std::string OrOtherNumber(int number) {
  return "|| .number=" + std::to_string(number);
}

class LongestQueries : public testing::Test {
 protected:
  LongestQueries() {
    const std::vector<TestSpan> spans = {{.trace = 1, .span = 1, .start = 100, .tag = "red"},
                                         {.trace = 1, .span = 2, .start = 101, .tag = "blue"},
                                         {.trace = 2, .span = 3, .start = 200}};
    std::vector<Layouts::Part> parts;
    parts.reserve(spans.size());
    for (const TestSpan& span : spans) {
      parts.emplace_back([span](model::SpanSink& sink) { Announce(span, sink); });
    }
    sources_.memtables.push_back(Layouts::Fill({parts[0], parts[2]}));
    sources_.blocks.push_back(layouts_.Flush(*Layouts::Fill({parts[1]})));
  }

  // The last bytes of the ids of the spans, the newest trace first.
  std::vector<int> Found(const std::string& text) {
    EXPECT_EQ(text.size(), traceql::kMaxQueryBytes);
    const traceql::Query query = traceql::Parse(text).value();
    const TraceqlRequest request{.pipeline = std::get<traceql::SpansetPipeline>(query.root)};
    std::vector<int> ids;
    const SearchResult result = Search(sources_, request).value();
    for (const TraceSummary& trace : result.traces) {
      for (const SpanAnswer& span : trace.spansets.at(0).spans) {
        ids.push_back(span.span_id.bytes[7]);
      }
    }
    return ids;
  }

  Layouts layouts_;
  store::Sources sources_;
};

TEST_F(LongestQueries, FindWhatOneOfThousandsOfConditionsHoldsOf) {
  EXPECT_THAT(Found(LongestQuery("{ false ", OrOtherNumber, "|| .number = 2 }")), ElementsAre(2));
  EXPECT_THAT(Found(LongestQuery("{ .number = 3 ", OrOtherNumber, "|| .tag = \"red\" }")),
              ElementsAre(3, 1));
  EXPECT_THAT(Found(LongestQuery("{ false ", OrOtherNumber, "}")), ElementsAre());
}

TEST_F(LongestQueries, FindWhatThousandsOfConditionsHoldOf) {
  const auto and_not = [](int number) { return "&& .number!=" + std::to_string(number); };
  EXPECT_THAT(Found(LongestQuery("{ true ", and_not, "}")), ElementsAre(3, 1, 2));
  EXPECT_THAT(Found(LongestQuery("{ .number < 3 ", and_not, "&& .tag = \"blue\" }")),
              ElementsAre(2));
}

TEST_F(LongestQueries, AskForThousandsOfAttributes) {
  const auto or_attribute = [](int number) { return "|| .k" + std::to_string(number) + "=1 "; };
  EXPECT_THAT(Found(LongestQuery("{ .tag = \"blue\" ", or_attribute, "}")), ElementsAre(2));
}

TEST_F(LongestQueries, CountSpans) {
  const std::string text =
      LongestQuery("{ .number = 3 ", OrOtherNumber, "|| .number = 2 } | count_over_time()");
  const MetricsOptions options{
      .start_unix_nano = 0, .end_unix_nano = 1000, .step_ns = 1000, .instant = true};
  const auto answer = RunMetrics(sources_, traceql::Parse(text).value(), options);
  ASSERT_EQ(answer.value().series.size(), 1u);
  EXPECT_THAT(answer.value().series[0].samples, ElementsAre(2));
}

TEST_F(LongestQueries, AreRefusedWithAByteMore) {
  const auto parsed = traceql::Parse(LongestQuery("{ false ", OrOtherNumber, "}") + " ");
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().Message(),
            "TraceQL expression exceeds the configured maximum size of 131072 bytes, reduce its "
            "size");
}

}  // namespace
}  // namespace clew::query
