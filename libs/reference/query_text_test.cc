// SPDX-License-Identifier: Apache-2.0
// Runs tests/query/*.test. Every case is a test of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reference/metrics.h"
#include "reference/search.h"
#include "reference/text_answer.h"
#include "reference/text_cases.h"
#include "reference/text_file.h"
#include "traceql/parser.h"
#include "traceql/validate.h"

namespace clew::reference {
namespace {

using Lines = std::vector<std::string>;

SearchOptions SearchOptionsOf(const TextOptions& options) {
  SearchOptions search{.limit = options.limit, .spans_per_spanset = options.spss};
  if (options.from_ns) search.start_ns = kTextStartNs + *options.from_ns;
  if (options.to_ns) search.end_ns = kTextStartNs + *options.to_ns;
  if (options.horizon_ns) search.horizon_ns = *options.horizon_ns;
  return search;
}

MetricsOptions MetricsOptionsOf(const TextOptions& options) {
  constexpr int64_t kSecond = 1'000'000'000;
  MetricsOptions metrics{.start_ns = kTextStartNs + options.from_ns.value_or(0),
                         .end_ns = kTextStartNs + options.to_ns.value_or(kSecond),
                         .step_ns = options.step_ns.value_or(kSecond),
                         .instant = options.instant,
                         .exemplars = options.exemplars};
  if (options.horizon_ns) metrics.horizon_ns = *options.horizon_ns;
  return metrics;
}

Lines Answer(const traceql::Query& query, const TextSpans& spans, const TextOptions& options) {
  if (std::holds_alternative<traceql::MetricsExpr>(query.root)) {
    const auto answer = EvaluateMetrics(query, spans.traces, MetricsOptionsOf(options));
    return answer.ok() ? LinesOf(answer.value()) : Lines{"error: " + answer.error().message};
  }
  const auto found = EvaluateSearch(query, spans.traces, SearchOptionsOf(options));
  return found.ok() ? LinesOf(found.value(), spans, options)
                    : Lines{"error: " + found.error().message};
}

Lines LinesFor(const TextCase& one, const TextSpans& spans) {
  const auto query = traceql::Parse(one.query);
  if (!query.ok()) return {"error: " + query.error().Message()};
  const traceql::ValidationStatus valid = traceql::Validate(query.value());
  if (!valid.ok()) return {"error: " + valid.error().message};
  return Answer(query.value(), spans, one.options);
}

std::string NameOf(const testing::TestParamInfo<CaseInFile>& info) {
  return info.param.Name();
}

class QueryText : public testing::TestWithParam<CaseInFile> {};

TEST_P(QueryText, IsAnsweredAsExpected) {
  ASSERT_EQ(GetParam().broken, "");
  const TextCase& one = GetParam().text_case();
  Lines lines = LinesFor(one, GetParam().content->spans);
  // Of an error the beginning is enough.
  const std::string& expected = one.expected.front();
  if (expected.starts_with("error: ")) lines.front().resize(expected.size());
  EXPECT_EQ(lines, one.expected) << "tests/query/" << testing::PrintToString(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Tests, QueryText, testing::ValuesIn(CasesIn(CLEW_QUERY_TESTS)), NameOf);

}  // namespace
}  // namespace clew::reference
