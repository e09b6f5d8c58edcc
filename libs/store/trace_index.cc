// SPDX-License-Identifier: Apache-2.0
#include "store/trace_index.h"

#include <string_view>
#include <utility>

#include "base/hash.h"

namespace clew::store {
namespace {

constexpr size_t kFirstSlots = 16;

uint64_t HashOf(const model::TraceId& id) {
  return base::Hash64({reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
}

}  // namespace

TraceIndex::TraceIndex(const base::AppendVector<model::TraceId>& trace_ids)
    : trace_ids_(trace_ids) {
  tables_.push_back(std::make_unique<Table>(kFirstSlots));
  current_.Set(tables_.back().get());
}

TraceIndex::Place TraceIndex::PlaceOf(const Table& table, const model::TraceId& trace_id,
                                      uint64_t hash) const {
  const size_t mask = table.slots.size() - 1;
  for (size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    const uint32_t head = table.slots[slot].Get();
    if (head == 0 || trace_ids_[head - 1] == trace_id) return {slot, head};
  }
}

void TraceIndex::Prefetch(const model::TraceId& trace_id) {
  next_hash_ = HashOf(trace_id);
  __builtin_prefetch(&SlotOf(next_hash_));
}

// Most traces stand in the first slot of their hash.
void TraceIndex::PrefetchRows() const {
  const uint32_t head = SlotOf(next_hash_).Get();
  if (head != 0) __builtin_prefetch(&trace_ids_[head - 1]);
}

const base::Published<uint32_t>& TraceIndex::SlotOf(uint64_t hash) const {
  const Table& table = *tables_.back();
  return table.slots[hash & (table.slots.size() - 1)];
}

void TraceIndex::Add(uint32_t row) {
  Table& table = *tables_.back();
  const model::TraceId& trace_id = trace_ids_[row];
  const auto [slot, head] = PlaceOf(table, trace_id, HashOf(trace_id));
  previous_.push_back(head == 0 ? kNoRow : head - 1);
  table.slots[slot].Set(row + 1);
  if (head == 0 && ++traces_ * 2 > table.slots.size()) Grow();
}

void TraceIndex::Grow() {
  const Table& old = *tables_.back();
  auto grown = std::make_unique<Table>(old.slots.size() * 2);
  for (const base::Published<uint32_t>& slot : old.slots) {
    const uint32_t head = slot.Get();
    if (head == 0) continue;
    grown->slots[PlaceOf(*grown, trace_ids_[head - 1], HashOf(trace_ids_[head - 1])).slot].Set(
        head);
  }
  tables_.push_back(std::move(grown));
  current_.Set(tables_.back().get());
}

uint32_t TraceIndex::Newest(const model::TraceId& trace_id) const {
  const uint32_t head = PlaceOf(*current_.Get(), trace_id, HashOf(trace_id)).head;
  return head == 0 ? kNoRow : head - 1;
}

size_t TraceIndex::size_bytes() const {
  size_t bytes = previous_.size_bytes();
  for (const auto& table : tables_) bytes += table->slots.size() * sizeof(uint32_t);
  return bytes;
}

}  // namespace clew::store
