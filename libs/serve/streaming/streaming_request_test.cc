// SPDX-License-Identifier: Apache-2.0
#include "serve/streaming/streaming_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "wire/protobuf_writer.h"

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

namespace clew::serve {
namespace {

std::string Tag(const std::string& key, const std::string& value) {
  wire::ProtobufWriter out;
  const size_t opened = out.Open(1);
  out.Bytes(1, key);
  out.Bytes(2, value);
  out.Close(opened);
  return out.Take();
}

std::string Number(uint32_t field, uint64_t value) {
  wire::ProtobufWriter out;
  out.Varint(field, value);
  return out.Take();
}

std::string Text(uint32_t field, std::string_view text) {
  wire::ProtobufWriter out;
  out.Bytes(field, text);
  return out.Take();
}

TEST(StreamingRequest, AnEmptySearchAsksForNothingInParticular) {
  EXPECT_THAT(DecodeSearchRequest("").value().parameters, IsEmpty());
}

TEST(StreamingRequest, FieldsOfASearchAreTheParametersThatMeanTheSame) {
  const std::string message = Number(2, 100) + Number(3, 2000) + Number(4, 7) + Number(5, 11) +
                              Number(6, 12) + Text(8, "{ }") + Number(9, 5);
  EXPECT_THAT(
      DecodeSearchRequest(message).value().parameters,
      ElementsAre(Pair("minDuration", "100ms"), Pair("maxDuration", "2000ms"), Pair("limit", "7"),
                  Pair("start", "11"), Pair("end", "12"), Pair("q", "{ }"), Pair("spss", "5")));
}

TEST(StreamingRequest, ZeroIsNotGiven) {
  EXPECT_EQ(DecodeSearchRequest(Number(4, 0)).value().Parameter("limit"), std::nullopt);
  EXPECT_EQ(DecodeSearchRequest(Number(4, 3) + Number(4, 0)).value().Parameter("limit"),
            std::nullopt);
}

TEST(StreamingRequest, TagsAreWrittenInLogfmt) {
  EXPECT_EQ(DecodeSearchRequest(Tag("k", "a \"b\" \\") + Tag("a", "1") + Tag("a", "2"))
                .value()
                .Parameter("tags"),
            R"(a="2" k="a \"b\" \\")");
  for (const std::string key : {"", "a b", "a=b", "a\"b"}) {
    EXPECT_FALSE(DecodeSearchRequest(Tag(key, "x")).ok()) << key;
  }
}

TEST(StreamingRequest, TheNameOfATagIsTheArgumentOfThePath) {
  const ApiRequest request =
      DecodeTagValuesRequest(Text(1, "span.x") + Text(2, "{ }") + Number(6, 9)).value();
  EXPECT_EQ(request.path_argument, "span.x");
  EXPECT_THAT(request.parameters, UnorderedElementsAre(Pair("q", "{ }"), Pair("limit", "9")));
}

TEST(StreamingRequest, FieldsOfATagsRequest) {
  EXPECT_THAT(
      DecodeTagsRequest(Text(1, "span") + Number(3, 1) + Number(4, 2) + Number(5, 3))
          .value()
          .parameters,
      ElementsAre(Pair("scope", "span"), Pair("start", "1"), Pair("end", "2"), Pair("limit", "3")));
}

TEST(StreamingRequest, TimesOfMetricsAreNanosecondsHoweverSmall) {
  const std::string message = Text(1, "{ } | rate()") + Number(2, 5) +
                              Number(3, 1'700'000'000'000'000'000) + Number(4, 15'000'000'000) +
                              Number(16, 50);
  EXPECT_THAT(DecodeRangeRequest(message).value().parameters,
              ElementsAre(Pair("q", "{ } | rate()"), Pair("start", "00000000005"),
                          Pair("end", "1700000000000000000"), Pair("step", "15000000000ns"),
                          Pair("exemplars", "50")));
  wire::ProtobufWriter fixed;
  fixed.Fixed64(3, 1'700'000'000'000'000'000);
  EXPECT_EQ(DecodeInstantRequest(fixed.bytes()).value().Parameter("end"), "1700000000000000000");
}

TEST(StreamingRequest, UnknownFieldsAndUnknownTypesArePassedOver) {
  EXPECT_THAT(DecodeSearchRequest(Number(10, 1) + Text(4, "x") + Number(8, 3)).value().parameters,
              IsEmpty());
}

TEST(StreamingRequest, MalformedBytesAreInvalid) {
  const std::string whole = Text(8, "{ name = 1 }") + Tag("key", "value");
  // Cut inside of the first field or of the second.
  for (size_t size = 1; size < whole.size(); ++size) {
    if (size == Text(8, "{ name = 1 }").size()) continue;
    const base::Result<ApiRequest> request = DecodeSearchRequest(whole.substr(0, size));
    ASSERT_FALSE(request.ok()) << size;
    EXPECT_EQ(request.error().code, base::ErrorCode::kInvalidArgument);
  }
  EXPECT_FALSE(DecodeSearchRequest("\x0b").ok());              // a group
  EXPECT_FALSE(DecodeSearchRequest("\x0a\x02\x0a\x05").ok());  // an entry that is cut off
  EXPECT_FALSE(DecodeSearchRequest(Text(8, "\xff")).ok());     // no UTF-8
  EXPECT_FALSE(DecodeSearchRequest(Tag("k", "\xed\xa0\x80")).ok());
}

}  // namespace
}  // namespace clew::serve
