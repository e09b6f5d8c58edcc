// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/result.h"
#include "model/ids.h"
#include "query/block_rows.h"
#include "query/cancellation.h"
#include "query/eval/field_set.h"
#include "query/row_set.h"

namespace clew::query {

// A span that a query selects.
struct SelectedSpan {
  SpanAt at{};
  int64_t start_unix_nano = 0;
  FieldSet& fields;  // of its source
  // Its ids, which are read only where they are wanted.
  struct Ids {
    model::TraceId trace_id;
    model::SpanId span_id;
  };
  const std::function<base::Result<Ids>()>& ids;
};

// The spans of a row group that a query selects.
struct SelectedRows {
  const store::Block& block;
  BlockRows& group;  // of the block
  FieldSet& fields;  // of the group
  const RowSet& rows;

  // Calls `visit(span)`, which gives a status, for those of rows [first, end).
  template <typename Visit>
  base::Status ForEach(size_t first, size_t end, Cancellation& cancellation, Visit visit) const;
};

// Takes spans. One thread.
class SpanTaker {
 public:
  virtual ~SpanTaker() = default;
  virtual base::Status Add(const SelectedSpan& span) = 0;
  // Many at once; kCancelled when nobody waits for them any more.
  virtual base::Status AddRows(const SelectedRows& selected, Cancellation& cancellation) {
    return selected.ForEach(0, selected.rows.size(), cancellation,
                            [this](const SelectedSpan& span) { return Add(span); });
  }

  // Whether spans can be taken on several threads at once, each by a fork: then Fork() gives one
  // more, while this takes spans. Once none comes any more, this and its forks have Settle() called
  // beside each other, and then Join() adds what a fork took.
  virtual bool forks() const { return false; }
  virtual std::unique_ptr<SpanTaker> Fork() const { return nullptr; }
  virtual void Settle() {}
  virtual base::Status Join(SpanTaker& fork) {
    (void)fork;
    return {};
  }
};

template <typename Visit>
base::Status SelectedRows::ForEach(size_t first, size_t end, Cancellation& cancellation,
                                   Visit visit) const {
  size_t row = 0;
  const std::function<base::Result<SelectedSpan::Ids>()> ids =
      [&]() -> base::Result<SelectedSpan::Ids> {
    // Few rows are asked for them, and they are large.
    const auto page = TRY(group.PageOf(row));
    const auto traces = TRY(group.CellsOfPage(store::Intrinsic::kTraceId, page.number));
    const auto spans = TRY(group.CellsOfPage(store::Intrinsic::kSpanId, page.number));
    return SelectedSpan::Ids{model::TraceId::FromBytes(traces->Bytes(row - page.first_row)),
                             model::SpanId::FromBytes(spans->Bytes(row - page.first_row))};
  };
  BlockRows::Page page;
  store::BlockFile::Cells starts;
  for (auto next = rows.Next(first, end); next; next = rows.Next(row + 1, end)) {
    row = *next;
    if (cancellation.CancelledAfterRow()) return QueryCancelled();
    if (starts == nullptr || row >= page.end()) {
      page = TRY(group.PageOf(row));
      starts = TRY(group.CellsOfPage(store::Intrinsic::kStartUnixNano, page.number));
    }
    const SpanAt at{.row = static_cast<uint32_t>(row), .texts = &fields.texts()};
    TRY(visit(SelectedSpan{at, starts->Int64(row - page.first_row), fields, ids}));
  }
  return {};
}

}  // namespace clew::query
