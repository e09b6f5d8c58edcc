// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/ids.h"
#include "query/cancellation.h"
#include "query/memory_budget.h"
#include "query/metrics/split_rows.h"
#include "query/metrics/value_counts.h"
#include "query/selected_span.h"
#include "query/time_range.h"
#include "store/sources.h"

namespace clew::query {

// What spans have of the roots of their traces: the summaries of blocks tell it of traces that
// lie whole in them and near the range. All others are kept for whoever puts them together. One
// thread.
class ComparedRoots {
 public:
  // All outlive it. `memory` may be null.
  struct Means {
    const store::Sources& sources;
    const TimeRange& range;
    MemoryBudget* memory;
  };
  // Of each side, of names and of names of services.
  struct Counts {
    ValueCounts *baseline_names, *selection_names;
    ValueCounts *baseline_services, *selection_services;
  };
  ComparedRoots(const Means& means, const Counts& counts) : means_(means), counts_(counts) {}

  // Counts the roots of the traces of rows.
  base::Status Count(const SplitRows& split, const store::Block& block, BlockRows& group,
                     Cancellation& cancellation);
  // Keeps the trace of a span.
  base::Status Keep(const SelectedSpan& span);

  // The traces that were kept, each once.
  std::vector<model::TraceId> Kept() const { return {kept_.begin(), kept_.end()}; }

 private:
  // The first of a trace counts.
  struct Root {
    int64_t start_unix_nano;
    model::SpanId span_id;
    std::string service, name;
    auto operator<=>(const Root&) const = default;
  };
  // Joins the root of a part of a trace; false when not all of the part is near the range.
  bool Join(const store::TraceRow& part, std::optional<Root>& root) const;
  // The root of a trace, if it has one; false when blocks do not tell it.
  base::Result<bool> FindRoot(const store::TraceRow& trace, const store::Block& block,
                              std::optional<Root>& root) const;
  base::Status Keep(const model::TraceId& trace_id);

  const Means means_;
  const Counts counts_;
  std::set<model::TraceId> kept_;
};

}  // namespace clew::query
