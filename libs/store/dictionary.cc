// SPDX-License-Identifier: Apache-2.0
#include "store/dictionary.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <random>
#include <utility>

#include "base/bytes.h"
#include "base/hash.h"
#include "store/utf8_repair.h"

namespace clew::store {
namespace {

constexpr size_t kFirstArenaBytes = 512;
constexpr size_t kMostArenaBytes = size_t{64} << 10;

// How many texts are found without their hash, once so many slots are not in a cache anyway.
constexpr uint32_t kRecentBits = 11;
constexpr size_t kManySlots = size_t{4} << kRecentBits;

// Cheap, of a text's size and both its ends: texts that differ between them only share a place.
uint64_t HashOfEnds(std::string_view text) {
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;
  const size_t size = text.size();
  uint64_t first = 0;
  uint64_t last = 0;
  if (size >= sizeof first) {
    first = base::LoadLittle<uint64_t>(text.data());
    last = base::LoadLittle<uint64_t>(text.data() + size - sizeof last);
  } else if (size >= sizeof(uint32_t)) {
    first = base::LoadLittle<uint32_t>(text.data());
    last = base::LoadLittle<uint32_t>(text.data() + size - sizeof(uint32_t));
  } else {
    for (const char byte : text) first = first << 8 | static_cast<uint8_t>(byte);
  }
  const uint64_t mixed = (first * kOdd) ^ std::rotl(last, 23) ^ size;
  return (mixed ^ mixed >> 32) * kOdd;
}

}  // namespace

Dictionary::Dictionary() : slots_(32) {}

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
  const auto lower = static_cast<uint32_t>(hash);
  for (size_t place = lower & mask;; place = (place + 1) & mask) {
    Slot& slot = slots_[place];
    if (slot.code == 0) return slot;
    if (slot.hash == lower && base::SameBytes((*this)[slot.code - 1], text)) return slot;
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
  if (slot.code != 0 && texts_[slot.code - 1].utf8) {
    NoteRecent(text, slot.code - 1);
    return slot.code - 1;
  }
  if (!IsUtf8(text)) {
    ++repaired_;
    return InternText(RepairUtf8(text));
  }
  if (slot.code == 0) return Add(text, hash, true, slot);
  return slot.code - 1;
}

std::optional<uint32_t> Dictionary::FindRecent(std::string_view text) const {
  if (recent_.empty()) return std::nullopt;
  const uint64_t hash = HashOfEnds(text);
  const Slot& slot = recent_[hash >> (64 - kRecentBits)];
  const bool same = slot.code != 0 && slot.hash == static_cast<uint32_t>(hash) &&
                    base::SameBytes((*this)[slot.code - 1], text);
  return same ? std::optional(slot.code - 1) : std::nullopt;
}

// Those that came once may be many, and would drive out the others.
void Dictionary::NoteRecent(std::string_view text, uint32_t code) {
  if (recent_.empty()) return;
  const uint64_t hash = HashOfEnds(text);
  recent_[hash >> (64 - kRecentBits)] = {static_cast<uint32_t>(hash), code + 1};
}

uint32_t Dictionary::InternNested(const model::ValueView& value) {
  const RepairedValue repaired = RepairNestedUtf8(value);
  repaired_ += repaired.strings;
  return Intern(repaired.strings == 0 ? value.text : repaired.text);
}

uint32_t Dictionary::Add(std::string_view text, uint64_t hash, bool utf8, Slot& slot) {
  const auto code = static_cast<uint32_t>(texts_.size());
  texts_.push_back({Keep(text), static_cast<uint32_t>(text.size()), utf8});
  slot = {static_cast<uint32_t>(hash), code + 1};
  if (texts_.size() * 4 > slots_.size() * 3) Grow();
  return code;
}

void Dictionary::Grow() {
  std::vector<Slot> grown(slots_.size() * 2);
  const size_t mask = grown.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.code == 0) continue;
    size_t place = slot.hash & mask;
    while (grown[place].code != 0) place = (place + 1) & mask;
    grown[place] = slot;
  }
  slots_ = std::move(grown);
  if (slots_.size() >= kManySlots) recent_.resize(size_t{1} << kRecentBits);
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
  return arena_bytes_ + texts_.size_bytes() + (slots_.size() + recent_.size()) * sizeof(Slot);
}

}  // namespace clew::store
