// SPDX-License-Identifier: Apache-2.0
#include "parquet/page_codec.h"

#include <lz4.h>
#include <snappy.h>
#include <zstd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/check.h"
#include "base/compression.h"

namespace clew::parquet {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;

constexpr size_t kMaxPlainBytes = size_t{1} << 30;

// What a byte can become at most, rounded up: a zstd block of 128 KiB takes four bytes, a
// deflate match of 258 two bits, an lz4 length of 255 one byte, a snappy copy of 64 three.
size_t LargestRatio(Codec codec) {
  switch (codec) {
    case Codec::kUncompressed:
      return 1;
    case Codec::kSnappy:
      return 22;
    case Codec::kGzip:
      return 1032;
    case Codec::kZstd:
      return 32768;
    case Codec::kLz4Raw:
      return 256;
  }
  return 0;
}

Error PageDoesNotFit(Codec codec, std::string_view bytes, size_t plain_size) {
  return {ErrorCode::kCorruption, "page does not decompress to its size, codec, bytes and size: " +
                                      std::to_string(static_cast<int>(codec)) + " " +
                                      std::to_string(bytes.size()) + " " +
                                      std::to_string(plain_size)};
}

using ZstdDecompressor = std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)>;
using ZstdCompressor = std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)>;

bool DecompressZstd(std::string_view bytes, std::string& plain) {
  thread_local const ZstdDecompressor context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  const size_t made =
      ZSTD_decompressDCtx(context.get(), plain.data(), plain.size(), bytes.data(), bytes.size());
  return ZSTD_isError(made) == 0 && made == plain.size();
}

bool DecompressGzip(std::string_view bytes, size_t plain_size, std::string& plain) {
  Result<std::string> inflated = base::Decompress(base::Codec::kGzip, bytes, plain_size);
  if (!inflated.ok()) return false;
  plain = std::move(inflated).value();
  return plain.size() == plain_size;
}

bool DecompressSnappy(std::string_view bytes, std::string& plain) {
  size_t size = 0;
  return snappy::GetUncompressedLength(bytes.data(), bytes.size(), &size) && size == plain.size() &&
         snappy::RawUncompress(bytes.data(), bytes.size(), plain.data());
}

bool DecompressLz4(std::string_view bytes, std::string& plain) {
  if (bytes.size() > LZ4_MAX_INPUT_SIZE) return false;
  const int made = LZ4_decompress_safe(bytes.data(), plain.data(), static_cast<int>(bytes.size()),
                                       static_cast<int>(plain.size()));
  return made >= 0 && static_cast<size_t>(made) == plain.size();
}

bool Decompress(Codec codec, std::string_view bytes, size_t plain_size, std::string& plain) {
  if (codec == Codec::kUncompressed) {
    plain = bytes;
    return plain.size() == plain_size;
  }
  if (codec == Codec::kGzip) return DecompressGzip(bytes, plain_size, plain);
  plain.resize(plain_size);
  if (codec == Codec::kZstd) return DecompressZstd(bytes, plain);
  return codec == Codec::kSnappy ? DecompressSnappy(bytes, plain) : DecompressLz4(bytes, plain);
}

std::string CompressZstd(int level, std::string_view plain) {
  thread_local const ZstdCompressor context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
  std::string bytes(ZSTD_compressBound(plain.size()), '\0');
  const size_t made = ZSTD_compressCCtx(context.get(), bytes.data(), bytes.size(), plain.data(),
                                        plain.size(), level);
  CHECK(ZSTD_isError(made) == 0);  // There is room, so only memory can be short.
  bytes.resize(made);
  return bytes;
}

std::string CompressSnappy(std::string_view plain) {
  std::string bytes(snappy::MaxCompressedLength(plain.size()), '\0');
  size_t made = 0;
  snappy::RawCompress(plain.data(), plain.size(), bytes.data(), &made);
  bytes.resize(made);
  return bytes;
}

std::string CompressLz4(std::string_view plain) {
  const int size = static_cast<int>(plain.size());
  std::string bytes(static_cast<size_t>(LZ4_compressBound(size)), '\0');
  const int made =
      LZ4_compress_default(plain.data(), bytes.data(), size, static_cast<int>(bytes.size()));
  CHECK(made > 0);
  bytes.resize(static_cast<size_t>(made));
  return bytes;
}

}  // namespace

Result<std::string> DecompressPage(Codec codec, std::string_view bytes, size_t plain_size) {
  if (plain_size > kMaxPlainBytes) {
    return Error{ErrorCode::kTooLarge,
                 "page is larger than 1 GiB, bytes: " + std::to_string(plain_size)};
  }
  const size_t ratio = LargestRatio(codec);
  if (ratio == 0) {
    return Error{ErrorCode::kUnsupported,
                 "page of codec: " + std::to_string(static_cast<int>(codec))};
  }
  // Some write nothing at all for nothing, also with codecs that have a header.
  if (plain_size == 0 && bytes.empty()) return std::string();
  if (plain_size / ratio > bytes.size()) return PageDoesNotFit(codec, bytes, plain_size);

  std::string plain;
  if (!Decompress(codec, bytes, plain_size, plain)) return PageDoesNotFit(codec, bytes, plain_size);
  return plain;
}

std::string CompressPage(Codec codec, int zstd_level, std::string_view plain) {
  CHECK(plain.size() <= kMaxPlainBytes);
  switch (codec) {
    case Codec::kUncompressed:
      break;
    case Codec::kSnappy:
      return CompressSnappy(plain);
    case Codec::kGzip:
      return base::GzipCompress(plain);
    case Codec::kZstd:
      return CompressZstd(std::clamp(zstd_level, 1, 19), plain);
    case Codec::kLz4Raw:
      return CompressLz4(plain);
  }
  return std::string(plain);
}

}  // namespace clew::parquet
