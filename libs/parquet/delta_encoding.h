// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// DELTA_BINARY_PACKED: the differences of neighbours, packed in blocks whose smallest
// difference is taken off. All sums wrap around, so any numbers can follow each other.
namespace clew::parquet {

template <typename Integer>  // int32_t or int64_t
void EncodeDelta(std::span<const Integer> values, std::string& out);

// Takes `count` numbers off the front of `bytes`. kCorruption when they are not there, are
// of another count, or are not in blocks as the format has them.
template <typename Integer>  // int32_t or int64_t
base::Result<std::vector<Integer>> DecodeDelta(std::string_view& bytes, size_t count);

}  // namespace clew::parquet
