// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "query/eval/scalar_bits.h"

namespace clew::query {

// A value of one source, a text by where it lies: what is equal here is the same value, and
// comparing costs nothing. The other way round it need not be.
struct ShallowValue {
  uint64_t type = 0, bits = 0, size = 0;
  bool operator==(const ShallowValue&) const = default;

  // nullopt for arrays.
  static std::optional<ShallowValue> Of(const Value& value) {
    if (value.is_array) return std::nullopt;
    const auto* text = std::get_if<std::string_view>(&value.scalar);
    const uint64_t bits = ScalarBits(
        value.scalar, [](std::string_view held) { return std::bit_cast<uint64_t>(held.data()); });
    return ShallowValue{value.scalar.index(), bits, text == nullptr ? 0 : text->size()};
  }
  uint64_t Hash() const {
    const uint64_t mixed = (bits ^ type << 56 ^ size << 40) * 0x9E3779B97F4A7C15;
    return mixed ^ mixed >> 29;
  }
  struct Hasher {
    size_t operator()(const ShallowValue& value) const { return value.Hash(); }
  };
};

}  // namespace clew::query
