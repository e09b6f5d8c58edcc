// SPDX-License-Identifier: Apache-2.0
#include "base/compression.h"

#include <gtest/gtest.h>

#include <map>

#include "base/test_packers.h"

namespace clew::base {
namespace {

const std::string kPlain = std::string(300'000, 'a') + "the end";

std::map<Codec, std::string> Packed(const std::string& plain) {
  return {{Codec::kNone, plain},
          {Codec::kGzip, GzipCompress(plain)},
          {Codec::kZstd, Zstd(plain)},
          {Codec::kLz4, Lz4(plain)},
          {Codec::kSnappy, SnappyBlock(plain)}};
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

TEST(Decompress, ManyGzipMembersTakeNoLongerThanTheirBytes) {
  // Room that was cleared for each of them would be a terabyte.
  const std::string empty = GzipCompress("");
  std::string bomb;
  for (int i = 0; i < 100'000; ++i) bomb += empty;
  bomb += GzipCompress("end");
  EXPECT_EQ(Decompress(Codec::kGzip, bomb, size_t{256} << 20).value(), "end");
}

TEST(Decompress, TakesSnappyInFrames) {
  const std::string compressed =
      SnappyChunk(0, WithSnappyChecksum("abcabc", SnappyBlock("abcabc")));
  const std::string plain = SnappyChunk(1, WithSnappyChecksum("def", "def"));
  const std::string padding = SnappyChunk('\xfe', "zzz");
  const std::string all = SnappyStart() + compressed + padding + SnappyStart() + plain;
  EXPECT_EQ(Decompress(Codec::kSnappy, all, 100).value(), "abcabcdef");
  EXPECT_EQ(Decompress(Codec::kSnappy, all, 9).value(), "abcabcdef");
  EXPECT_EQ(Decompress(Codec::kSnappy, all, 8).error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(Decompress(Codec::kSnappy, all, 5).error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(Decompress(Codec::kSnappy, SnappyStart(), 5).value(), "");
}

TEST(Decompress, RefusesSnappyFramesThatAreWrong) {
  const auto refused = [](const std::string& chunk) {
    return Decompress(Codec::kSnappy, SnappyStart() + chunk, 1 << 20).error().message;
  };
  const std::string wrong = "body is not valid snappy";
  EXPECT_EQ(refused(SnappyChunk(1, WithSnappyChecksum("def", "deg"))), wrong);
  EXPECT_EQ(refused(SnappyChunk(0, WithSnappyChecksum("def", "deg"))), wrong);
  EXPECT_EQ(refused(SnappyChunk(2, WithSnappyChecksum("def", "def"))), wrong);
  EXPECT_EQ(refused(SnappyChunk(1, "abc")), wrong);
  const std::string good = SnappyChunk(1, WithSnappyChecksum("def", "def"));
  for (size_t size = 1; size < good.size(); ++size) EXPECT_EQ(refused(good.substr(0, size)), wrong);
}

TEST(Decompress, BelievesNoSnappySizeAboveTheLimit) {
  const std::string four_gib("\xff\xff\xff\xff\x0f", 5);
  EXPECT_EQ(Decompress(Codec::kSnappy, four_gib, 1 << 20).error().code, ErrorCode::kTooLarge);
  const std::string framed = SnappyStart() + SnappyChunk(0, WithSnappyChecksum("", four_gib));
  EXPECT_EQ(Decompress(Codec::kSnappy, framed, 1 << 20).error().code, ErrorCode::kTooLarge);
  const std::string within_the_limit("\xff\xff\x0f", 3);
  EXPECT_EQ(Decompress(Codec::kSnappy, within_the_limit, 1 << 20).error().code,
            ErrorCode::kInvalidArgument);
}

TEST(Decompress, EmptyTextComesBackEmpty) {
  for (const auto& [codec, packed] : Packed("")) {
    EXPECT_EQ(Decompress(codec, packed, 100).value(), "") << static_cast<int>(codec);
  }
}

}  // namespace
}  // namespace clew::base
