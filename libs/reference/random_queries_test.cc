// SPDX-License-Identifier: Apache-2.0
// What holds for every query, tried on random ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "base/test_effort.h"
#include "reference/metrics.h"
#include "reference/search.h"
#include "reference/text_answer.h"
#include "reference/text_file.h"
#include "traceql/parser.h"
#include "traceql/print.h"
#include "traceql/random_query_fixture.h"
#include "traceql/validate.h"

namespace clew::reference {
namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view kSpans = R"(
trace 1 @500ms
  a 100ms kind=server .foo=1 .http.status_code=200 resource.service.name="shop"
    b @10ms 50ms kind=client status=error .foo="x" .http.status_code=500
      event "exception" @5ms event.foo=2
    c @20ms 20ms .foo=[1, 2] ."1e5"=2.5 ."5xx.y"=true
  d parent="99" .foo=true
trace 2 @1500ms
  e 1s .foo=nan resource.foo=3
    f @1ms 2ms .foo=-7 resource.service.name="queue"
      g @2ms 1ms .foo=9223372036854775807
trace 3 @1400ms
  h 5ms .http.status_code="200"
    link "1" "2" link.foo=1
)";

Lines Answer(const traceql::Query& query, const TextSpans& spans) {
  if (std::holds_alternative<traceql::MetricsExpr>(query.root)) {
    constexpr int64_t kSecond = 1'000'000'000;
    const auto answer = EvaluateMetrics(query, spans.traces,
                                        {.start_ns = kTextStartNs + kSecond,
                                         .end_ns = kTextStartNs + 3 * kSecond,
                                         .step_ns = kSecond});
    return answer.ok() ? LinesOf(answer.value()) : Lines{answer.error().message};
  }
  const auto found = EvaluateSearch(query, spans.traces, {.spans_per_spanset = 0});
  return found.ok() ? LinesOf(found.value(), spans, {.show_attributes = true})
                    : Lines{found.error().message};
}

TextSpans Shuffled(TextSpans spans, std::mt19937_64& random) {
  std::ranges::shuffle(spans.traces, random);
  for (Trace& trace : spans.traces) std::ranges::shuffle(trace.spans, random);
  return spans;
}

traceql::Query Parsed(const std::string& text) {
  return std::move(traceql::Parse(text)).value();
}

TEST(RandomQueries, AreAnsweredTheSameWhateverTheOrderOfSpans) {
  const TextSpans spans = std::move(ParseTextFile(kSpans)).value().spans;
  std::mt19937_64 random(1);
  traceql::RandomQuery queries(1);
  for (uint64_t i = base::TestRounds(20'000, 500'000); i > 0; --i) {
    const traceql::Query query = queries.Next();
    if (!traceql::Validate(query).ok()) continue;
    ASSERT_EQ(Answer(query, spans), Answer(query, Shuffled(spans, random)))
        << traceql::Print(query);
  }
}

// The expression of the filter that a valid query begins with, as text; empty without one.
std::string FirstFilterOf(const traceql::Query& query) {
  const auto* const pipeline = std::get_if<traceql::SpansetPipeline>(&query.root);
  if (pipeline == nullptr || !traceql::Validate(query).ok()) return "";
  const auto* const expr = std::get_if<traceql::SpansetExpr>(&pipeline->stages[0].node);
  const auto* const filter = expr ? std::get_if<traceql::SpansetFilter>(&expr->node) : nullptr;
  return filter && filter->expr ? traceql::Print(*filter->expr) : "";
}

// A boolean that is missing is as good as false beside &&.
std::string Filter(const std::string& expr) {
  return "{ (" + expr + ") && true }";
}

std::string Negation(const std::string& expr) {
  return "{ !((" + expr + ") && true) }";
}

Lines SpansOf(const std::string& query, const TextSpans& spans) {
  const auto found = EvaluateSearch(Parsed(query), spans.traces, {.spans_per_spanset = 0});
  return LinesOf(found.value(), spans, {});
}

// { p } and { !(p) } are all spans, and no span is in both.
TEST(RandomQueries, DivideSpansWithTheirNegation) {
  const TextSpans spans = std::move(ParseTextFile(kSpans)).value().spans;
  const Lines all = {"2: e f g", "3: h", "1: a d b c"};
  traceql::RandomQuery queries(2);
  for (uint64_t i = base::TestRounds(20'000, 500'000); i > 0; --i) {
    const std::string expr = FirstFilterOf(queries.Next());
    if (expr.empty()) continue;
    EXPECT_EQ(SpansOf("{ " + expr + " }", spans), SpansOf(Filter(expr), spans)) << expr;
    EXPECT_EQ(SpansOf(Filter(expr) + " || " + Negation(expr), spans), all) << expr;
    EXPECT_EQ(SpansOf(Filter(expr) + " | " + Negation(expr), spans), Lines{"nothing"}) << expr;
  }
}

}  // namespace
}  // namespace clew::reference
