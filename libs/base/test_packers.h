// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <lz4frame.h>
#include <snappy.h>
#include <zstd.h>

#include <string>

#include "base/hash.h"

// For tests: texts as other programs compress them.
namespace clew::base {

inline std::string Zstd(const std::string& plain) {
  std::string out(ZSTD_compressBound(plain.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 1));
  return out;
}

inline std::string Lz4(const std::string& plain) {
  std::string out(LZ4F_compressFrameBound(plain.size(), nullptr), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), plain.data(), plain.size(), nullptr));
  return out;
}

inline std::string SnappyBlock(const std::string& plain) {
  std::string out;
  snappy::Compress(plain.data(), plain.size(), &out);
  return out;
}

// What is in front of the bytes of a chunk of snappy's frames, and the bytes.
inline std::string WithSnappyChecksum(const std::string& plain, const std::string& bytes) {
  const uint32_t crc = Crc32c(plain);
  const uint32_t masked = (crc >> 15 | crc << 17) + 0xa282ead8;
  return std::string(reinterpret_cast<const char*>(&masked), 4) + bytes;
}

inline std::string SnappyChunk(char type, const std::string& rest) {
  std::string head(1, type);
  for (int shift = 0; shift < 24; shift += 8) head += static_cast<char>(rest.size() >> shift & 255);
  return head + rest;
}

inline std::string SnappyStart() {
  return SnappyChunk('\xff', "sNaPpY");
}

inline std::string SnappyFrames(const std::string& plain) {
  std::string out = SnappyStart();
  for (size_t at = 0; at < plain.size(); at += 65536) {
    const std::string piece = plain.substr(at, 65536);
    out += SnappyChunk(0, WithSnappyChecksum(piece, SnappyBlock(piece)));
  }
  return out;
}

}  // namespace clew::base
