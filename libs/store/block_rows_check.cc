// SPDX-License-Identifier: Apache-2.0
#include "store/block_rows_check.h"

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <utility>

#include "store/block_order.h"
#include "store/block_pages.h"
#include "store/traces_table.h"

namespace clew::store {
namespace {

constexpr uint64_t kBatchRows = 64 << 10;

base::Error Wrong(std::string what) {
  return {base::ErrorCode::kCorruption, std::move(what)};
}

// What of a span its place and the summary of its trace depend on.
struct SeenSpan {
  OrderSpan order;
  int64_t end_unix_nano = 0;
  bool error = false;
  std::string service, name;
};

// Keeps that of every span it is told.
class SpanCollector final : public model::SpanSink {
 public:
  void OnResource(const model::ResourceView&) override {
    in_resource_ = true;
    service_.clear();
  }
  void OnScope(const model::ScopeView&) override { in_resource_ = false; }
  void OnSpan(const model::SpanView& span) override {
    in_resource_ = false;
    spans.push_back({.order = {.trace_id = span.trace_id,
                               .span = {.span_id = span.span_id,
                                        .parent_span_id = span.parent_span_id,
                                        .start_unix_nano = span.start_unix_nano,
                                        .kind = span.kind}},
                     .end_unix_nano = span.end_unix_nano,
                     .error = span.status_code == model::StatusCode::kError,
                     .service = service_,
                     .name = std::string(span.name)});
  }
  void OnEvent(const model::EventView&) override {}
  void OnLink(const model::LinkView&) override {}
  void OnAttribute(std::string_view key, const model::ValueView& value) override {
    if (in_resource_ && key == "service.name" && value.type == model::ValueView::Type::kString) {
      service_ = value.text;
    }
  }
  void OnRejectedSpan(model::RejectReason) override {}

  std::vector<SeenSpan> spans;

 private:
  bool in_resource_ = false;
  std::string service_;
};

// The line of traces.parquet that says this of the spans of one trace.
TraceRow SummaryOf(std::span<const SeenSpan> spans, uint64_t first_row) {
  TraceRow trace{.trace_id = spans.front().order.trace_id,
                 .first_row = first_row,
                 .rows = static_cast<uint32_t>(spans.size()),
                 .start_unix_nano = INT64_MAX,
                 .end_unix_nano = INT64_MIN,
                 .last_start_unix_nano = INT64_MIN};
  std::map<std::string, ServiceCount, std::less<>> services;
  const SeenSpan* root = nullptr;
  const auto rank = [](const SeenSpan& span) {
    return std::tie(span.order.span.start_unix_nano, span.order.span.span_id, span.service,
                    span.name);
  };
  for (const SeenSpan& span : spans) {
    const int64_t start = span.order.span.start_unix_nano;
    trace.start_unix_nano = std::min(trace.start_unix_nano, start);
    trace.last_start_unix_nano = std::max(trace.last_start_unix_nano, start);
    trace.end_unix_nano = std::max({trace.end_unix_nano, start, span.end_unix_nano});
    ServiceCount& service = services[span.service];
    service.service = span.service;
    ++service.spans;
    service.errors += span.error ? 1 : 0;
    trace.error_spans += span.error ? 1 : 0;
    if (span.order.span.parent_span_id != model::SpanId{}) continue;
    if (root == nullptr || rank(span) < rank(*root)) root = &span;
  }
  if (root != nullptr) {
    trace.root_found = true;
    trace.root_start_unix_nano = root->order.span.start_unix_nano;
    trace.root_span_id = root->order.span.span_id;
    trace.root_service = root->service;
    trace.root_name = root->name;
  }
  for (auto& [name, service] : services) trace.services.push_back(std::move(service));
  return trace;
}

class RowsCheck {
 public:
  RowsCheck(const Block& block, BlockPages pages) : block_(block), pages_(std::move(pages)) {}

  base::Status Run(const CatalogBlock& catalog) {
    fragments_ = TRY(block_.ReadFragments());
    for (size_t first = 0; first < fragments_.size();) {
      size_t end = first;
      uint64_t rows = 0;
      while (end < fragments_.size() && (end == first || rows < kBatchRows)) {
        const Fragment& fragment = fragments_[end++];
        if (fragment.first_row != next_row_ + rows || fragment.rows == 0) {
          return AtTrace(fragment.trace_id, "does not begin where the trace before it ends");
        }
        if (fragment.rows > pages_.file().row_count() - fragment.first_row) {
          return AtTrace(fragment.trace_id, "has more rows than spans.parquet");
        }
        rows += fragment.rows;
      }
      TRY(CheckBatch(first, end, rows));
      next_row_ += rows;
      first = end;
    }
    return CheckTotals(catalog);
  }

 private:
  static base::Error AtTrace(const model::TraceId& id, const std::string& what) {
    return Wrong("trace " + id.ToHex() + " " + what);
  }

  base::Status CheckBatch(size_t first, size_t end, uint64_t rows) {
    SpanCollector seen;
    TRY(block_.ReadSpans({next_row_, static_cast<uint32_t>(rows)}, seen));
    size_t begin = 0;
    for (size_t i = first; i < end; ++i) {
      TRY(CheckId(i, std::span<const SeenSpan>(seen.spans).subspan(begin, fragments_[i].rows)));
      begin += fragments_[i].rows;
    }
    const std::vector<bool> parents = TRY(ParentsOf(first, end, rows));
    TRY(CheckOrder(first, seen.spans, parents));
    TRY(CheckShape(seen.spans, rows));
    const std::vector<TraceRow> told = TRY(block_.ReadTraces(first, end - first));
    size_t row = 0;
    for (const TraceRow& trace : told) {
      const auto spans = std::span<const SeenSpan>(seen.spans).subspan(row, trace.rows);
      if (SummaryOf(spans, next_row_ + row) != trace) {
        return AtTrace(trace.trace_id, "is not what traces.parquet says of it");
      }
      row += trace.rows;
      min_start_ = std::min(min_start_, trace.start_unix_nano);
      max_start_ = std::max(max_start_, trace.last_start_unix_nano);
    }
    return {};
  }

