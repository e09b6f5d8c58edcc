// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>

namespace clew::parquet {

// Copies the first `size` bytes of `from` to `to`, and maybe some behind them: most strings
// are short, and a copy of a fixed size is quicker than one that looks at it first.
// REQUIRES: size <= from.size() and to.size(), which do not overlap
inline void CopyFront(std::string_view from, std::span<char> to, size_t size) {
  constexpr size_t kShort = 32;
  if (size <= kShort && from.size() >= kShort && to.size() >= kShort) {
    std::memcpy(to.data(), from.data(), kShort);
  } else if (size > 0) {
    std::memcpy(to.data(), from.data(), size);
  }
}

}  // namespace clew::parquet
