// SPDX-License-Identifier: Apache-2.0
// Random queries over random traces: the engine gives the answers of the reference, wherever
// the spans lie.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/test_effort.h"
#include "query/layouts_fixture.h"
#include "query/metrics/metrics_query.h"
#include "query/random_traceql_fixture.h"
#include "query/random_traces_fixture.h"
#include "query/reference_fixture.h"
#include "query/traceql_search.h"
#include "reference/text_answer.h"
#include "traceql/parser.h"
#include "traceql/validate.h"

namespace clew::query {
namespace {

using Random = std::mt19937_64;
using Lines = std::vector<std::string>;

constexpr int64_t kSecond = 1'000'000'000;

// nullopt: it is no valid query.
std::optional<traceql::Query> ValidQuery(const std::string& text) {
  auto query = traceql::Parse(text);
  if (!query.ok() || !traceql::Validate(query.value()).ok()) return std::nullopt;
  return std::move(query).value();
}

// A span goes by its id and start, its letter being of no use here.
Lines WholeLines(const std::vector<reference::FoundTrace>& found) {
  reference::TextOptions all;
  all.show_attributes = all.show_summary = all.show_services = true;
  Lines lines = reference::LinesOf(found, {}, all);
  for (const reference::FoundTrace& trace : found) {
    for (const reference::FoundSpanset& spanset : trace.spansets) {
      std::string ids;
      for (const reference::FoundSpan& span : spanset.spans) {
        ids += span.span_id.ToHex() + "@" + std::to_string(span.start_ns) + "+" +
               std::to_string(span.duration_ns) + " ";
      }
      lines.push_back(ids);
    }
  }
  return lines;
}

bool HasCopies(const std::vector<reference::Trace>& traces) {
  std::set<std::tuple<model::TraceId, model::SpanId, int64_t>> seen;
  size_t spans = 0;
  for (const reference::Trace& trace : traces) {
    for (const reference::Span& span : trace.spans) {
      seen.emplace(trace.trace_id, span.span_id, span.start_ns);
      ++spans;
    }
  }
  return seen.size() < spans;
}

// What tells two answers apart, in a few lines; empty when they are the same.
std::string DifferenceOf(const Lines& lines, const Lines& wanted) {
  for (size_t i = 0; i < std::max(lines.size(), wanted.size()); ++i) {
    const std::string ours = i < lines.size() ? lines[i] : "nothing more";
    const std::string theirs = i < wanted.size() ? wanted[i] : "nothing more";
    if (ours == theirs) continue;
    std::string difference = "engine:    ";
    return difference.append(ours).append("\nreference: ").append(theirs);
  }
  return {};
}

class Differential {
 public:
  explicit Differential(uint64_t seed)
      : random_(seed),
        traces_(RandomTraces(seed, 1 + random_() % 20)),
        parts_(PartsOf(traces_)),
        queries_(seed) {
    sources_ = {layouts_.Lay(random_, parts_, 1, 0), layouts_.Lay(random_, parts_, 1, 100),
                layouts_.Lay(random_, parts_, 2, 50),
                layouts_.Compact(random_, layouts_.Lay(random_, parts_, 6, 80)),
                layouts_.Lay(random_, parts_, 10, 80)};
  }

  // The answer of the reference; nullopt when the query was not valid.
  std::optional<Lines> CompareSearch() {
    const std::string text = queries_.Search();
    const auto query = ValidQuery(text);
    if (!query) return std::nullopt;
    reference::SearchOptions options{.limit = 1 + random_() % 20,
                                     .spans_per_spanset = random_() % 4};
    if (random_() % 5 == 0) options.start_ns = RandomTime();
    if (random_() % 5 == 0) options.end_ns = RandomTime();
    const auto expected = reference::EvaluateSearch(*query, traces_, options);
    const TraceqlRequest request{
        .pipeline = std::get<traceql::SpansetPipeline>(query->root),
        .range = {options.start_ns, options.end_ns},
        .limit = static_cast<uint32_t>(options.limit),
        .spans_per_spanset = static_cast<uint32_t>(options.spans_per_spanset)};
    const size_t layout = random_() % sources_.size();
    const auto answer = Search(sources_[layout], request);
    Lines wanted = expected.ok() ? WholeLines(expected.value()) : Lines{expected.error().message};
    const Lines lines =
        answer.ok() ? WholeLines(AsReference(answer.value())) : Lines{answer.error().message};
    EXPECT_EQ(DifferenceOf(lines, wanted), "")
        << text << "\nlayout " << layout << " limit " << options.limit << " from "
        << options.start_ns.value_or(-1) << " to " << options.end_ns.value_or(-1);
    return wanted;
  }

