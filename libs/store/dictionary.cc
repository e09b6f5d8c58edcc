// SPDX-License-Identifier: Apache-2.0
#include "store/dictionary.h"

#include <algorithm>
#include <cstring>
#include <random>

#include "base/bytes.h"
#include "base/hash.h"
#include "store/utf8_repair.h"

namespace clew::store {
namespace {

constexpr size_t kFirstArenaBytes = size_t{4} << 10;
constexpr size_t kMostArenaBytes = size_t{64} << 10;

}  // namespace

Dictionary::Dictionary() : slots_(128) {}

// Not the same in every process, so that nobody can prepare strings that collide.
uint64_t Dictionary::HashOf(std::string_view text) {
  static const uint64_t seed = uint64_t{std::random_device{}()} << 32 | std::random_device{}();
  return base::Hash64(text, seed);
}

// Most texts stand in the first slot of their hash; for the others this is no loss.
void Dictionary::PrefetchSlot(uint64_t hash) const {
  __builtin_prefetch(&FirstSlot(hash));
}

void Dictionary::PrefetchEntry(uint64_t hash) const {
  const Slot& slot = FirstSlot(hash);
  if (slot.code != 0) __builtin_prefetch(&texts_[slot.code - 1]);
}

void Dictionary::PrefetchBytes(uint64_t hash) const {
  const Slot& slot = FirstSlot(hash);
  if (slot.code != 0) __builtin_prefetch(texts_[slot.code - 1].data);
}

Dictionary::Slot& Dictionary::SlotOf(std::string_view text, uint64_t hash) {
  const size_t mask = slots_.size() - 1;
  const auto upper = static_cast<uint32_t>(hash >> 32);
  for (size_t place = hash & mask;; place = (place + 1) & mask) {
    Slot& slot = slots_[place];
    if (slot.code == 0) return slot;
    if (slot.hash == upper && base::SameBytes((*this)[slot.code - 1], text)) return slot;
  }
}

uint32_t Dictionary::Intern(std::string_view text) {
  const uint64_t hash = HashOf(text);
  Slot& slot = SlotOf(text, hash);
  return slot.code != 0 ? slot.code - 1 : Add(text, hash, false, slot);
}

// Text that is there as text need not be looked at again.
uint32_t Dictionary::InternText(std::string_view text, uint64_t hash) {
  Slot& slot = SlotOf(text, hash);
  if (slot.code != 0 && texts_[slot.code - 1].utf8) return slot.code - 1;
  if (!IsUtf8(text)) {
    ++repaired_;
    return InternText(RepairUtf8(text));
  }
  if (slot.code == 0) return Add(text, hash, true, slot);
  return slot.code - 1;
}

uint32_t Dictionary::InternNested(const model::ValueView& value) {
  const RepairedValue repaired = RepairNestedUtf8(value);
  repaired_ += repaired.strings;
  return Intern(repaired.strings == 0 ? value.text : repaired.text);
}

uint32_t Dictionary::Add(std::string_view text, uint64_t hash, bool utf8, Slot& slot) {
  const auto code = static_cast<uint32_t>(texts_.size());
  texts_.push_back({Keep(text), static_cast<uint32_t>(text.size()), utf8});
  slot = {static_cast<uint32_t>(hash >> 32), code + 1};
  if (texts_.size() * 4 > slots_.size() * 3) Grow();
  return code;
}

void Dictionary::Grow() {
  slots_.assign(slots_.size() * 2, {});
  for (uint32_t code = 0; code < texts_.size(); ++code) {
    const std::string_view text = (*this)[code];
    const uint64_t hash = HashOf(text);
    const size_t mask = slots_.size() - 1;
    size_t place = hash & mask;
    while (slots_[place].code != 0) place = (place + 1) & mask;
    slots_[place] = {static_cast<uint32_t>(hash >> 32), code + 1};
  }
}

const char* Dictionary::Keep(std::string_view text) {
  if (text.size() > arena_left_) {
    // Small at first: most tenants are small.
    const size_t usual = std::clamp(arena_bytes_, kFirstArenaBytes, kMostArenaBytes);
    const size_t size = std::max(usual, text.size());
    arena_.push_back(std::make_unique_for_overwrite<char[]>(size));
    arena_next_ = arena_.back().get();
    arena_left_ = size;
    arena_bytes_ += size;
  }
  if (!text.empty()) std::memcpy(arena_next_, text.data(), text.size());
  const char* const kept = arena_next_;
  arena_next_ += text.size();
  arena_left_ -= text.size();
  return kept;
}

size_t Dictionary::size_bytes() const {
  return arena_bytes_ + texts_.size_bytes() + slots_.size() * sizeof(Slot);
}

}  // namespace clew::store
