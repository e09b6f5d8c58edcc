// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

// Compression of pages. Thread-safe: each thread has its own compressor.
namespace clew::parquet {

// Compression, numbered as in the format.
enum class Codec : uint8_t { kUncompressed = 0, kSnappy = 1, kGzip = 2, kZstd = 6, kLz4Raw = 7 };

// The plain bytes of a page, `plain_size` of them by its header. kCorruption when the
// bytes are not of that codec, hold more or less, or are too few to hold so many (so no
// memory is taken for a size that is a lie); kTooLarge above 1 GiB; kUnsupported for a
// codec that is not named above.
base::Result<std::string> DecompressPage(Codec codec, std::string_view bytes, size_t plain_size);

// `zstd_level` is for kZstd alone, and 1 to 19.
// REQUIRES: plain.size() <= 1 GiB
std::string CompressPage(Codec codec, int zstd_level, std::string_view plain);

}  // namespace clew::parquet
