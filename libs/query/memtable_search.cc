// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <utility>

#include "query/search.h"
#include "query/source_search.h"
#include "query/tag_match.h"

namespace clew::query {
namespace {

class MemtableSearch final : public SourceSearch {
 public:
  MemtableSearch(const store::Memtable& memtable, const SourceQuestion& question)
      : memtable_(memtable),
        question_(question),
        rows_(memtable.published_rows()),
        services_(ServiceNames(memtable)) {}

  base::Status Advance(std::vector<Candidate>& candidates) override {
    frontier_ = kDone;
    for (const model::TraceId& trace_id : MatchingTraces()) {
      TraceSummaryBuilder summary;
      TRY(AddPart(trace_id, summary));
      if (!summary.empty()) candidates.push_back({summary.start_unix_nano(), trace_id, {}});
    }
    return {};
  }
  int64_t frontier() const override { return frontier_; }

  base::Status AddPart(const model::TraceId& trace_id, TraceSummaryBuilder& summary) override {
    for (const uint32_t index : memtable_.RowsOf(trace_id)) {
      if (question_.cancellation.CancelledAfterRow()) break;
      const store::SpanRow& row = memtable_.row(index);
      const store::SpanTraits& traits = memtable_.traits_of(row);
      // Rows that were published after this search began are not of its snapshot.
      const bool near = question_.range.IsNear(row.start_unix_nano);
      if (index >= rows_ || !near) continue;
      summary.Add({.start_unix_nano = row.start_unix_nano,
                   .end_unix_nano = row.end_unix_nano,
                   .span_id = row.span_id,
                   .parent_span_id = row.parent_span_id,
                   .service = services_[traits.resource],
                   .name = memtable_.dictionary()[row.name],
                   .error = traits.status_code == static_cast<int32_t>(model::StatusCode::kError)});
    }
    return {};
  }
  uint64_t read_bytes() const override { return uint64_t{rows_} * sizeof(store::SpanRow); }

 private:
  std::set<model::TraceId> MatchingTraces() {
    RowSet matches(rows_);
    for (uint32_t row = 0; row < rows_ && !question_.cancellation.CancelledAfterRow(); ++row) {
      if (question_.range.Contains(memtable_.row(row).start_unix_nano)) matches.Add(row);
    }
    if (question_.counters != nullptr) question_.counters->rows += rows_;
    question_.filter.Narrow(memtable_, question_.cancellation, matches);
    std::set<model::TraceId> traces;
    for (uint32_t row = 0; row < rows_ && !question_.cancellation.CancelledAfterRow(); ++row) {
      if (matches.Has(row)) traces.insert(memtable_.trace_id(row));
    }
    return traces;
  }

  const store::Memtable& memtable_;
  const SourceQuestion& question_;
  const uint32_t rows_;
  const std::vector<std::string_view> services_;
  int64_t frontier_ = std::numeric_limits<int64_t>::max();
};

}  // namespace

std::unique_ptr<SourceSearch> MakeSearch(const store::Memtable& memtable,
                                         const SourceQuestion& question) {
  return std::make_unique<MemtableSearch>(memtable, question);
}

}  // namespace clew::query
