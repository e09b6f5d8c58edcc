// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "parquet/metadata.h"
#include "parquet/values.h"

namespace clew::parquet {

// Smallest and largest of some values of a column, in the order of the type, as
// Statistics has them. NaNs do not count; a zero bounds both zeros. Byte arrays are
// cut to kMaxBoundBytes: a maximum is rounded up, and left out when it cannot be.
inline constexpr size_t kMaxBoundBytes = 64;

// Of values [first, first + count).
Statistics BoundsOf(const Values& values, size_t first, size_t count);
// Of the values with these places.
Statistics BoundsOf(const Values& values, std::span<const uint32_t> places);

// The bounds of two sets together; null counts are added.
Statistics Merge(const Statistics& a, const Statistics& b, Type type);

// Whether pages ordered so rise or fall.
BoundaryOrder OrderOf(const std::vector<Statistics>& pages, Type type);

}  // namespace clew::parquet
