// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <variant>

#include "query/eval/value.h"

namespace clew::query {

// A scalar as a number, the same for equal ones of its type; `of_text` says it of a text.
template <typename OfText>
uint64_t ScalarBits(const Scalar& scalar, OfText of_text) {
  return std::visit(
      [&](const auto& held) -> uint64_t {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, Nil>) {
          return 0;
        } else if constexpr (std::is_same_v<T, double>) {
          return std::bit_cast<uint64_t>(held);
        } else if constexpr (std::is_same_v<T, std::string_view>) {
          return of_text(held);
        } else if constexpr (std::is_same_v<T, Duration>) {
          return static_cast<uint64_t>(held.ns);
        } else {
          return static_cast<uint64_t>(held);
        }
      },
      scalar);
}

}  // namespace clew::query
