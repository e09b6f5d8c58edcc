// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "parquet/encoding.h"
#include "parquet/values.h"

// Strings with their lengths apart. Errors and bounds as in encoding.h; bytes behind the
// last value are not looked at.
namespace clew::parquet {

// DELTA_LENGTH_BYTE_ARRAY: the lengths as DELTA_BINARY_PACKED, then the bytes, of `count`
// values from `first` on.
// REQUIRES: those are at most 2 GiB
void EncodeDeltaLength(const ByteArrays& arrays, size_t first, size_t count, std::string& out);
base::Result<ByteArrays> DecodeDeltaLength(std::string_view bytes, size_t count);
// REQUIRES: part.end() <= count
base::Result<ByteArrays> DecodeDeltaLengthPart(std::string_view bytes, size_t count, Part part);

// DELTA_BYTE_ARRAY: how many bytes each has in front as the one before, then the rest of
// each as DELTA_LENGTH_BYTE_ARRAY. kTooLarge when the values are over 1 GiB, which few
// bytes can stand for.
base::Result<ByteArrays> DecodeDeltaByteArray(std::string_view bytes, size_t count);

}  // namespace clew::parquet
