// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace clew::serve {

inline constexpr int64_t kNanosPerMilli = 1'000'000;
inline constexpr int64_t kNanosPerSecond = 1'000'000'000;

}  // namespace clew::serve
