// SPDX-License-Identifier: Apache-2.0
// Properties: a page of any bytes gives exactly the size that was asked for or an error,
// and what a codec compresses comes back.
// The first byte of the input names the codec, the second and third the size.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "parquet/page_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using clew::parquet::Codec;
  if (size < 3) return 0;
  const auto codec = static_cast<Codec>(data[0] % 8);
  const size_t plain_size = data[1] + size_t{256} * data[2];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 3, size - 3);

  const auto plain = clew::parquet::DecompressPage(codec, bytes, plain_size);
  if (plain.ok()) CHECK(plain.value().size() == plain_size);

  for (const Codec each :
       {Codec::kUncompressed, Codec::kSnappy, Codec::kGzip, Codec::kZstd, Codec::kLz4Raw}) {
    const std::string compressed = clew::parquet::CompressPage(each, 1, bytes);
    const auto back = clew::parquet::DecompressPage(each, compressed, bytes.size());
    CHECK(back.ok() && back.value() == bytes);
  }
  return 0;
}
