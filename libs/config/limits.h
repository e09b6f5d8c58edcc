// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace clew::config {

// Of a configuration file, ours or another program's.
inline constexpr size_t kMaxFileBytes = size_t{1} << 20;
// Of those that are told at a time; who has more has another problem.
inline constexpr size_t kMaxErrors = 100;
// Keys within keys, and keys altogether, of another program's file: aliases may multiply them.
inline constexpr size_t kMaxDepth = 16;
inline constexpr size_t kMaxForeignKeys = 10'000;

}  // namespace clew::config
