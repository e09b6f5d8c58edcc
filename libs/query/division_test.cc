// SPDX-License-Identifier: Apache-2.0
// Over random data, wherever the spans lie: a filter and its opposite select each span once
// between them, and so do a comparison, its opposite, and that there is nothing to compare.
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/test_effort.h"
#include "query/layouts_fixture.h"
#include "query/random_traceql_fixture.h"
#include "query/random_traces_fixture.h"
#include "query/reference_fixture.h"
#include "query/traceql_search.h"
#include "traceql/parser.h"
#include "traceql/print.h"
#include "traceql/validate.h"

namespace clew::query {
namespace {

// Trace, id and start of each; copies count.
using SelectedSpans = std::multiset<std::string>;

std::string Named(const model::TraceId& trace, const model::SpanId& span, int64_t start_ns) {
  return trace.ToHex() + " " + span.ToHex() + " " + std::to_string(start_ns);
}

SelectedSpans SpansOf(const std::vector<reference::Trace>& traces) {
  SelectedSpans spans;
  for (const reference::Trace& trace : traces) {
    for (const reference::Span& span : trace.spans) {
      spans.insert(Named(trace.trace_id, span.span_id, span.start_ns));
    }
  }
  return spans;
}

// What filters select, all together.
SelectedSpans SelectedBy(const store::Sources& sources, const std::vector<std::string>& filters) {
  SelectedSpans spans;
  for (const std::string& filter : filters) {
    const traceql::Query query = traceql::Parse("{ " + filter + " }").value();
    const TraceqlRequest request{.pipeline = std::get<traceql::SpansetPipeline>(query.root),
                                 .limit = 1000,
                                 .spans_per_spanset = 0};
    const SearchResult result = Search(sources, request).value();
    for (const TraceSummary& trace : result.traces) {
      for (const SpanAnswer& span : trace.spansets.at(0).spans) {
        spans.insert(Named(trace.trace_id, span.span_id, span.start_unix_nano));
      }
    }
  }
  return spans;
}

// The expression of the filter that a valid query begins with; empty without one.
std::string FirstFilterOf(const std::string& text) {
  const auto query = traceql::Parse(text);
  if (!query.ok() || !traceql::Validate(query.value()).ok()) return "";
  const auto* const pipeline = std::get_if<traceql::SpansetPipeline>(&query.value().root);
  if (pipeline == nullptr) return "";
  const auto* const spansets = std::get_if<traceql::SpansetExpr>(&pipeline->stages[0].node);
  const auto* const filter =
      spansets == nullptr ? nullptr : std::get_if<traceql::SpansetFilter>(&spansets->node);
  return filter != nullptr && filter->expr ? traceql::Print(*filter->expr) : "";
}

// All spans: those of which a field compares so, those of which it has another value, and the rest.
std::vector<std::string> Parts(const std::string& field, const std::string& comparison) {
  const std::string holds = field + " " + comparison;
  return {holds, field + " != nil && !(" + holds + ")", field + " = nil"};
}

// Random traces, and sources that they lie in.
struct LaidTraces {
  explicit LaidTraces(uint64_t seed)
      : random(seed),
        traces(RandomTraces(seed, 15)),
        sources(layouts.Lay(random, PartsOf(traces), 3, 60)) {}

  std::mt19937_64 random;
  const std::vector<reference::Trace> traces;
  Layouts layouts{20, {512, 3, 12}};
  const store::Sources sources;
};

TEST(DividedSpans, AreThoseOfAFilterAndOfItsOpposite) {
  size_t filters = 0;
  const uint64_t seeds = base::TestRounds(20, 1000);
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    const LaidTraces laid(seed);
    const SelectedSpans all = SpansOf(laid.traces);
    RandomTraceql texts(seed);
    for (int i = 0; i < 50; ++i) {
      const std::string filter = FirstFilterOf(texts.Search());
      if (filter.empty()) continue;
      ++filters;
      // What is missing, and not a boolean, is as good as false here.
      const std::string plain = "(" + filter + ") && true";
      ASSERT_EQ(SelectedBy(laid.sources, {filter}), SelectedBy(laid.sources, {plain}))
          << "seed " << seed << ": " << filter;
      ASSERT_EQ(SelectedBy(laid.sources, {filter, "!(" + plain + ")"}), all)
          << "seed " << seed << ": " << filter;
    }
  }
  EXPECT_GT(filters, seeds * 10);
}

TEST(DividedSpans, AreThoseOfAComparisonOfItsOppositeAndOfWhatIsAbsent) {
  const std::vector<std::string> fields = {".a",         "span.b",
                                           "resource.a", "event.a",
                                           "link.a",     "instrumentation.b",
                                           ".none",      "span.\"http.code\"",
                                           "parent.a"};
  const std::vector<std::string> comparisons = {"= 1",        "!= 2",     "> 0.5",  "<= 1",
                                                "=~ \"x.*\"", "!~ \"y\"", "= true", "!= \"\""};
  for (uint64_t seed = 1; seed <= base::TestRounds(6, 500); ++seed) {
    const LaidTraces laid(seed);
    const SelectedSpans all = SpansOf(laid.traces);
    for (const std::string& field : fields) {
      for (const std::string& comparison : comparisons) {
        ASSERT_EQ(SelectedBy(laid.sources, Parts(field, comparison)), all)
            << "seed " << seed << ": " << field << " " << comparison;
      }
    }
  }
}

}  // namespace
}  // namespace clew::query
