// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clew::base {

enum class Codec : unsigned char { kNone, kGzip, kDeflate, kZstd, kLz4, kSnappy };

// The whole plain text of `compressed`, never more than `limit_bytes` of it: the
// one place where outside bytes are inflated. kTooLarge past the limit (nothing
// beyond it was produced), kInvalidArgument when the bytes are not of that
// codec. kDeflate takes zlib and raw deflate; kLz4 is the frame format; kSnappy
// takes the block format and frames.
Result<std::string> Decompress(Codec codec, std::string_view compressed, size_t limit_bytes);

// For replies and exporters. Never fails.
std::string GzipCompress(std::string_view plain);

}  // namespace clew::base
