// SPDX-License-Identifier: Apache-2.0
#include "store/memtable_set.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "base/check.h"

namespace clew::store {
namespace {

// What is committed together: a commit costs the more the more blocks there are, whatever it
// adds, so many small tenants share one; and a large one does not wait for others.
constexpr uint64_t kTogetherBytes = uint64_t{16} << 20;
constexpr size_t kTogether = 512;

}  // namespace

const std::shared_ptr<Memtable>& MemtableSet::OpenOf(std::string_view tenant) {
  const auto found = open_.find(tenant);
  if (found != open_.end()) return found->second.memtable;
  return open_[std::string(tenant)].memtable;
}

bool MemtableSet::NoteAppended(std::string_view tenant, uint64_t lsn) {
  const auto found = open_.find(tenant);
  CHECK(found != open_.end());
  Open& open = found->second;
  if (open.empty()) {
    open.lsns.first = lsn;
    open_by_first_.emplace(lsn, found->first);
  }
  open.lsns.last = lsn;
  NoteSize(open);
  if (open.size_bytes >= limits_.seal_bytes) {
    Seal(found);
    return true;
  }
  return SealForRoom();
}

uint64_t MemtableSet::LargeBytes(uint64_t size) const {
  const uint64_t large = std::min(limits_.seal_bytes / 4, limits_.budget_bytes / 8);
  return size < large ? 0 : size;
}

void MemtableSet::NoteSize(Open& open) {
  const uint64_t size = open.memtable->size_bytes();
  open_bytes_ += size - open.size_bytes;
  large_bytes_ += LargeBytes(size) - LargeBytes(open.size_bytes);
  open.size_bytes = size;
}

bool MemtableSet::SealForRoom() {
  if (open_bytes_ >= limits_.budget_bytes && large_bytes_ > 0) {
    Seal(std::ranges::max_element(open_, {},
                                  [](const auto& pair) { return pair.second.size_bytes; }));
    return true;
  }
  if (open_bytes_ < limits_.small_budget_bytes) return false;
  SealDownTo(limits_.small_budget_bytes / 8 * 7);
  return true;
}

void MemtableSet::SealDownTo(uint64_t bytes) {
  std::vector<OpenMemtables::iterator> largest;
  for (auto open = open_.begin(); open != open_.end(); ++open) {
    if (!open->second.empty()) largest.push_back(open);
  }
  std::ranges::sort(largest, std::ranges::greater(),
                    [](const auto& open) { return open->second.size_bytes; });
  for (const auto& open : largest) {
    if (open_bytes_ <= bytes) return;
    Seal(open);
  }
}

void MemtableSet::Seal(OpenMemtables::iterator open) {
  Open& sealed = open->second;
  open_by_first_.erase(sealed.lsns.first);
  sealed_firsts_.insert(sealed.lsns.first);
  open_bytes_ -= sealed.size_bytes;
  large_bytes_ -= LargeBytes(sealed.size_bytes);
  sealed_bytes_ += sealed.size_bytes;
  sealed_.push_back(
      std::make_shared<const SealedMemtable>(SealedMemtable{.tenant = open->first,
                                                            .memtable = sealed.memtable,
                                                            .lsns = sealed.lsns,
                                                            .rows = sealed.memtable->FinishBody(),
                                                            .size_bytes = sealed.size_bytes}));
  // What is open again begins with the next body.
  open_.erase(open);
}

void MemtableSet::SealAll() {
  while (!open_.empty()) {
    const auto open = open_.begin();
    if (open->second.empty()) {
      open_.erase(open);
    } else {
      Seal(open);
    }
  }
}

bool MemtableSet::SealBefore(uint64_t lsn) {
  bool sealed = false;
  for (; !open_by_first_.empty() && open_by_first_.begin()->first < lsn; sealed = true) {
    Seal(open_.find(open_by_first_.begin()->second));
  }
  return sealed;
}

SealedMemtables MemtableSet::NextToFlush() const {
  SealedMemtables next;
  uint64_t bytes = 0;
  // A tenant's ranges must be committed in order, and those of a tenant settle so.
  for (const auto& sealed : sealed_) {
    if (!sealed->settled()) continue;
    bytes += sealed->size_bytes;
    const bool small = bytes <= kTogetherBytes && next.size() < kTogether;
    if (!next.empty() && !small) break;
    next.push_back(sealed);
  }
  return next;
}

void MemtableSet::Remove(const SealedMemtable& sealed) {
  const auto found = std::ranges::find_if(
      sealed_, [&](const auto& candidate) { return candidate.get() == &sealed; });
  CHECK(found != sealed_.end());
  sealed_bytes_ -= sealed.size_bytes;
  sealed_firsts_.erase(sealed.lsns.first);
  sealed_.erase(found);
}

std::vector<std::shared_ptr<const Memtable>> MemtableSet::Of(std::string_view tenant) const {
  std::vector<std::shared_ptr<const Memtable>> memtables;
  for (const auto& sealed : sealed_) {
    if (sealed->tenant == tenant) memtables.push_back(sealed->memtable);
  }
  const auto open = open_.find(tenant);
  if (open != open_.end()) memtables.push_back(open->second.memtable);
  return memtables;
}

std::optional<uint64_t> MemtableSet::FirstLsn() const {
  uint64_t first = open_by_first_.empty() ? UINT64_MAX : open_by_first_.begin()->first;
  if (!sealed_firsts_.empty()) first = std::min(first, *sealed_firsts_.begin());
  return first == UINT64_MAX ? std::nullopt : std::optional(first);
}

std::optional<MemtableSet::FirstRecord> MemtableSet::First() const {
  const std::optional<uint64_t> lsn = FirstLsn();
  if (!lsn) return std::nullopt;
  if (!open_by_first_.empty() && open_by_first_.begin()->first == *lsn) {
    return FirstRecord{*lsn, std::string(open_by_first_.begin()->second)};
  }
  const auto sealed =
      std::ranges::find_if(sealed_, [&](const auto& one) { return one->lsns.first == *lsn; });
  CHECK(sealed != sealed_.end());
  return FirstRecord{*lsn, (*sealed)->tenant};
}

}  // namespace clew::store