  std::optional<Lines> CompareMetrics() {
    const std::string text = queries_.Metrics();
    const auto query = ValidQuery(text);
    if (!query) return std::nullopt;
    MetricsOptions options{.start_unix_nano = RandomTime(),
                           .step_ns = static_cast<int64_t>(1 + random_() % 6) * kSecond / 2,
                           .instant = random_() % 5 == 0,
                           .exemplars = random_() % 2 * 5};
    // Which of the copies of a span is shown is a matter of an order that nobody sees.
    if (HasCopies(traces_)) options.exemplars = 0;
    options.end_unix_nano =
        options.start_unix_nano + static_cast<int64_t>(1 + random_() % 40) * kSecond / 2;
    const auto expected = reference::EvaluateMetrics(*query, traces_,
                                                     {.start_ns = options.start_unix_nano,
                                                      .end_ns = options.end_unix_nano,
                                                      .step_ns = options.step_ns,
                                                      .instant = options.instant,
                                                      .exemplars = options.exemplars});
    const size_t layout = random_() % sources_.size();
    const auto answer = RunMetrics(sources_[layout], *query, options);
    Lines wanted =
        expected.ok() ? reference::LinesOf(expected.value()) : Lines{expected.error().message};
    const Lines lines = answer.ok() ? reference::LinesOf(AsReference(answer.value()))
                                    : Lines{answer.error().message};
    EXPECT_EQ(DifferenceOf(lines, wanted), "")
        << text << "\nlayout " << layout << " step " << options.step_ns << " from "
        << options.start_unix_nano;
    return wanted;
  }

  const RandomTraceql& queries() const { return queries_; }

 private:
  int64_t RandomTime() {
    return reference::kTextStartNs + static_cast<int64_t>(random_() % 120) * kSecond / 10;
  }

  Random random_;
  const std::vector<reference::Trace> traces_;
  const std::vector<Layouts::Part> parts_;
  RandomTraceql queries_;
  Layouts layouts_;
  std::vector<store::Sources> sources_;
};

// CLEW_SEED starts at another seed, to look into a failure or to go on from there.
uint64_t FirstSeed() {
  const char* const text = std::getenv("CLEW_SEED");
  return text == nullptr ? 1 : std::strtoull(text, nullptr, 10);
}

TEST(Differential, TheEngineAnswersAsTheReference) {
  constexpr int kQueriesOfSeed = 200;
  uint64_t queries = 0;
  uint64_t found_something = 0;
  std::map<std::string, uint64_t> used;
  const uint64_t first = FirstSeed();
  for (uint64_t seed = first; seed < first + base::TestRounds(620, 6200); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Differential one(seed);
    for (int i = 0; i < kQueriesOfSeed; ++i) {
      const auto answer = i % 3 == 0 ? one.CompareMetrics() : one.CompareSearch();
      if (!answer) continue;
      ++queries;
      if (answer->front() != "nothing") ++found_something;
      if (testing::Test::HasFailure()) return;
    }
    for (const auto& [word, count] : one.queries().used()) used[word] += count;
  }
  std::cout << queries << " queries, of which " << found_something * 100 / queries
            << " % found something;";
  for (const auto& [word, count] : used) std::cout << "  " << word << " " << count;
  std::cout << "\n";
  EXPECT_GT(found_something * 10, queries * 6);
}

}  // namespace
}  // namespace clew::query
