// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clew::wire {

// How a body is compressed. The numbers are stored in the WAL and never change meaning.
enum class ContentEncoding : uint8_t {
  kIdentity = 0,
  kGzip = 1,
  kDeflate = 2,
  kZstd = 3,
  kLz4 = 4,
  kSnappy = 5
};

// The plain text of a body; errors are those of base::Decompress.
base::Result<std::string> Inflate(ContentEncoding encoding, std::string_view body,
                                  size_t limit_bytes);

}  // namespace clew::wire
