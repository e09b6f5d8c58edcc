// SPDX-License-Identifier: Apache-2.0
// The one place where outside bytes are inflated. Each codec writes into a
// buffer that never grows past the limit, so a bomb costs the limit and no more.
#include "base/compression.h"

#include <libdeflate.h>
#include <lz4frame.h>
#include <snappy.h>
#include <zstd.h>

#include <algorithm>
#include <memory>

namespace clew::base {
namespace {

constexpr size_t kFirstBufferBytes = size_t{64} << 10;
constexpr size_t kLikelyRatio = 8;

Error TooLarge(size_t limit_bytes) {
  return {ErrorCode::kTooLarge,
          "decompressed body exceeds the limit of " + std::to_string(limit_bytes) + " bytes"};
}

Error Malformed(std::string_view codec) {
  return {ErrorCode::kInvalidArgument, "body is not valid " + std::string(codec)};
}

// At least 1, so that what exceeds a limit of 0 is seen.
size_t FirstSize(size_t compressed_bytes, size_t limit_bytes) {
  const size_t likely = std::max(kFirstBufferBytes, compressed_bytes * kLikelyRatio);
  return std::max<size_t>(std::min(likely, limit_bytes), 1);
}

using Inflater = std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>;

// One member of a deflate-like stream appended to `out`; returns the bytes it took.
template <typename Decode>
Result<size_t> InflateMember(std::string_view in, size_t limit_bytes, std::string& out,
                             Decode decode) {
  const size_t base = out.size();
  size_t room = FirstSize(in.size(), limit_bytes - base);
  while (true) {
    out.resize(base + room);
    size_t taken = 0;
    size_t made = 0;
    const libdeflate_result result =
        decode(in.data(), in.size(), out.data() + base, room, &taken, &made);
    if (result == LIBDEFLATE_SUCCESS && base + made <= limit_bytes) {
      out.resize(base + made);
      return taken;
    }
    if (result == LIBDEFLATE_SUCCESS) return TooLarge(limit_bytes);
    if (result != LIBDEFLATE_INSUFFICIENT_SPACE) return Malformed("deflate data");
    if (base + room >= limit_bytes) return TooLarge(limit_bytes);
    room = std::min(room * 4, limit_bytes - base);
  }
}

Result<std::string> Inflate(Codec codec, std::string_view in, size_t limit_bytes) {
  const Inflater inflater(libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  std::string out;
  if (codec == Codec::kDeflate) {
    // "deflate" means zlib, but raw deflate is sent under that name too.
    const bool zlib = in.size() >= 2 && (in[0] & 15) == 8 &&
                      (static_cast<uint8_t>(in[0]) * 256 + static_cast<uint8_t>(in[1])) % 31 == 0;
    TRY(InflateMember(in, limit_bytes, out, [&](auto... arguments) {
      return zlib ? libdeflate_zlib_decompress_ex(inflater.get(), arguments...)
                  : libdeflate_deflate_decompress_ex(inflater.get(), arguments...);
    }));
    return out;
  }
  do {  // gzip may hold several members, one after the other
    const size_t taken = TRY(InflateMember(in, limit_bytes, out, [&](auto... arguments) {
      return libdeflate_gzip_decompress_ex(inflater.get(), arguments...);
    }));
    in.remove_prefix(taken);
  } while (!in.empty());
  return out;
}

Result<std::string> DecompressZstd(std::string_view in, size_t limit_bytes) {
  const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(ZSTD_createDStream(),
                                                                          &ZSTD_freeDStream);
  // The window must not cost more than the output may.
  ZSTD_DCtx_setParameter(stream.get(), ZSTD_d_windowLogMax, 27);
  ZSTD_inBuffer input{in.data(), in.size(), 0};
  std::string out(FirstSize(in.size(), limit_bytes), '\0');
  ZSTD_outBuffer output{out.data(), out.size(), 0};
  while (true) {
    const size_t left = ZSTD_decompressStream(stream.get(), &output, &input);
    if (ZSTD_isError(left) != 0) return Malformed("zstd");
    if (left == 0 && input.pos == input.size) break;
    if (output.pos == output.size) {
      if (out.size() >= limit_bytes) return TooLarge(limit_bytes);
      out.resize(std::min(out.size() * 2, limit_bytes));
      output.dst = out.data();
      output.size = out.size();
    } else if (input.pos == input.size) {
      return Malformed("zstd");  // It ends in the middle.
    }
  }
  if (output.pos > limit_bytes) return TooLarge(limit_bytes);
  out.resize(output.pos);
  return out;
}

Result<std::string> DecompressLz4(std::string_view in, size_t limit_bytes) {
  LZ4F_dctx* raw = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&raw, LZ4F_VERSION)) != 0) {
    return Malformed("lz4");
  }
  const std::unique_ptr<LZ4F_dctx, decltype(&LZ4F_freeDecompressionContext)> context(
      raw, &LZ4F_freeDecompressionContext);
  std::string out(FirstSize(in.size(), limit_bytes), '\0');
  size_t made = 0;
  while (true) {
    size_t taken = in.size();
    size_t room = out.size() - made;
    const size_t left = LZ4F_decompress(raw, out.data() + made, &room, in.data(), &taken, nullptr);
    if (LZ4F_isError(left) != 0) return Malformed("lz4");
    made += room;
    in.remove_prefix(taken);
    if (left == 0 && in.empty()) break;
    if (made == out.size()) {
      if (out.size() >= limit_bytes) return TooLarge(limit_bytes);
      out.resize(std::min(out.size() * 2, limit_bytes));
    } else if (taken == 0 && room == 0) {
      return Malformed("lz4");
    }
  }
  if (made > limit_bytes) return TooLarge(limit_bytes);
  out.resize(made);
  return out;
}

Result<std::string> DecompressSnappy(std::string_view in, size_t limit_bytes) {
  size_t size = 0;
  if (!snappy::GetUncompressedLength(in.data(), in.size(), &size)) return Malformed("snappy");
  if (size > limit_bytes) return TooLarge(limit_bytes);
  if (!snappy::IsValidCompressedBuffer(in.data(), in.size())) return Malformed("snappy");
  std::string out(size, '\0');
  if (!snappy::RawUncompress(in.data(), in.size(), out.data())) return Malformed("snappy");
  return out;
}

}  // namespace

Result<std::string> Decompress(Codec codec, std::string_view compressed, size_t limit_bytes) {
  switch (codec) {
    case Codec::kNone:
      if (compressed.size() > limit_bytes) return TooLarge(limit_bytes);
      return std::string(compressed);
    case Codec::kGzip:
    case Codec::kDeflate:
      return Inflate(codec, compressed, limit_bytes);
    case Codec::kZstd:
      return DecompressZstd(compressed, limit_bytes);
    case Codec::kLz4:
      return DecompressLz4(compressed, limit_bytes);
    case Codec::kSnappy:
      return DecompressSnappy(compressed, limit_bytes);
  }
  return Malformed("data");
}

std::string GzipCompress(std::string_view plain) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(1), &libdeflate_free_compressor);
  std::string out(libdeflate_gzip_compress_bound(compressor.get(), plain.size()), '\0');
  out.resize(libdeflate_gzip_compress(compressor.get(), plain.data(), plain.size(), out.data(),
                                      out.size()));
  return out;
}

}  // namespace clew::base
