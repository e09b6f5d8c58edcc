// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/ids.h"
#include "query/eval/row_field.h"
#include "query/tags.h"
#include "query/trace_counts.h"
#include "store/block.h"
#include "store/memtable.h"
#include "store/sources.h"
#include "traceql/ast.h"

namespace clew::query {

// What the root of a part of a trace is asked for. REQUIRES: its name or its service
std::string_view RootText(const store::TraceRow& trace, traceql::Intrinsic root);

// Traces that do not lie whole in one row group. They need not be brought together to be counted:
// values of their spans are gathered as they are met, and how long they took is told by the rows of
// memtables and by traces.parquet. One thread.
class PartedTraces {
 public:
  // All outlive it. `root`: it is the root's name or service that is counted; null: values are.
  PartedTraces(const store::Sources& sources, const TagQuestion& question,
               const traceql::Intrinsic* root, TraceCounts& counts)
      : sources_(sources), question_(question), root_(root), counts_(counts) {}

  class Trace {
   public:
    // Of a value that one of its spans has.
    void Add(TraceCounts::Count& count);

   private:
    friend class PartedTraces;
    // Of several the first by (start, span id).
    struct Root {
      int64_t start_unix_nano = 0;
      model::SpanId span_id{};
      TraceCounts::Count* count = nullptr;
      bool found = false;
    };
    std::vector<TraceCounts::Count*> values_;  // some more than once
    std::vector<const store::Block*> blocks_;  // whose parts have been added
    int64_t start_ = std::numeric_limits<int64_t>::max();
    int64_t end_ = std::numeric_limits<int64_t>::min();
    Root root_;
    bool is_unclear_ = false;  // only all of its spans can tell
  };

  // Stays where it is; a new one when it was not met before. kExhausted.
  base::Result<Trace*> Of(const model::TraceId& trace_id);
  // What a block has of it, once or several times.
  void AddPart(const store::Block& block, const store::TraceRow& part, Trace& trace);
  // No other source has spans of it that a trace brought together would have, and all that the
  // block has such a trace would have too.
  bool IsOnlyIn(const store::Block& block, const store::TraceRow& trace) const;

  // Counts them. Those that it cannot are what it gives.
  base::Result<std::vector<model::TraceId>> CountAll();

 private:
  // A memtable, and what its rows are named where they are roots.
  struct Rows {
    const store::Memtable& memtable;
    std::unique_ptr<RowField> root{};
    uint32_t end = memtable.published_rows();  // of those that the field knows
    TextArena texts{};
  };
  base::Result<std::vector<Rows>> RowsOfMemtables() const;
  void AddRows(const model::TraceId& trace_id, Rows& rows, Trace& trace);
  void AddOtherParts(const model::TraceId& trace_id, Trace& trace);
  void AddRoot(Rows& rows, uint32_t index, Trace& trace);
  void AddRoot(Trace::Root root, Trace& trace);

  const store::Sources& sources_;
  const TagQuestion& question_;
  const traceql::Intrinsic* const root_;
  TraceCounts& counts_;
  std::map<model::TraceId, Trace> traces_;
};

}  // namespace clew::query
