// SPDX-License-Identifier: Apache-2.0
// Every source is asked for traces with a matching span. Those are looked at newest
// first, each joined over all sources, tested as a whole and ranked; a part of a trace
// that lies elsewhere can only make it start earlier, so the search is over when the
// last of enough results is newer than all that may still come.
#include "query/trace_ranking.h"

#include <algorithm>
#include <memory>
#include <queue>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "query/cancellation.h"
#include "query/source_search.h"
#include "query/trace_summary.h"

namespace clew::query {
namespace {

bool IsNewer(const TraceSummary& a, const TraceSummary& b) {
  return std::tie(a.start_unix_nano, a.trace_id) > std::tie(b.start_unix_nano, b.trace_id);
}

constexpr std::string_view kAdvice =
    "very many traces are looked at or asked for; narrow the filter or the time range, or ask for "
    "fewer with limit";

// Of a trace in the heap of candidates, and in the set of those that were looked at.
constexpr uint64_t kBytesOfCandidate = 2 * sizeof(Candidate);
constexpr uint64_t kBytesOfSeen = 64;

uint64_t BytesOf(const std::vector<AnswerAttribute>& attributes) {
  constexpr uint64_t kBytesOfValue = 64;
  uint64_t bytes = attributes.size() * sizeof(AnswerAttribute);
  for (const AnswerAttribute& attribute : attributes) {
    bytes += attribute.key.size() + attribute.values.size() * kBytesOfValue;
  }
  return bytes;
}

uint64_t BytesOf(const TraceSummary& trace) {
  uint64_t bytes = sizeof(TraceSummary) + trace.root_service.size() + trace.root_name.size() +
                   trace.services.size() * sizeof(ServiceStats);
  for (const SpansetAnswer& spanset : trace.spansets) {
    bytes += sizeof(SpansetAnswer) + BytesOf(spanset.attributes);
    for (const SpanAnswer& span : spanset.spans) {
      bytes += sizeof(SpanAnswer) + span.name.size() + BytesOf(span.attributes);
    }
  }
  return bytes;
}

class Ranking {
 public:
  Ranking(const store::Sources& sources, const RankingRequest& request, TraceJudge& judge,
          std::stop_token cancelled, LeftOut* left_out)
      : request_(request), judge_(judge), cancellation_(std::move(cancelled)), left_out_(left_out) {
    for (const auto& memtable : sources.memtables)
      searches_.push_back(MakeSearch(*memtable, question_));
    for (const auto& block : sources.blocks) searches_.push_back(MakeSearch(*block, question_));
    source_count_ = searches_.size();
    if (counters_ != nullptr) counters_->memtables += sources.memtables.size();
  }

  base::Result<SearchResult> Run() {
    while (!cancellation_.cancelled()) {
      SourceSearch* const ahead = FurthestAhead();
      if (request_.listener != nullptr) TellOfSettled(ahead);
      const bool must_advance =
          ahead != nullptr && (candidates_.empty() || ahead->frontier() >= candidates_.top().bound);
      if (must_advance) {
        if (IsSettled(ahead->frontier())) break;
        TRY(Advance(*ahead));
      } else if (candidates_.empty() || IsSettled(candidates_.top().bound)) {
        break;
      } else {
        const Candidate next = candidates_.top();
        candidates_.pop();
        MemoryBudget::Release(request_.memory, kBytesOfCandidate);
        if (seen_.insert(next.trace_id).second) TRY(Consider(next));
      }
    }
    if (cancellation_.Look()) return QueryCancelled();
    for (const auto& search : searches_) result_.inspected_bytes += search->read_bytes();
    return std::move(result_);
  }

 private:
  // The source that may still give the newest trace; null when all are done.
  SourceSearch* FurthestAhead() const {
    SourceSearch* ahead = nullptr;
    for (const auto& search : searches_) {
      if (search->frontier() == SourceSearch::kDone) continue;
      if (ahead == nullptr || search->frontier() > ahead->frontier()) ahead = search.get();
    }
    return ahead;
  }

