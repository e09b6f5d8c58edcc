// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

// BYTE_STREAM_SPLIT: the first bytes of all values, then the second bytes, and so on.
namespace clew::parquet {

// Both write values.size() bytes to `out`.
// REQUIRES: value_bytes > 0 and divides values.size(); `out` does not overlap
void SplitByteStreams(std::string_view values, size_t value_bytes, char* out);
void JoinByteStreams(std::string_view streams, size_t value_bytes, char* out);

}  // namespace clew::parquet