  // All spans of the fragment have its id, and the index finds it.
  base::Status CheckId(size_t fragment, std::span<const SeenSpan> spans) {
    const model::TraceId& id = fragments_[fragment].trace_id;
    const auto same = [&](const SeenSpan& span) { return span.order.trace_id == id; };
    if (!std::ranges::all_of(spans, same)) return AtTrace(id, "has spans of other traces");
    const std::vector<uint32_t> found = TRY(block_.Candidates(id));
    if (std::ranges::find(found, fragment) != found.end()) return {};
    return AtTrace(id, "is not in trace_ids.idx");
  }

  // Which rows of the batch are said to be the parent of another.
  base::Result<std::vector<bool>> ParentsOf(size_t first, size_t end, uint64_t rows) {
    std::vector<bool> parents(rows);
    size_t begin = 0;
    for (size_t i = first; i < end; ++i) {
      for (size_t row = begin; row < begin + fragments_[i].rows; ++row) {
        const auto parent =
            TRY(pages_.At(static_cast<size_t>(Intrinsic::kParentRow), next_row_ + row));
        if (!parent.cells->HasValue(parent.row)) continue;
        const auto above = static_cast<uint32_t>(parent.cells->Int32(parent.row));
        if (above < fragments_[i].rows) parents[begin + above] = true;
      }
      begin += fragments_[i].rows;
    }
    return parents;
  }

  // Each batch in itself, and behind the one before it.
  base::Status CheckOrder(size_t first, const std::vector<SeenSpan>& spans,
                          const std::vector<bool>& parents) {
    if (first > 0) {
      const Fragment& before = fragments_[first - 1];
      const Fragment& fragment = fragments_[first];
      if (std::tie(before.start_unix_nano, before.trace_id) >=
          std::tie(fragment.start_unix_nano, fragment.trace_id)) {
        return AtTrace(fragment.trace_id, "is not in the order of the block");
      }
    }
    std::vector<OrderSpan> order;
    order.reserve(spans.size());
    for (const SeenSpan& span : spans) order.push_back(span.order);
    // Spans that are equal in start and id may stand in any order, which rows tell but for one
    // thing: of such spans it is the first that has the children.
    order_ = OrderRows(order, [&](uint32_t a, uint32_t b) {
      return parents[a] != parents[b] ? bool{parents[a]} : a < b;
    });
    for (uint32_t i = 0; i < order_.rows.size(); ++i) {
      if (order_.rows[i].source != i) {
        return AtTrace(order[i].trace_id, "has rows that are not in the order of the block");
      }
    }
    return {};
  }

  base::Status CheckShape(const std::vector<SeenSpan>& spans, uint64_t rows) {
    const auto column = [](Intrinsic intrinsic) { return static_cast<size_t>(intrinsic); };
    for (uint64_t i = 0; i < rows; ++i) {
      const OrderedRow& row = order_.rows[i];
      const auto in_trace = TRY(pages_.At(column(Intrinsic::kRowInTrace), next_row_ + i));
      const auto parent = TRY(pages_.At(column(Intrinsic::kParentRow), next_row_ + i));
      const auto subtree = TRY(pages_.At(column(Intrinsic::kSubtreeRows), next_row_ + i));
      const uint32_t told_parent = parent.cells->HasValue(parent.row)
                                       ? static_cast<uint32_t>(parent.cells->Int32(parent.row))
                                       : TreeNode::kNoParent;
      const bool same =
          static_cast<uint32_t>(in_trace.cells->Int32(in_trace.row)) == row.row_in_trace &&
          static_cast<uint32_t>(subtree.cells->Int32(subtree.row)) == row.subtree_rows &&
          told_parent == row.parent_row;
      if (!same) {
        return AtTrace(spans[i].order.trace_id,
                       "has another shape than row " + std::to_string(next_row_ + i) + " says");
      }
    }
    pages_.Forget();
    return {};
  }

  base::Status CheckTotals(const CatalogBlock& catalog) const {
    if (next_row_ != pages_.file().row_count()) {
      return Wrong("traces.parquet does not speak of all rows of spans.parquet");
    }
    if (catalog.spans != next_row_ || catalog.traces != fragments_.size()) {
      return Wrong("the catalog counts " + std::to_string(catalog.spans) + " spans in " +
                   std::to_string(catalog.traces) + " traces, the block has " +
                   std::to_string(next_row_) + " in " + std::to_string(fragments_.size()));
    }
    if (catalog.min_start_unix_nano != min_start_ || catalog.max_start_unix_nano != max_start_) {
      return Wrong("the times of its spans are not those of the catalog");
    }
    return {};
  }

  const Block& block_;
  BlockPages pages_;
  std::vector<Fragment> fragments_;
  BlockOrder order_;  // of the batch in hand
  uint64_t next_row_ = 0;
  int64_t min_start_ = INT64_MAX, max_start_ = INT64_MIN;
};

}  // namespace

base::Status CheckBlockRows(const Block& block, const CatalogBlock& catalog) {
  BlockPages pages = TRY(BlockPages::Open(block));
  return RowsCheck(block, std::move(pages)).Run(catalog);
}

}  // namespace clew::store
