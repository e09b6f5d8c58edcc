// SPDX-License-Identifier: Apache-2.0
// Rows of a block are ordered by the start of their trace, so its row groups are read
// backwards, newest first, and no more of them than the search wants.
#include <algorithm>
#include <optional>
#include <utility>

#include "query/block_rows.h"
#include "query/block_traces.h"
#include "query/search.h"
#include "query/source_search.h"

namespace clew::query {
namespace {

// Sums up those spans of a trace that are near the range.
class NearSpans final : public model::SpanSink {
 public:
  NearSpans(const TimeRange& range, TraceSummaryBuilder& summary)
      : range_(range), summary_(summary) {}

  void OnResource(const model::ResourceView&) override {
    in_resource_ = true;
    service_.clear();
  }
  void OnScope(const model::ScopeView&) override { in_resource_ = false; }
  void OnSpan(const model::SpanView& span) override {
    in_resource_ = false;
    if (!range_.IsNear(span.start_unix_nano)) return;
    summary_.Add({.start_unix_nano = span.start_unix_nano,
                  .end_unix_nano = span.end_unix_nano,
                  .span_id = span.span_id,
                  .parent_span_id = span.parent_span_id,
                  .service = service_,
                  .name = span.name,
                  .error = span.status_code == model::StatusCode::kError});
  }
  void OnEvent(const model::EventView&) override {}
  void OnLink(const model::LinkView&) override {}
  void OnAttribute(std::string_view key, const model::ValueView& value) override {
    if (in_resource_ && key == "service.name" && value.type == model::ValueView::Type::kString) {
      service_ = value.text;
    }
  }
  void OnRejectedSpan(model::RejectReason) override {}

 private:
  const TimeRange& range_;
  TraceSummaryBuilder& summary_;
  bool in_resource_ = false;
  std::string service_;
};

class BlockSearch final : public SourceSearch {
 public:
  BlockSearch(const store::Block& block, const SourceQuestion& question)
      : block_(block), question_(question) {
    const store::BlockDescription& description = block.description();
    const bool outside = !question.range.MayContain(description.min_start_unix_nano,
                                                    description.max_start_unix_nano);
    // No trace of the block starts later than its last span, so it may never be its turn.
    frontier_ = std::max(description.max_start_unix_nano, kDone + 1);
    if (!outside) return;
    frontier_ = kDone;
    if (question.counters != nullptr) ++question.counters->blocks_outside;
  }

  base::Status Advance(std::vector<Candidate>& candidates) override {
    const store::Block::Spans spans = TRY(block_.OpenSpans());
    if (!next_group_) {
      next_group_ = spans.file().row_group_count();
      if (question_.counters != nullptr) ++question_.counters->blocks;
    }
    // Where a range cuts off the beginning of a part, what is left counts as later than its
    // order in the block says, and all parts are looked at.
    const bool all = !question_.range.IsNear(block_.description().min_start_unix_nano);
    do {
      if (*next_group_ == 0) break;
      TRY(SearchGroup(spans, --*next_group_, candidates));
    } while (all && !question_.cancellation.Look());
    if (*next_group_ == 0 || all) {
      frontier_ = kDone;
      return {};
    }
    return SetFrontier(spans);
  }
  int64_t frontier() const override { return frontier_; }

  base::Status AddPart(const model::TraceId& trace_id, TraceSummaryBuilder& summary) override {
    for (const uint64_t trace : TRY(block_.FindTraces(trace_id))) {
      const std::vector<store::TraceRow> parts = TRY(block_.ReadTraces(trace, 1));
      TRY(AddSummary(parts.front(), summary));
    }
    return {};
  }
  uint64_t read_bytes() const override { return read_bytes_; }

 private:
  base::Status SearchGroup(const store::Block::Spans& spans, size_t group,
                           std::vector<Candidate>& candidates) {
    std::optional<BlockRows> rows = TRY(BlockRows::Open(spans, group, question_.range));
    Count(rows, question_.counters);
    if (!rows) return {};
    RowSet matches = rows->InRange();
    TRY(question_.filter.Narrow(*rows, question_.cancellation, matches));
    if (question_.cancellation.Look()) return {};
    uint64_t first_row = 0;
    for (size_t before = 0; before < group; ++before) first_row += spans.file().rows_of(before);
    TRY(AddCandidates(*rows, matches, first_row, candidates));
    read_bytes_ += rows->read_bytes();
    return {};
  }

  // What is near the range of a part of a trace.
  base::Status AddSummary(const store::TraceRow& part, TraceSummaryBuilder& summary) {
    const TimeRange& range = question_.range;
    if (range.IsNear(part.start_unix_nano) && range.IsNear(part.last_start_unix_nano)) {
      summary.Add(part);
      return {};
    }
    NearSpans sink(range, summary);
    return block_.ReadSpans({part.first_row, part.rows}, sink);
  }

  // The traces of matching rows; `first_row` is that of the row group.
  base::Status AddCandidates(BlockRows& rows, const RowSet& matches, uint64_t first_row,
                             std::vector<Candidate>& candidates) {
    if (matches.empty()) {
      if (question_.counters != nullptr) ++question_.counters->row_groups_without;
      return {};
    }
    for (const store::TraceRow& part : TRY(TracesOf(block_, rows, matches))) {
      if (question_.cancellation.CancelledAfterRow()) return {};
      const uint64_t from = std::max(part.first_row, first_row) - first_row;
      const uint64_t to =
          std::min<uint64_t>(part.first_row + part.rows - first_row, matches.size());
      if (!matches.Next(from, to)) continue;
      TraceSummaryBuilder summary;
      TRY(AddSummary(part, summary));
      if (summary.empty()) continue;
      const TracePlace place_in_block{&block_, {part.first_row, part.rows}};
      candidates.push_back({summary.start_unix_nano(), part.trace_id, place_in_block});
    }
    return {};
  }

  // Groups before the one read last have no trace that starts later than its first.
  base::Status SetFrontier(const store::Block::Spans& spans) {
    const size_t column = BlockRows::IndexOf(store::Intrinsic::kTraceId);
    const store::BlockFile::Cells ids = TRY(spans.pages.Page(*next_group_, column, 0));
    const uint64_t trace = TRY(NumberOfTrace(block_, model::TraceId::FromBytes(ids->Bytes(0))));
    frontier_ = TRY(block_.ReadTraces(trace, 1)).front().start_unix_nano;
    return {};
  }

  const store::Block& block_;
  const SourceQuestion& question_;
  std::optional<size_t> next_group_;  // one past the next to read
  int64_t frontier_ = std::numeric_limits<int64_t>::max();
  uint64_t read_bytes_ = 0;
};

}  // namespace

std::unique_ptr<SourceSearch> MakeSearch(const store::Block& block,
                                         const SourceQuestion& question) {
  return std::make_unique<BlockSearch>(block, question);
}

}  // namespace clew::query
