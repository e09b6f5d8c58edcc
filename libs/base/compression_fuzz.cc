// SPDX-License-Identifier: Apache-2.0
// Properties: no codec gives more than the limit, a larger limit gives the same where
// both succeed, and what GzipCompress packs comes back. (zstd refuses a frame that holds
// less than it says only when it has room for all that it says.)
// The first byte of the input names the codec, the second the limit.
#include <cstdint>

#include "base/check.h"
#include "base/compression.h"

using clew::base::Codec;
using clew::base::Decompress;
using clew::base::ErrorCode;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const auto codec = static_cast<Codec>(data[0] % 6);
  const size_t limit = size_t{data[1]} * 64;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);

  const auto plain = Decompress(codec, bytes, limit);
  const auto roomy = Decompress(codec, bytes, limit + (64 << 10));
  if (plain.ok()) {
    CHECK(plain.value().size() <= limit);
    CHECK(!roomy.ok() || roomy.value() == plain.value());
    CHECK(roomy.ok() || codec == Codec::kZstd);
  } else if (plain.error().code == ErrorCode::kTooLarge && roomy.ok()) {
    CHECK(roomy.value().size() > limit);
  }

  const auto back = Decompress(Codec::kGzip, clew::base::GzipCompress(bytes), bytes.size());
  CHECK(back.ok() && back.value() == bytes);
  return 0;
}
