// SPDX-License-Identifier: Apache-2.0
#include "query/engine_comparison_fixture.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <utility>
#include <variant>

#include "query/metrics/metrics_query.h"
#include "query/random_traces_fixture.h"
#include "query/reference_fixture.h"
#include "query/traceql_search.h"
#include "reference/text_answer.h"
#include "traceql/parser.h"
#include "traceql/validate.h"

namespace clew::query {
namespace {

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

EngineComparison::Outcome OutcomeOf(const Lines& lines, const Lines& wanted,
                                    const std::string& question) {
  EngineComparison::Outcome outcome{.found_something = wanted.front() != "nothing",
                                    .difference = DifferenceOf(lines, wanted)};
  if (!outcome.difference.empty()) outcome.difference += "\n" + question;
  return outcome;
}

// Enough columns for all attributes, for next to none, or for the frequent ones.
std::vector<size_t> RandomColumnLimits(std::mt19937_64& random) {
  constexpr std::array<size_t, 3> kLimits = {512, 3, 12};
  std::vector<size_t> limits(7);
  for (size_t& limit : limits) limit = kLimits[random() % kLimits.size()];
  return limits;
}

}  // namespace

EngineComparison::EngineComparison(uint64_t seed)
    : random_(seed),
      traces_(RandomTraces(seed, 1 + random_() % 20)),
      parts_(PartsOf(traces_)),
      layouts_(20, RandomColumnLimits(random_)) {
  sources_ = {layouts_.Lay(random_, parts_, 1, 0), layouts_.Lay(random_, parts_, 1, 100),
              layouts_.Lay(random_, parts_, 2, 50),
              layouts_.Compact(random_, layouts_.Lay(random_, parts_, 6, 80)),
              layouts_.Lay(random_, parts_, 10, 80)};
}

std::optional<EngineComparison::Outcome> EngineComparison::OverSome(
    std::optional<Outcome> (EngineComparison::*ask)(const std::string&, const store::Sources&),
    const std::string& text) {
  const size_t layout = random_() % sources_.size();
  std::optional<Outcome> outcome = (this->*ask)(text, sources_[layout]);
  if (outcome && !outcome->difference.empty()) {
    outcome->difference += "\nlayout " + std::to_string(layout);
  }
  return outcome;
}

std::optional<EngineComparison::Outcome> EngineComparison::Search(const std::string& text) {
  return OverSome(&EngineComparison::Search, text);
}

std::optional<EngineComparison::Outcome> EngineComparison::Metrics(const std::string& text) {
  return OverSome(&EngineComparison::Metrics, text);
}

std::optional<EngineComparison::Outcome> EngineComparison::Search(const std::string& text,
                                                                  const store::Sources& sources) {
  const auto query = ValidQuery(text);
  if (!query || !std::holds_alternative<traceql::SpansetPipeline>(query->root)) return std::nullopt;
  reference::SearchOptions options{.limit = 1 + random_() % 20, .spans_per_spanset = random_() % 4};
  if (random_() % 5 == 0) options.start_ns = RandomTime();
  if (random_() % 5 == 0) options.end_ns = RandomTime();
  const auto expected = reference::EvaluateSearch(*query, traces_, options);
  const TraceqlRequest request{
      .pipeline = std::get<traceql::SpansetPipeline>(query->root),
      .range = {options.start_ns, options.end_ns},
      .limit = static_cast<uint32_t>(options.limit),
      .spans_per_spanset = static_cast<uint32_t>(options.spans_per_spanset)};
  const auto answer = query::Search(sources, request);
  const Lines wanted =
      expected.ok() ? WholeLines(expected.value()) : Lines{expected.error().message};
  const Lines lines =
      answer.ok() ? WholeLines(AsReference(answer.value())) : Lines{answer.error().message};
  return OutcomeOf(lines, wanted,
                   text + "\nlimit " + std::to_string(options.limit) + " from " +
                       std::to_string(options.start_ns.value_or(-1)) + " to " +
                       std::to_string(options.end_ns.value_or(-1)));
}

std::optional<EngineComparison::Outcome> EngineComparison::Metrics(const std::string& text,
                                                                   const store::Sources& sources) {
  auto query = ValidQuery(text);
  if (!query || !std::holds_alternative<traceql::MetricsExpr>(query->root)) return std::nullopt;
  MetricsOptions options{.start_unix_nano = RandomTime(),
                         .step_ns = static_cast<int64_t>(1 + random_() % 6) * kSecond / 2,
                         .instant = random_() % 5 == 0,
                         .exemplars = random_() % 2 * 5,
                         .threads = random_() % 2 == 0 ? nullptr : &threads_};
  // Which of the copies of a span is shown is a matter of an order that nobody sees.
  if (HasCopies(traces_)) {
    options.exemplars = 0;
    query->hints.clear();
  }
  options.end_unix_nano =
      options.start_unix_nano + static_cast<int64_t>(1 + random_() % 40) * kSecond / 2;
  const auto expected = reference::EvaluateMetrics(*query, traces_,
                                                   {.start_ns = options.start_unix_nano,
                                                    .end_ns = options.end_unix_nano,
                                                    .step_ns = options.step_ns,
                                                    .instant = options.instant,
                                                    .exemplars = options.exemplars});
  const auto answer = RunMetrics(sources, *query, options);
  const Lines wanted =
      expected.ok() ? reference::LinesOf(expected.value()) : Lines{expected.error().message};
  const Lines lines =
      answer.ok() ? reference::LinesOf(AsReference(answer.value())) : Lines{answer.error().message};
  return OutcomeOf(lines, wanted,
                   text + "\nstep " + std::to_string(options.step_ns) + " from " +
                       std::to_string(options.start_unix_nano));
}

int64_t EngineComparison::RandomTime() {
  return reference::kTextStartNs + static_cast<int64_t>(random_() % 120) * kSecond / 10;
}

}  // namespace clew::query
