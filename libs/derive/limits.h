// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace clew::derive {

// Times that are kept of one operation at the root; of further ones, by their hash, none are.
inline constexpr size_t kMaxTimesOfOperation = 1'000;
// The same of all operations together; some 40 to 300 bytes each in a file, up to 2 KiB in memory.
inline constexpr size_t kMaxTimes = 20'000;
// A larger trace is not counted.
inline constexpr size_t kMaxSpansOfTrace = 100'000;
// A longer text counts as its beginning.
inline constexpr size_t kMaxTextBytes = 256;

}  // namespace clew::derive
