// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <variant>

#include "query/eval/value.h"

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
    return ShallowValue{value.scalar.index(), BitsOf(value.scalar),
                        text == nullptr ? 0 : text->size()};
  }
  uint64_t Hash() const {
    const uint64_t mixed = (bits ^ type << 56 ^ size << 40) * 0x9E3779B97F4A7C15;
    return mixed ^ mixed >> 29;
  }
  struct Hasher {
    size_t operator()(const ShallowValue& value) const { return value.Hash(); }
  };

 private:
  static uint64_t BitsOf(const Scalar& value) {
    return std::visit(
        [](const auto& held) -> uint64_t {
          using T = std::decay_t<decltype(held)>;
          if constexpr (std::is_same_v<T, Nil>) {
            return 0;
          } else if constexpr (std::is_same_v<T, double>) {
            return std::bit_cast<uint64_t>(held);
          } else if constexpr (std::is_same_v<T, std::string_view>) {
            return std::bit_cast<uint64_t>(held.data());
          } else if constexpr (std::is_same_v<T, Duration>) {
            return static_cast<uint64_t>(held.ns);
          } else {
            return static_cast<uint64_t>(held);
          }
        },
        value);
  }
};

}  // namespace clew::query
