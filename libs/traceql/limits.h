// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace clew::traceql {

inline constexpr size_t kMaxQueryBytes = 131072;  // as Tempo's max_query_expression_size_bytes
// Levels of a tree; chains of && and || are one level.
inline constexpr uint32_t kMaxHeight = 150;
// Calls within calls while a text is read, which parentheses cost more of than operators. More
// than twice the height, so that what was read is read again when it is printed.
inline constexpr uint32_t kMaxDepth = 400;
// Instructions of all regexes of a query, as RE2 compiles them. A regex of a few bytes can be a
// program of 300'000, which takes 0.2 s to make; 5'000 names with | between them are about 30'000.
inline constexpr int kMaxRegexInstructions = 32'768;
inline constexpr int64_t kMaxCompareTop = 1000;
inline constexpr size_t kMaxMetricsLabels = 5;  // with those that the function adds

}  // namespace clew::traceql
