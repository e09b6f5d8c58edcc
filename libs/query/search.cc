// SPDX-License-Identifier: Apache-2.0
// First the spans: predicates narrow the rows. Then the traces of those rows:
// each is summed up over its spans near the range, tested as a whole and ranked.
#include "query/search.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "query/cancellation.h"
#include "query/tag_match.h"

namespace clew::query {
namespace {

bool IsOfTrace(const TagPredicate& predicate) {
  return predicate.key == "root.name" || predicate.key == "root.service.name";
}

class TagSearch {
 public:
  TagSearch(const store::Memtable& memtable, const SearchRequest& request,
            std::stop_token cancelled)
      : memtable_(memtable),
        request_(request),
        rows_(memtable.published_rows()),
        services_(ServiceNames(memtable)),
        cancellation_(std::move(cancelled)) {}

  base::Result<SearchResult> Run() {
    for (const TagPredicate& predicate : request_.tags) {
      if (!IsOfTrace(predicate)) matches_.emplace_back(memtable_, predicate, rows_, cancellation_);
    }
    SearchResult result;
    for (const model::TraceId& trace_id : MatchingTraces()) {
      TraceSummary summary = Summarise(trace_id);
      if (cancellation_.cancelled()) break;
      ++result.inspected_traces;
      if (Accepts(summary)) result.traces.push_back(std::move(summary));
    }
    if (cancellation_.Look()) return QueryCancelled();
    std::ranges::sort(result.traces, std::ranges::greater(), [](const TraceSummary& trace) {
      return std::tuple(trace.start_unix_nano, trace.trace_id);
    });
    if (result.traces.size() > request_.limit) result.traces.resize(request_.limit);
    result.inspected_bytes = uint64_t{rows_} * sizeof(store::SpanRow);
    return result;
  }

 private:
  std::set<model::TraceId> MatchingTraces() {
    std::set<model::TraceId> traces;
    for (uint32_t row = 0; row < rows_ && !cancellation_.CancelledAfterRow(); ++row) {
      if (!request_.range.Contains(memtable_.row(row).start_unix_nano)) continue;
      const auto met = [&](const TagMatch& match) { return match.Matches(row); };
      if (std::ranges::all_of(matches_, met)) traces.insert(memtable_.trace_id(row));
    }
    return traces;
  }

  TraceSummary Summarise(const model::TraceId& trace_id) {
    TraceSummary summary{.trace_id = trace_id};
    int64_t first = std::numeric_limits<int64_t>::max();
    int64_t last = std::numeric_limits<int64_t>::min();
    std::pair<int64_t, model::SpanId> root_rank;
    std::map<std::string_view, ServiceStats> services;
    for (const uint32_t index : memtable_.RowsOf(trace_id)) {
      if (cancellation_.CancelledAfterRow()) break;
      const store::SpanRow& row = memtable_.row(index);
      // Rows that were published after this search began are not of its snapshot.
      const bool near = request_.range.Contains(row.start_unix_nano, kTraceHorizonNanos);
      if (index >= rows_ || !near) continue;
      first = std::min(first, row.start_unix_nano);
      last = std::max({last, row.start_unix_nano, row.end_unix_nano});
      ServiceStats& stats = services[services_[row.resource]];
      ++stats.span_count;
      if (row.status_code == static_cast<int32_t>(model::StatusCode::kError)) ++stats.error_count;
      // Of several roots the first counts, whatever order they came in.
      const std::pair rank(row.start_unix_nano, row.span_id);
      if (row.parent_span_id.IsValid() || (summary.root_found && rank >= root_rank)) continue;
      root_rank = rank;
      summary.root_found = true;
      summary.root_service = services_[row.resource];
      summary.root_name = memtable_.dictionary()[row.name];
    }
    summary.start_unix_nano = first;
    if (__builtin_sub_overflow(last, first, &summary.duration_ns)) {
      summary.duration_ns = std::numeric_limits<int64_t>::max();
    }
    for (auto& [name, stats] : services) {
      stats.service = name;
      summary.services.push_back(std::move(stats));
    }
    return summary;
  }

  bool Accepts(const TraceSummary& trace) const {
    if (request_.min_duration_ns && trace.duration_ns < *request_.min_duration_ns) return false;
    if (request_.max_duration_ns && trace.duration_ns > *request_.max_duration_ns) return false;
    return std::ranges::all_of(request_.tags, [&](const TagPredicate& predicate) {
      if (!IsOfTrace(predicate)) return true;
      const std::string& text = predicate.key == "root.name" ? trace.root_name : trace.root_service;
      return trace.root_found && ContainsIgnoringCase(text, predicate.value);
    });
  }

  const store::Memtable& memtable_;
  const SearchRequest& request_;
  const uint32_t rows_;
  const std::vector<std::string_view> services_;
  std::vector<TagMatch> matches_;
  Cancellation cancellation_;
};

}  // namespace

base::Result<SearchResult> Search(const store::Memtable& memtable, const SearchRequest& request,
                                  std::stop_token cancelled) {
  return TagSearch(memtable, request, std::move(cancelled)).Run();
}

}  // namespace clew::query
