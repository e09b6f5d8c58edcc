// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdlib.h>

#include <algorithm>
#include <cstdint>

namespace clew::base {

// Whether every case is wanted, whatever the time: `./dev test --deep`.
inline bool DeepTests() {
  return getenv("CLEW_DEEP") != nullptr;
}

// For tests that draw their cases at random: how many of them. Sanitizers make code some ten
// times slower, so with them it is a tenth.
inline uint64_t TestRounds(uint64_t usual, uint64_t deep) {
  if (DeepTests()) return deep;
#ifdef __SANITIZE_ADDRESS__
  constexpr bool kSanitized = true;
#elif defined(__has_feature)
  constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
  constexpr bool kSanitized = false;
#endif
  return kSanitized ? std::max<uint64_t>(usual / 10, 1) : usual;
}

}  // namespace clew::base