  // Nothing that starts at `bound` or before can be a result any more.
  bool IsSettled(int64_t bound) const {
    if (request_.limit == 0) return true;
    return result_.traces.size() == request_.limit && result_.traces.back().start_unix_nano > bound;
  }

  // Results that are newer than all that may still come keep their places.
  void TellOfSettled(const SourceSearch* ahead) {
    int64_t bound = ahead == nullptr ? SourceSearch::kDone : ahead->frontier();
    if (!candidates_.empty()) bound = std::max(bound, candidates_.top().bound);
    const std::vector<TraceSummary>& traces = result_.traces;
    while (told_ < traces.size() && traces[told_].start_unix_nano > bound) {
      request_.listener->OnTrace(traces[told_++]);
    }
  }

  void TellProgress() {
    const auto left = std::ranges::count_if(
        searches_, [](const auto& one) { return one->frontier() != SourceSearch::kDone; });
    request_.listener->OnProgress(source_count_ - static_cast<size_t>(left), source_count_);
  }

  base::Status Advance(SourceSearch& search) {
    std::vector<Candidate> more;
    const base::Status advanced = search.Advance(more);
    if (request_.listener != nullptr) TellProgress();
    if (!advanced.ok()) return LeaveOut(search, advanced);
    TRY(Charge(more.size() * kBytesOfCandidate));
    for (const Candidate& candidate : more) candidates_.push(candidate);
    return {};
  }

  base::Status Charge(uint64_t bytes) {
    return MemoryBudget::Charge(request_.memory, bytes, kAdvice);
  }

  // What it found so far is still looked at, over the other sources.
  base::Status LeaveOut(SourceSearch& search, const base::Status& reason) {
    TRY(LeftOut::Note(reason, left_out_));
    std::erase_if(searches_, [&](const auto& one) { return one.get() == &search; });
    return {};
  }

  base::Status Consider(const Candidate& candidate) {
    ++result_.inspected_traces;
    if (counters_ != nullptr) ++counters_->traces;
    TRY(Charge(kBytesOfSeen));
    const base::Result<bool> may = judge_.MayAccept(candidate.trace_id, candidate.place);
    if (!may.ok()) return LeftOut::Note(may.error(), left_out_);  // of the block it lies in
    if (!may.value()) return {};
    const model::TraceId& trace_id = candidate.trace_id;
    TraceSummaryBuilder builder;
    for (size_t i = 0; i < searches_.size();) {
      const base::Status added = searches_[i]->AddPart(trace_id, builder);
      if (added.ok()) {
        ++i;
      } else {
        TRY(LeaveOut(*searches_[i], added));
      }
    }
    if (cancellation_.cancelled() || builder.empty()) return {};
    TraceSummary summary = builder.Take(trace_id);
    if (!TRY(judge_.Accepts(summary))) return {};
    TRY(Charge(BytesOf(summary)));
    std::vector<TraceSummary>& traces = result_.traces;
    traces.insert(std::ranges::upper_bound(traces, summary, IsNewer), std::move(summary));
    if (traces.size() > request_.limit) {
      MemoryBudget::Release(request_.memory, BytesOf(traces.back()));
      traces.pop_back();
    }
    return {};
  }

  const RankingRequest& request_;
  TraceJudge& judge_;
  Cancellation cancellation_;
  LeftOut* const left_out_;
  RunCounters* const counters_ = RunNotes::CountersOf(left_out_);
  const SourceQuestion question_{request_.filter, request_.range, cancellation_, counters_};
  std::vector<std::unique_ptr<SourceSearch>> searches_;
  std::priority_queue<Candidate> candidates_;
  std::set<model::TraceId> seen_;
  SearchResult result_;
  size_t source_count_ = 0;
  size_t told_ = 0;  // of the results the listener knows so many
};

}  // namespace

base::Result<SearchResult> RankTraces(const store::Sources& sources, const RankingRequest& request,
                                      TraceJudge& judge, std::stop_token cancelled,
                                      LeftOut* left_out) {
  return Ranking(sources, request, judge, std::move(cancelled), left_out).Run();
}

}  // namespace clew::query
