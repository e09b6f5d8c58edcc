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

#include "base/bytes.h"
#include "base/hash.h"

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

// What has been inflated, in front of room that is used again: a body may have millions of
// members, and room is cleared when it is made.
struct Inflated {
  std::string out;
  size_t size = 0;
};

// One member of a deflate-like stream appended; returns the bytes it took.
template <typename Decode>
Result<size_t> InflateMember(std::string_view in, size_t limit_bytes, Inflated& inflated,
                             Decode decode) {
  std::string& out = inflated.out;
  if (out.empty()) out.resize(FirstSize(in.size(), limit_bytes));
  while (true) {
    size_t taken = 0;
    size_t made = 0;
    const libdeflate_result result = decode(in.data(), in.size(), out.data() + inflated.size,
                                            out.size() - inflated.size, &taken, &made);
    if (result == LIBDEFLATE_SUCCESS && inflated.size + made <= limit_bytes) {
      inflated.size += made;
      return taken;
    }
    if (result == LIBDEFLATE_SUCCESS) return TooLarge(limit_bytes);
    if (result != LIBDEFLATE_INSUFFICIENT_SPACE) return Malformed("deflate data");
    if (out.size() >= limit_bytes) return TooLarge(limit_bytes);
    out.resize(std::min(out.size() * 4, limit_bytes));
  }
}

Result<std::string> Inflate(Codec codec, std::string_view in, size_t limit_bytes) {
  const Inflater inflater(libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  Inflated inflated;
  if (codec == Codec::kDeflate) {
    // "deflate" means zlib, but raw deflate is sent under that name too.
    const bool zlib = in.size() >= 2 && (in[0] & 15) == 8 &&
                      (static_cast<uint8_t>(in[0]) * 256 + static_cast<uint8_t>(in[1])) % 31 == 0;
    TRY(InflateMember(in, limit_bytes, inflated, [&](auto... arguments) {
      return zlib ? libdeflate_zlib_decompress_ex(inflater.get(), arguments...)
                  : libdeflate_deflate_decompress_ex(inflater.get(), arguments...);
    }));
    inflated.out.resize(inflated.size);
    return std::move(inflated.out);
  }
  do {  // gzip may hold several members, one after the other
    const size_t taken = TRY(InflateMember(in, limit_bytes, inflated, [&](auto... arguments) {
      return libdeflate_gzip_decompress_ex(inflater.get(), arguments...);
    }));
    in.remove_prefix(taken);
  } while (!in.empty());
  inflated.out.resize(inflated.size);
  return std::move(inflated.out);
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

// A snappy block appended to `out`. It says its own size, which is believed only when the block
// was walked and has it.
Status AppendSnappyBlock(std::string_view in, size_t limit_bytes, std::string& out) {
  size_t size = 0;
  if (!snappy::GetUncompressedLength(in.data(), in.size(), &size)) return Malformed("snappy");
  if (size > limit_bytes - out.size()) return TooLarge(limit_bytes);
  if (!snappy::IsValidCompressedBuffer(in.data(), in.size())) return Malformed("snappy");
  const size_t base = out.size();
  out.resize(base + size);
  if (!snappy::RawUncompress(in.data(), in.size(), out.data() + base)) return Malformed("snappy");
  return {};
}

// A chunk of snappy's frames is its type, the size of the rest (3 bytes), and the rest.
constexpr std::string_view kSnappyStart("\xff\x06\0\0sNaPpY", 10);
constexpr size_t kSnappyHeadBytes = 4;
constexpr size_t kSnappyChecksumBytes = 4;
constexpr size_t kSnappyMostBytes = 65536;  // of one chunk, before it was compressed
constexpr uint8_t kSnappyCompressed = 0x00;
constexpr uint8_t kSnappyPlain = 0x01;
constexpr uint8_t kSnappyFirstSkippable = 0x80;

// The checksum in front of what a chunk holds. It is that of the plain bytes.
bool HasSnappyChecksum(std::string_view chunk, std::string_view plain) {
  const uint32_t crc = Crc32c(plain);
  const uint32_t masked = ((crc >> 15) | (crc << 17)) + 0xa282ead8;
  return LoadLittle<uint32_t>(chunk.data()) == masked;
}

// The rest of a chunk of this type, appended to `out`.
Status AppendSnappyChunk(uint8_t type, std::string_view rest, size_t limit_bytes,
                         std::string& out) {
  if (type >= kSnappyFirstSkippable) return {};  // Padding, or the start of a stream once more.
  if (type > kSnappyPlain || rest.size() < kSnappyChecksumBytes) return Malformed("snappy");
  const size_t base = out.size();
  const std::string_view data = rest.substr(kSnappyChecksumBytes);
  if (type == kSnappyCompressed) {
    TRY(AppendSnappyBlock(data, std::min(limit_bytes, base + kSnappyMostBytes), out));
  } else {
    if (data.size() > limit_bytes - base) return TooLarge(limit_bytes);
    out += data;
  }
  if (!HasSnappyChecksum(rest, std::string_view(out).substr(base))) return Malformed("snappy");
  return {};
}

Result<std::string> DecompressSnappy(std::string_view in, size_t limit_bytes) {
  std::string out;
  if (!in.starts_with(kSnappyStart)) {
    TRY(AppendSnappyBlock(in, limit_bytes, out));
    return out;
  }
  while (!in.empty()) {
    if (in.size() < kSnappyHeadBytes) return Malformed("snappy");
    const uint32_t head = LoadLittle<uint32_t>(in.data());
    const size_t size = head >> 8;
    in.remove_prefix(kSnappyHeadBytes);
    if (size > in.size()) return Malformed("snappy");
    TRY(AppendSnappyChunk(static_cast<uint8_t>(head), in.substr(0, size), limit_bytes, out));
    in.remove_prefix(size);
  }
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
