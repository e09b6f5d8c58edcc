// SPDX-License-Identifier: Apache-2.0
#include "base/compression.h"

#include <gtest/gtest.h>
#include <lz4frame.h>
#include <snappy.h>
#include <zstd.h>

#include <map>

namespace clew::base {
namespace {

const std::string kPlain = std::string(300'000, 'a') + "the end";

std::string Zstd(const std::string& plain) {
  std::string out(ZSTD_compressBound(plain.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 1));
  return out;
}

std::string Lz4(const std::string& plain) {
  std::string out(LZ4F_compressFrameBound(plain.size(), nullptr), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), plain.data(), plain.size(), nullptr));
  return out;
}

std::string Snappy(const std::string& plain) {
  std::string out;
  snappy::Compress(plain.data(), plain.size(), &out);
  return out;
}

std::map<Codec, std::string> Packed(const std::string& plain) {
  return {{Codec::kNone, plain},
          {Codec::kGzip, GzipCompress(plain)},
          {Codec::kZstd, Zstd(plain)},
          {Codec::kLz4, Lz4(plain)},
          {Codec::kSnappy, Snappy(plain)}};
}

TEST(Decompress, RestoresEveryCodec) {
  for (const auto& [codec, packed] : Packed(kPlain)) {
    EXPECT_EQ(Decompress(codec, packed, 1 << 20).value(), kPlain) << static_cast<int>(codec);
    EXPECT_EQ(Decompress(codec, packed, kPlain.size()).value(), kPlain) << static_cast<int>(codec);
  }
}

TEST(Decompress, StopsAtTheLimit) {
  for (const auto& [codec, packed] : Packed(kPlain)) {
    EXPECT_EQ(Decompress(codec, packed, kPlain.size() - 1).error().code, ErrorCode::kTooLarge)
        << static_cast<int>(codec);
  }
}

TEST(Decompress, EveryTruncationIsAnErrorAndNoCrash) {
  for (const auto& [codec, packed] : Packed("some text that is short, short, short")) {
    if (codec == Codec::kNone) continue;
    for (size_t size = 0; size < packed.size(); ++size) {
      EXPECT_FALSE(Decompress(codec, packed.substr(0, size), 1 << 20).ok())
          << static_cast<int>(codec) << " at " << size;
    }
  }
}

TEST(Decompress, TakesSeveralGzipMembers) {
  EXPECT_EQ(Decompress(Codec::kGzip, GzipCompress("ab") + GzipCompress("cd"), 100).value(), "abcd");
}

TEST(Decompress, EmptyTextComesBackEmpty) {
  for (const auto& [codec, packed] : Packed("")) {
    EXPECT_EQ(Decompress(codec, packed, 100).value(), "") << static_cast<int>(codec);
  }
}

}  // namespace
}  // namespace clew::base
