// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace clew::traceql {

inline constexpr size_t kMaxQueryBytes = 131072;  // as Tempo's max_query_expression_size_bytes
// Levels of a tree and of parentheses in a text. Chains of && and || are one level.
inline constexpr uint32_t kMaxHeight = 250;
inline constexpr int64_t kMaxCompareTop = 1000;
inline constexpr size_t kMaxMetricsLabels = 5;  // with those that the function adds

}  // namespace clew::traceql
