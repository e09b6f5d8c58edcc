// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/append_vector.h"
#include "base/published.h"
#include "model/ids.h"

namespace clew::store {

// Rows by trace id: an open-addressing table of the newest row of each trace,
// and for every row the one before it in the same trace. One thread adds while
// others look up: a row is in its columns before its slot names it, a grown table is
// published as a whole by its pointer, and the tables it replaced stay until the end,
// for readers that are still in them.
class TraceIndex {
 public:
  static constexpr uint32_t kNoRow = UINT32_MAX;

  explicit TraceIndex(const base::AppendVector<model::TraceId>& trace_ids);

  // For the row that is added next, in two steps with other work before, between and
  // behind them: brings what Add will look at into the processor's caches.
  void Prefetch(const model::TraceId& trace_id);
  void PrefetchRows() const;
  // Adds the row after the last one added. Its trace id must be in the column.
  void Add(uint32_t row);
  // The newest row of the trace, or kNoRow.
  uint32_t Newest(const model::TraceId& trace_id) const;
  uint32_t Previous(uint32_t row) const { return previous_[row]; }

  size_t size_bytes() const;

 private:
  struct Table {
    explicit Table(size_t size) : slots(size) {}
    std::vector<base::Published<uint32_t>> slots;  // row + 1; 0: free
  };
  // Where a trace stands in a table, and what stood there when it was found. Asking
  // the slot again may give the row of another trace that has taken it meanwhile.
  struct Place {
    size_t slot;
    uint32_t head;
  };
  Place PlaceOf(const Table& table, const model::TraceId& trace_id, uint64_t hash) const;
  // The writer's slot of a hash, the first to look at.
  const base::Published<uint32_t>& SlotOf(uint64_t hash) const;
  void Grow();

  const base::AppendVector<model::TraceId>& trace_ids_;
  base::AppendVector<uint32_t> previous_;
  std::vector<std::unique_ptr<Table>> tables_;
  base::Published<const Table*> current_;
  size_t traces_ = 0;
  uint64_t next_hash_ = 0;  // the writer's: of the id prefetched last
};

}  // namespace clew::store
