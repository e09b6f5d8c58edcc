// SPDX-License-Identifier: Apache-2.0
#include "parquet/dictionary_builder.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <type_traits>
#include <utility>
#include <vector>

namespace clew::parquet {
namespace {

constexpr uint32_t kFree = UINT32_MAX;
constexpr size_t kFirstTable = 1024;
// Looked at before it is decided whether a dictionary pays.
constexpr size_t kTrial = 4096;

uint64_t HashOf(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}
template <typename T>
uint64_t HashOf(T value) {
  return XXH3_64bits(&value, sizeof value);
}

// Values as keys: doubles by their bits, so that NaNs and both zeros are kept apart.
uint64_t KeyOf(double value) {
  return std::bit_cast<uint64_t>(value);
}
int64_t KeyOf(int64_t value) {
  return value;
}
int32_t KeyOf(int32_t value) {
  return value;
}
std::string_view KeyOf(std::string_view value) {
  return value;
}

size_t BytesOf(std::string_view value) {
  return value.size() + 4;
}
template <typename T>
size_t BytesOf(T) {
  return sizeof(T);
}

// Open addressing; a slot holds the code of a distinct value.
template <typename Sequence>
class Interner {
 public:
  explicit Interner(uint64_t limit_bytes) : slots_(kFirstTable, kFree), limit_(limit_bytes) {}

  std::optional<CodedValues> Code(const Sequence& values) {
    codes_.reserve(values.size());
    for (size_t i = 0; i < values.size(); ++i) {
      codes_.push_back(CodeOf(values[i]));
      const bool too_many = i + 1 == kTrial && distinct_.size() > kTrial / 2;
      if (too_many || bytes_ > limit_) return std::nullopt;
    }
    if (distinct_.size() > values.size() / 2 + 16) return std::nullopt;
    return CodedValues{.dictionary = std::move(distinct_), .codes = std::move(codes_)};
  }

 private:
  template <typename Value>
  uint32_t CodeOf(const Value& value) {
    // Neighbours are often equal.
    if (!codes_.empty() && KeyOf(distinct_[codes_.back()]) == KeyOf(value)) return codes_.back();
    const size_t slot = SlotOf(value);
    if (slots_[slot] != kFree) return slots_[slot];
    const auto code = static_cast<uint32_t>(distinct_.size());
    slots_[slot] = code;
    distinct_.push_back(value);
    bytes_ += BytesOf(value);
    if (2 * distinct_.size() > slots_.size()) Grow();
    return code;
  }
  template <typename Value>
  size_t SlotOf(const Value& value) const {
    const size_t mask = slots_.size() - 1;
    size_t slot = HashOf(KeyOf(value)) & mask;
    while (slots_[slot] != kFree && KeyOf(distinct_[slots_[slot]]) != KeyOf(value)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
  void Grow() {
    slots_.assign(2 * slots_.size(), kFree);
    for (uint32_t code = 0; code < distinct_.size(); ++code) slots_[SlotOf(distinct_[code])] = code;
  }

  std::vector<uint32_t> slots_, codes_;
  Sequence distinct_;
  uint64_t bytes_ = 0;
  const uint64_t limit_;
};

// Those of `values` whose place is kept.
template <typename Sequence>
Sequence Keep(const Sequence& values, const std::vector<uint32_t>& places) {
  Sequence kept;
  if constexpr (std::is_same_v<Sequence, Booleans>) {
    for (const uint32_t place : places) kept.values.push_back(values.values[place]);
  } else {
    for (const uint32_t place : places) kept.push_back(values[place]);
  }
  return kept;
}

Values KeepOf(const Values& values, const std::vector<uint32_t>& places) {
  return std::visit([&](const auto& of_type) { return Values(Keep(of_type, places)); }, values);
}

}  // namespace

std::optional<CodedValues> BuildDictionary(const Values& values, uint64_t limit_bytes) {
  return std::visit(
      [&](const auto& of_type) -> std::optional<CodedValues> {
        using Sequence = std::decay_t<decltype(of_type)>;
        if constexpr (std::is_same_v<Sequence, Booleans>) {
          return std::nullopt;  // A code would be as long as the value.
        } else {
          return Interner<Sequence>(limit_bytes).Code(of_type);
        }
      },
      values);
}

CodedValues DropUnused(CodedValues coded) {
  std::vector<uint32_t> renumbered(CountOf(coded.dictionary), kFree);
  for (const uint32_t code : coded.codes) renumbered[code] = 0;
  if (std::ranges::find(renumbered, kFree) == renumbered.end()) return coded;
  std::vector<uint32_t> kept;
  for (uint32_t code = 0; code < renumbered.size(); ++code) {
    if (renumbered[code] == kFree) continue;
    renumbered[code] = static_cast<uint32_t>(kept.size());
    kept.push_back(code);
  }
  for (uint32_t& code : coded.codes) code = renumbered[code];
  coded.dictionary = KeepOf(coded.dictionary, kept);
  return coded;
}

uint64_t PlainBytes(const Values& values, Type type) {
  if (const auto* bytes = std::get_if<ByteArrays>(&values)) {
    return bytes->bytes().size() + (type == Type::kByteArray ? 4 * bytes->size() : 0);
  }
  if (const auto* narrow = std::get_if<std::vector<int32_t>>(&values)) return 4 * narrow->size();
  if (const auto* booleans = std::get_if<Booleans>(&values)) return (booleans->size() + 7) / 8;
  return 8 * CountOf(values);
}

Values Resolve(const CodedValues& coded) {
  return KeepOf(coded.dictionary, coded.codes);
}

}  // namespace clew::parquet
