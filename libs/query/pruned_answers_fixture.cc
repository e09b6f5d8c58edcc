// SPDX-License-Identifier: Apache-2.0
#include "query/pruned_answers_fixture.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <variant>

#include "base/check.h"
#include "query/answers_fixture.h"
#include "query/metrics/metrics_query.h"
#include "query/tags.h"
#include "query/traceql_search.h"
#include "store/block.h"
#include "traceql/parser.h"

namespace clew::query {
namespace {

traceql::Query ParsedQuery(const std::string& text) {
  auto query = traceql::Parse(text);
  CHECK(query.ok());
  return std::move(query).value();
}

base::Status FindTraces(const PrunedQuestion& question, const store::Sources& sources,
                        PrunedAnswer& answer) {
  const traceql::Query query = ParsedQuery(question.text);
  const TraceqlRequest request{.pipeline = std::get<traceql::SpansetPipeline>(query.root),
                               .range = question.range,
                               .limit = 1000,
                               .spans_per_spanset = 0};
  const SearchResult found = TRY(Search(sources, request, {}, &answer.notes));
  answer.text = TextOf(found);
  for (const TraceSummary& trace : found.traces) {
    for (const SpansetAnswer& spanset : trace.spansets) {
      for (const SpanAnswer& span : spanset.spans) {
        answer.parts.push_back(
            trace.trace_id.ToHex() + " " + span.span_id.ToHex() + " " + span.name.substr(0, 40) +
            " " + std::to_string(span.start_unix_nano) + " " + std::to_string(span.duration_ns));
      }
    }
  }
  return {};
}

base::Status CountNumbers(const PrunedQuestion& question, const store::Sources& sources,
                          PrunedAnswer& answer) {
  const MetricsOptions options{.start_unix_nano = *question.range.start_unix_nano,
                               .end_unix_nano = *question.range.end_unix_nano,
                               .step_ns = question.step_ns,
                               .exemplars = 0};
  const MetricsAnswer found =
      TRY(RunMetrics(sources, ParsedQuery(question.text), options, {}, &answer.notes));
  for (const Series& series : found.series) {
    for (size_t i = 0; i < series.samples.size(); ++i) {
      const std::string place =
          LabelText(series.labels) + " " + std::to_string(found.timestamps[i]) + " ";
      if (std::isnan(series.samples[i])) continue;
      answer.text += place + std::to_string(series.samples[i]) + "\n";
      for (int n = 1; n <= series.samples[i]; ++n)
        answer.parts.push_back(place + std::to_string(n));
    }
  }
  return {};
}

base::Status ListValues(const PrunedQuestion& question, const store::Sources& sources,
                        PrunedAnswer& answer) {
  for (const TagValue& value :
       TRY(ListTagValues(sources, {TagScope::kAny, question.text},
                         {.range = question.range, .notes = &answer.notes}))) {
    answer.parts.push_back(value.type + " " + value.value);
  }
  return {};
}

std::string TextOf(const ledger::TimeSketch& times) {
  std::string text =
      std::to_string(times.count()) + " of " + std::to_string(times.sum_nanos()) + " ns:";
  for (const ledger::TimeSketch::Bucket& bucket : times.buckets()) {
    text += " " + std::to_string(bucket.index) + "/" + std::to_string(bucket.count);
  }
  return text;
}

// Of each block by itself.
base::Status ReadUsual(const store::Block& block, PrunedAnswer& answer) {
  const std::optional<derive::UsualTimes> usual = TRY(block.ReadAllUsualTimes());
  if (!usual) return {};
  for (const auto& [root, times] : usual->operations()) {
    std::string part = root.service + " " + root.name + " " + TextOf(times.durations) + " from " +
                       std::to_string(times.first_start_unix_nano) + " to " +
                       std::to_string(times.last_start_unix_nano);
    for (const auto& [thing, of_thing] : times.things) {
      part += ", " + thing.service + " " + thing.operation + " " + thing.peer + " " +
              std::to_string(thing.kind) + " " + TextOf(of_thing);
    }
    answer.parts.push_back(std::move(part));
  }
  return {};
}

base::Status Ask(const PrunedQuestion& question, const store::Sources& sources,
                 PrunedAnswer& answer) {
  switch (question.asked) {
    case PrunedQuestion::For::kTraces:
      return FindTraces(question, sources, answer);
    case PrunedQuestion::For::kNumbers:
      return CountNumbers(question, sources, answer);
    case PrunedQuestion::For::kTagValues:
      return ListValues(question, sources, answer);
    case PrunedQuestion::For::kUsualTimes:
      break;
  }
  for (const auto& block : sources.blocks) {
    TRY(RunNotes::Note(ReadUsual(*block, answer), &answer.notes));
  }
  return {};
}

}  // namespace

base::Result<PrunedAnswer> AnswerOf(const PrunedQuestion& question, const store::Sources& sources) {
  PrunedAnswer answer;
  TRY(Ask(question, sources, answer));
  std::ranges::sort(answer.parts);
  for (const std::string& part : answer.parts) answer.text += part + "\n";
  return answer;
}

}  // namespace clew::query
