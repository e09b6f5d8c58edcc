// SPDX-License-Identifier: Apache-2.0
#include "wire/span_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/compression.h"
#include "wire/span_transcript.h"

namespace clew::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr size_t kMost = 1 << 20;
constexpr std::string_view kSpan =
    R"([{"traceId":"000000000000000a","id":"0000000000000001","name":"get","timestamp":1,"duration":2}])";

std::unique_ptr<SpanFile> Parsed(std::string text) {
  return SpanFile::Parse("shop.json", std::move(text), kMost).value();
}

std::string TranscriptOf(const SpanFile& file) {
  SpanTranscript transcript;
  file.Scan(transcript);
  return transcript.text();
}

TEST(SpanFile, CountsAndTellsWhatIsInIt) {
  const auto file = Parsed(std::string(kSpan));
  EXPECT_EQ(file->contents().spans, 1u);
  EXPECT_EQ(file->format(), "Zipkin JSON");
  EXPECT_THAT(file->contents().problems, ElementsAre());
  EXPECT_THAT(TranscriptOf(*file), HasSubstr("get"));
}

TEST(SpanFile, IsReadThroughItsCompression) {
  const std::string plain = TranscriptOf(*Parsed(std::string(kSpan)));
  EXPECT_EQ(TranscriptOf(*Parsed(base::GzipCompress(kSpan))), plain);
}

TEST(SpanFile, MayBecomeOnlySoLargeByDecompression) {
  const std::string zeros(kMost + 1, '0');
  const auto file = SpanFile::Parse("zeros.gz", base::GzipCompress(zeros), kMost);
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code, base::ErrorCode::kTooLarge);
  EXPECT_THAT(file.error().message, StartsWith("zeros.gz: "));
}

TEST(SpanFile, KeepsTheGoodLinesAndNamesTheBadOnes) {
  const std::string line(kSpan);
  const auto file = Parsed(line + "\n[{\"traceId\":7}]\n\n" + line);
  EXPECT_EQ(file->contents().spans, 2u);
  EXPECT_EQ(file->contents().bad_requests, 1u);
  EXPECT_THAT(file->contents().problems, ElementsAre(StartsWith("shop.json:2: zipkin json: ")));
}

}  // namespace
}  // namespace clew::wire
