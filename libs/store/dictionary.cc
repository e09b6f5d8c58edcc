// SPDX-License-Identifier: Apache-2.0
#include "store/dictionary.h"

#include <algorithm>
#include <cstring>
#include <random>

#include "base/hash.h"
#include "store/utf8_repair.h"

namespace clew::store {
namespace {

constexpr size_t kFirstArenaBytes = size_t{4} << 10;
constexpr size_t kMostArenaBytes = size_t{64} << 10;

// Not the same in every process, so that nobody can prepare strings that collide.
uint64_t HashOf(std::string_view text) {
  static const uint64_t seed = uint64_t{std::random_device{}()} << 32 | std::random_device{}();
  return base::Hash64(text, seed);
}

}  // namespace

Dictionary::Dictionary() : slots_(256, 0) {}

uint32_t Dictionary::InternText(std::string_view text) {
  if (IsUtf8(text)) return Intern(text);
  ++repaired_;
  return Intern(RepairUtf8(text));
}

uint32_t Dictionary::InternNested(const model::ValueView& value) {
  const RepairedValue repaired = RepairNestedUtf8(value);
  repaired_ += repaired.strings;
  return Intern(repaired.strings == 0 ? value.text : repaired.text);
}

uint32_t Dictionary::Intern(std::string_view text) {
  const size_t mask = slots_.size() - 1;
  size_t slot = HashOf(text) & mask;
  for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
    if (texts_[slots_[slot] - 1] == text) return slots_[slot] - 1;
  }
  const auto code = static_cast<uint32_t>(texts_.size());
  texts_.push_back(Keep(text));
  slots_[slot] = code + 1;
  if (texts_.size() * 2 > slots_.size()) Grow();
  return code;
}

void Dictionary::Grow() {
  slots_.assign(slots_.size() * 2, 0);
  const size_t mask = slots_.size() - 1;
  for (uint32_t code = 0; code < texts_.size(); ++code) {
    size_t slot = HashOf(texts_[code]) & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = code + 1;
  }
}

std::string_view Dictionary::Keep(std::string_view text) {
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
  const std::string_view kept(arena_next_, text.size());
  arena_next_ += text.size();
  arena_left_ -= text.size();
  return kept;
}

size_t Dictionary::size_bytes() const {
  return arena_bytes_ + texts_.size_bytes() + slots_.size() * sizeof(uint32_t);
}

}  // namespace clew::store
