// SPDX-License-Identifier: Apache-2.0
#include "store/trace_index.h"

#include <string_view>

#include "base/hash.h"

namespace clew::store {
namespace {

constexpr size_t kFirstSlots = 256;

uint64_t HashOf(const model::TraceId& id) {
  return base::Hash64({reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
}

}  // namespace

TraceIndex::TraceIndex(const base::AppendVector<model::TraceId>& trace_ids)
    : trace_ids_(trace_ids) {
  tables_.push_back(std::make_unique<Table>(kFirstSlots));
  current_.store(tables_.back().get(), std::memory_order_release);
}

std::atomic<uint32_t>& TraceIndex::SlotOf(Table& table, const model::TraceId& trace_id) const {
  const size_t mask = table.slots.size() - 1;
  for (size_t slot = HashOf(trace_id) & mask;; slot = (slot + 1) & mask) {
    const uint32_t head = table.slots[slot].load(std::memory_order_acquire);
    if (head == 0 || trace_ids_[head - 1] == trace_id) return table.slots[slot];
  }
}

void TraceIndex::Add(uint32_t row) {
  std::atomic<uint32_t>& slot = SlotOf(*current_.load(std::memory_order_relaxed), trace_ids_[row]);
  const uint32_t head = slot.load(std::memory_order_relaxed);
  previous_.push_back(head == 0 ? kNoRow : head - 1);
  slot.store(row + 1, std::memory_order_release);
  if (head == 0 && ++traces_ * 2 > tables_.back()->slots.size()) Grow();
}

void TraceIndex::Grow() {
  auto grown = std::make_unique<Table>(tables_.back()->slots.size() * 2);
  for (const std::atomic<uint32_t>& slot : tables_.back()->slots) {
    const uint32_t head = slot.load(std::memory_order_relaxed);
    if (head == 0) continue;
    SlotOf(*grown, trace_ids_[head - 1]).store(head, std::memory_order_relaxed);
  }
  tables_.push_back(std::move(grown));
  current_.store(tables_.back().get(), std::memory_order_release);
}

uint32_t TraceIndex::Newest(const model::TraceId& trace_id) const {
  Table& table = *current_.load(std::memory_order_acquire);
  const uint32_t head = SlotOf(table, trace_id).load(std::memory_order_acquire);
  return head == 0 ? kNoRow : head - 1;
}

size_t TraceIndex::size_bytes() const {
  size_t bytes = previous_.size_bytes();
  for (const auto& table : tables_) bytes += table->slots.size() * sizeof(uint32_t);
  return bytes;
}

}  // namespace clew::store
