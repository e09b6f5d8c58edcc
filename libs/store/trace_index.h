// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/append_vector.h"
#include "model/ids.h"

namespace clew::store {

// Rows by trace id: an open-addressing table of the newest row of each trace,
// and for every row the one before it in the same trace. One thread adds while
// others look up: a grown table is published as a whole by its pointer (release),
// and the tables it replaced stay until the end, for readers that are still in them.
class TraceIndex {
 public:
  static constexpr uint32_t kNoRow = UINT32_MAX;

  explicit TraceIndex(const base::AppendVector<model::TraceId>& trace_ids);

  // Adds the row after the last one added. Its trace id must be in the column.
  void Add(uint32_t row);
  // The newest row of the trace, or kNoRow.
  uint32_t Newest(const model::TraceId& trace_id) const;
  uint32_t Previous(uint32_t row) const { return previous_[row]; }

  size_t size_bytes() const;

 private:
  struct Table {
    explicit Table(size_t size) : slots(size) {}
    std::vector<std::atomic<uint32_t>> slots;  // row + 1; 0: free
  };
  std::atomic<uint32_t>& SlotOf(Table& table, const model::TraceId& trace_id) const;
  void Grow();

  const base::AppendVector<model::TraceId>& trace_ids_;
  base::AppendVector<uint32_t> previous_;
  std::vector<std::unique_ptr<Table>> tables_;
  std::atomic<Table*> current_;
  size_t traces_ = 0;
};

}  // namespace clew::store
