// SPDX-License-Identifier: Apache-2.0
// A block is measured by codes where that is cheap, and span by span elsewhere; memtables always
// are. All say the same.
#include "query/metrics/coded_measure.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "query/layouts_fixture.h"
#include "query/metrics/metrics_query.h"
#include "query/test_spans.h"
#include "traceql/parser.h"

namespace clew::query {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

// A trace that lasts for so long, and short ones beside it, each span with a name of its own.
std::vector<TestSpan> LongAndShortTraces(int64_t seconds) {
  std::vector<TestSpan> spans;
  for (uint8_t i = 0; i < 40; ++i) {
    const bool in_long = i % 8 == 0;  // so few that a page has them all
    const int64_t start = in_long ? i * (seconds / 40) * kSecond : i * kSecond;
    spans.push_back({.trace = static_cast<uint8_t>(in_long ? 1 : 2 + i),
                     .span = static_cast<uint8_t>(i + 1),
                     .start = start + kSecond,
                     .end = start + kSecond + (i + int64_t{1}) * 1000,
                     .name = "an operation with a long name, number " + std::to_string(i % 10)});
  }
  return spans;
}

std::string TextOf(const store::Sources& sources, const std::string& query, int64_t seconds) {
  const auto parsed = traceql::Parse(query);
  EXPECT_TRUE(parsed.ok());
  const MetricsOptions options{
      .start_unix_nano = 0, .end_unix_nano = seconds * kSecond, .step_ns = kSecond};
  const auto answer = RunMetrics(sources, parsed.value(), options, {}, nullptr);
  EXPECT_TRUE(answer.ok());
  std::string text;
  for (const Series& series : answer.value().series) {
    text += LabelText(series.labels);
    for (size_t i = 0; i < series.samples.size(); ++i) {
      if (std::isnan(series.samples[i]) || series.samples[i] == 0) continue;
      text += " " + std::to_string(i) + ":" + std::to_string(series.samples[i]);
    }
    for (const Exemplar& exemplar : series.exemplars) text += " " + exemplar.trace_id.ToHex();
    text += "\n";
  }
  return text;
}

TEST(CodedMeasure, SaysOfBlocksWhatMemtablesSay) {
  for (const int64_t seconds : {100, 9900}) {
    store::Memtable memtable;
    Fill(memtable, LongAndShortTraces(seconds));
    Layouts layouts;
    store::Sources blocks;
    blocks.blocks = {layouts.Flush(memtable)};
    for (const std::string query :
         {"{ } | rate() by (name)", "{ } | count_over_time()",
          "{ kind = unspecified } | quantile_over_time(duration, .5, .9) by (name)",
          "{ } | histogram_over_time(duration)", "{ .number > 3 } | sum_over_time(duration)",
          "{ } | max_over_time(duration) by (resource.service.name, name)"}) {
      const std::string expected = TextOf(SourcesOf(memtable), query, seconds);
      EXPECT_GT(expected.size(), 20u) << query;
      EXPECT_EQ(TextOf(blocks, query, seconds), expected) << query << " " << seconds;
    }
  }
}

}  // namespace
}  // namespace clew::query
