// SPDX-License-Identifier: Apache-2.0
// Columns tell which traces may match; each of these is brought together whole, and the
// pipeline is evaluated over it.
#include "query/traceql_search.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "query/condition_filter.h"
#include "query/eval/pipeline.h"
#include "query/plan/search_plan.h"
#include "query/trace_order.h"
#include "query/trace_ranking.h"
#include "query/trace_reader.h"

namespace clew::query {
namespace {

// What a trace costs that sort() or limit() will decide of, beside what is said of it.
constexpr uint64_t kBytesOfNoted = 192;

class PipelineJudge final : public TraceJudge {
 public:
  PipelineJudge(const store::Sources& sources, const SearchPlan& plan, Regexes& regexes,
                std::stop_token cancelled, LeftOut* left_out)
      : request_(plan.request),
        plan_(plan),
        reader_(sources, plan.request.range, regexes, std::move(cancelled), left_out),
        order_(plan.request.pipeline) {
    reader_.AskOnly(MentionedKeys(plan.request.pipeline));
  }

  base::Result<bool> MayAccept(const model::TraceId& trace_id, const TracePlace& place) override {
    spansets_.clear();
    const std::optional<TraceReader::Trace> read = TRY(reader_.Read(trace_id, place));
    if (!read) return false;
    PipelineOutcome outcome =
        TRY(PipelineEvaluator(read->fields).Evaluate(request_.pipeline, read->view));
    for (const Spanset& spanset : outcome.spansets) {
      spansets_.push_back(TRY(AnswerOf(spanset, *read)));
    }
    if (plan_.enough) return !outcome.spansets.empty();
    if (!order_.Note(trace_id, std::move(outcome))) return false;
    TRY(MemoryBudget::Charge(request_.memory, kBytesOfNoted,
                             "sort() and limit() keep every trace that comes to them; narrow the "
                             "filter or the time range"));
    return true;
  }

  base::Result<bool> Accepts(TraceSummary& trace) override {
    if (request_.min_duration_ns && trace.duration_ns < *request_.min_duration_ns) return false;
    if (request_.max_duration_ns && trace.duration_ns > *request_.max_duration_ns) return false;
    trace.spansets = std::move(spansets_);
    return true;
  }

  // Of the traces that were accepted, those of the answer, in its order.
  void Arrange(std::vector<TraceSummary>& traces) {
    if (!plan_.enough) order_.Arrange(traces);
    if (traces.size() > request_.limit) traces.resize(request_.limit);
  }

 private:
  base::Result<SpansetAnswer> AnswerOf(const Spanset& spanset,
                                       const TraceReader::Trace& trace) const {
    SpansetAnswer answer{.matched = static_cast<uint32_t>(spanset.spans.size()),
                         .attributes = spanset.attributes};
    const size_t wanted =
        request_.spans_per_spanset == 0 ? spanset.spans.size() : request_.spans_per_spanset;
    for (size_t i = 0; i < std::min(wanted, spanset.spans.size()); ++i) {
      answer.spans.push_back(TRY(AnswerOf(spanset.spans[i], trace)));
    }
    return answer;
  }

  base::Result<SpanAnswer> AnswerOf(uint32_t span, const TraceReader::Trace& trace) const {
    const ViewedSpan& viewed = trace.view.span(span);
    const SpanAt at = SpanAt::Of(trace.view, span, trace.fields.texts());
    SpanAnswer answer{.span_id = viewed.span_id,
                      .start_unix_nano = viewed.start_unix_nano,
                      .duration_ns = viewed.end_unix_nano - viewed.start_unix_nano};
    const Value name = TRY(trace.fields.Get(name_))->Evaluate(at);
    answer.name = std::get<std::string_view>(name.scalar);
    for (const MentionedField& field : plan_.mentioned) {
      const bool known = std::ranges::any_of(
          answer.attributes, [&](const AnswerAttribute& one) { return one.key == field.key; });
      if (known) continue;
      const Value value = TRY(trace.fields.Get(*field.expr))->Evaluate(at);
      if (!value.is_nil()) answer.attributes.push_back(AttributeOf(field.key, value));
    }
    return answer;
  }

  const TraceqlRequest& request_;
  const SearchPlan& plan_;
  TraceReader reader_;
  const traceql::FieldExpr name_{.node = traceql::Intrinsic::kName};
  TraceOrder order_;
  std::vector<SpansetAnswer> spansets_;  // of the trace in hand
};

}  // namespace

base::Result<SearchResult> Search(const store::Sources& sources, const TraceqlRequest& request,
                                  std::stop_token cancelled, LeftOut* left_out) {
  TRY(CheckSpansetOperators(request.pipeline));
  Regexes regexes;
  const SearchPlan plan = PlanSearch(request, regexes);
  const ConditionFilter filter(plan.condition);
  PipelineJudge judge(sources, plan, regexes, cancelled, left_out);
  // Where a sort() decides, nothing is settled before the end.
  const RankingRequest ranking{.filter = filter,
                               .range = request.range,
                               .limit = plan.enough.value_or(std::numeric_limits<uint32_t>::max()),
                               .listener = plan.enough ? request.listener : nullptr,
                               .memory = request.memory};
  SearchResult result = TRY(RankTraces(sources, ranking, judge, std::move(cancelled), left_out));
  judge.Arrange(result.traces);
  return result;
}

}  // namespace clew::query
