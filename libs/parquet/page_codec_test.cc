// SPDX-License-Identifier: Apache-2.0
#include "parquet/page_codec.h"

#include <gmock/gmock.h>

#include <random>
#include <thread>
#include <vector>

namespace clew::parquet {
namespace {

using base::ErrorCode;

constexpr Codec kCodecs[] = {Codec::kUncompressed, Codec::kSnappy, Codec::kGzip, Codec::kZstd,
                             Codec::kLz4Raw};

std::vector<std::string> Pages() {
  std::mt19937 random(2);
  std::string noise(5000, '\0');
  for (char& byte : noise) byte = static_cast<char>(random());
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "span " + std::to_string(random() % 50) + " ";
  return {"", "x", noise, text, std::string(4 << 20, 'a')};
}

TEST(PageCodec, GivesBackWhatWasCompressed) {
  for (const Codec codec : kCodecs) {
    for (const std::string& plain : Pages()) {
      for (const int level : {1, 3, 9}) {
        const std::string bytes = CompressPage(codec, level, plain);
        ASSERT_EQ(DecompressPage(codec, bytes, plain.size()).value(), plain)
            << static_cast<int>(codec) << " " << plain.size();
      }
    }
  }
}

TEST(PageCodec, MakesTextSmaller) {
  const std::string text = Pages()[3];
  for (const Codec codec : {Codec::kSnappy, Codec::kGzip, Codec::kZstd, Codec::kLz4Raw}) {
    EXPECT_LT(CompressPage(codec, 1, text).size(), text.size() / 2);
  }
}

TEST(PageCodec, RefusesAPageOfAnotherSize) {
  for (const Codec codec : kCodecs) {
    for (const std::string& plain : Pages()) {
      const std::string bytes = CompressPage(codec, 1, plain);
      const auto longer = DecompressPage(codec, bytes, plain.size() + 1);
      ASSERT_FALSE(longer.ok()) << static_cast<int>(codec) << " " << plain.size();
      EXPECT_EQ(longer.error().code, ErrorCode::kCorruption);
      if (!plain.empty()) {
        EXPECT_FALSE(DecompressPage(codec, bytes, plain.size() - 1).ok());
      }
    }
  }
}

TEST(PageCodec, RefusesAPageThatIsCutOff) {
  const std::string text = Pages()[3].substr(0, 600);
  for (const Codec codec : kCodecs) {
    const std::string bytes = CompressPage(codec, 1, text);
    for (size_t size = 0; size < bytes.size(); ++size) {
      const std::string cut = bytes.substr(0, size);
      ASSERT_FALSE(DecompressPage(codec, cut, text.size()).ok()) << static_cast<int>(codec);
    }
  }
}

TEST(PageCodec, SurvivesAnyFlippedByte) {
  const std::string text = Pages()[3].substr(0, 300);
  for (const Codec codec : kCodecs) {
    const std::string bytes = CompressPage(codec, 1, text);
    for (size_t at = 0; at < bytes.size(); ++at) {
      for (const char mask : {'\x01', '\x80', '\xff'}) {
        std::string flipped = bytes;
        flipped[at] = static_cast<char>(flipped[at] ^ mask);
        const auto plain = DecompressPage(codec, flipped, text.size());
        if (plain.ok()) {
          ASSERT_EQ(plain.value().size(), text.size());
        }
      }
    }
  }
}

TEST(PageCodec, RefusesASizeThatIsALie) {
  for (const Codec codec : kCodecs) {
    EXPECT_EQ(DecompressPage(codec, "12345", size_t{1} << 30).error().code, ErrorCode::kCorruption);
    EXPECT_EQ(DecompressPage(codec, "12345", (size_t{1} << 30) + 1).error().code,
              ErrorCode::kTooLarge);
  }
}

TEST(PageCodec, NothingMayBeNoBytesAtAll) {
  for (const Codec codec : kCodecs) EXPECT_EQ(DecompressPage(codec, "", 0).value(), "");
}

TEST(PageCodec, NamesACodecThatIsNotKnown) {
  const auto brotli = DecompressPage(static_cast<Codec>(4), "12345", 5);
  EXPECT_EQ(brotli.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(brotli.error().message, "page of codec: 4");
}

TEST(PageCodec, WorksOnManyThreads) {
  const std::string text = Pages()[3];
  std::vector<std::thread> threads;
  threads.reserve(4);
  std::vector<int> good(4);
  for (size_t i = 0; i < good.size(); ++i) {
    threads.emplace_back([&text, &good, i] {
      const std::string bytes = CompressPage(Codec::kZstd, 1, text);
      good[i] = DecompressPage(Codec::kZstd, bytes, text.size()).value() == text ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, std::vector<int>(4, 1));
}

}  // namespace
}  // namespace clew::parquet
