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
inline constexpr int64_t kMaxCompareTop = 1000;
inline constexpr size_t kMaxMetricsLabels = 5;  // with those that the function adds

}  // namespace clew::traceql
