// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "parquet/encoding.h"
#include "parquet/values.h"

// PLAIN: numbers as they lie in memory, booleans a bit each, strings behind their length
// (four bytes), those of a fixed length without. Errors and bounds as in encoding.h; bytes
// behind the last value are not looked at.
namespace clew::parquet {

// Both REQUIRE a length of a FIXED_LEN_BYTE_ARRAY above 0.
void EncodePlain(const ValueRange& range, std::string& out);
base::Result<Values> DecodePlain(const EncodedValues& encoded);
// What of the bytes holds a part of the values, which are no booleans.
// REQUIRES: as above, and part.end() <= encoded.count
base::Result<std::string_view> PlainBytesOf(const EncodedValues& encoded, Part part);

}  // namespace clew::parquet
