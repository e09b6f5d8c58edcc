// SPDX-License-Identifier: Apache-2.0
#include "wire/otlp_scan.h"

#include <gmock/gmock.h>

#include <vector>

#include "wire/body.h"
#include "wire/limits.h"
#include "wire/protobuf_writer.h"
#include "wire/span_transcript.h"

namespace clew::wire {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// Encodes one field with a message or text in it.
std::string Field(uint32_t number, std::string_view contents) {
  ProtobufWriter out;
  out.Bytes(number, contents);
  return out.Take();
}

std::string Time(uint32_t number, uint64_t value) {
  ProtobufWriter out;
  out.Fixed64(number, value);
  return out.Take();
}

const std::string kTraceId = Field(1, "0123456789abcdef");
const std::string kSpanId = Field(2, "spanspan");

std::string RequestOfSpan(const std::string& span) {
  return Field(1, Field(2, Field(2, span)));
}

std::string Attribute(uint32_t number, std::string_view key, const std::string& value) {
  return Field(number, Field(1, key) + Field(2, value));
}

std::string Scanned(const std::string& bytes) {
  SpanTranscript transcript;
  const base::Status status = ScanOtlp(bytes, transcript);
  return status.ok() ? transcript.text() : status.error().message;
}

BodySummary SummaryOf(const std::string& bytes) {
  return Validate(Format::kOtlpProtobuf, bytes).value();
}

TEST(OtlpScan, AnnouncesInTheSinksOrderWhateverTheOrderOfFields) {
  const std::string event = Field(11, Field(2, "e") + Attribute(3, "ek", Field(1, "ev")));
  const std::string link = Field(13, kTraceId + kSpanId);
  const std::string span = link + Attribute(9, "a", Field(1, "1")) + event +
                           Attribute(9, "b", Field(1, "2")) + Field(5, "n") + kSpanId + kTraceId;
  const std::string scope_spans = Field(2, span) + Field(3, "su") + Field(1, Field(1, "lib"));
  const std::string bytes = Field(1, Field(2, scope_spans) + Field(3, "ru") +
                                         Field(1, Attribute(1, "service.name", Field(1, "shop"))));

  EXPECT_EQ(Scanned(bytes),
            "resource 'ru' 0\n"
            "attribute 'service.name' 1 0 0 0 'shop'\n"
            "scope 'lib' '' 'su' 0\n"
            "span 30313233343536373839616263646566 7370616e7370616e 0000000000000000 '' 'n' 0 0 0 "
            "0 '' 0 0 0 0\n"
            "attribute 'a' 1 0 0 0 '1'\n"
            "attribute 'b' 1 0 0 0 '2'\n"
            "event 0 'e' 0\n"
            "attribute 'ek' 1 0 0 0 'ev'\n"
            "link 30313233343536373839616263646566 7370616e7370616e '' 0 0\n");
}

TEST(OtlpScan, TakesAnEmptyRequest) {
  EXPECT_EQ(Scanned(""), "");
}

TEST(OtlpScan, TakesAMissingResourceAndScopeAsEmptyOnes) {
  EXPECT_THAT(Scanned(RequestOfSpan(kTraceId + kSpanId)),
              StartsWith("resource '' 0\nscope '' '' '' 0\nspan "));
}

TEST(OtlpScan, RejectsASpanAloneForItsIdsAndTimes) {
  const std::string max = Time(7, uint64_t{1} << 63);
  const std::string late_event = Field(11, Time(1, uint64_t{1} << 63));
  const std::vector<std::pair<std::string, std::string>> spans{
      {kSpanId, "0\n"},
      {Field(1, "short") + kSpanId, "0\n"},
      {Field(1, std::string(16, '\0')) + kSpanId, "0\n"},
      {kTraceId, "1\n"},
      {kTraceId + Field(2, std::string(8, '\0')), "1\n"},
      {kTraceId + kSpanId + Field(4, "seven.."), "2\n"},
      {kTraceId + kSpanId + max, "3\n"},
      {kTraceId + kSpanId + late_event, "3\n"}};
  for (const auto& [span, reason] : spans) {
    std::string transcript = "resource '' 0\nscope '' '' '' 0\nrejected ";
    transcript += reason;
    EXPECT_EQ(Scanned(RequestOfSpan(span)), transcript);
  }
}

TEST(OtlpScan, KeepsTheOtherSpansOfARequest) {
  const std::string good = Field(2, kTraceId + kSpanId);
  const BodySummary summary =
      SummaryOf(Field(1, Field(2, good + Field(2, kTraceId) + Field(2, kSpanId) + good)));
  EXPECT_EQ(summary.accepted_spans, 2u);
  EXPECT_EQ(summary.rejected_spans, 2u);
  EXPECT_EQ(summary.first_reject_reason, model::RejectReason::kInvalidSpanId);
}

TEST(OtlpScan, TakesAnAllZeroParentAsNone) {
  const std::string span = kTraceId + kSpanId + Field(4, std::string(8, '\0'));
  EXPECT_EQ(SummaryOf(RequestOfSpan(span)).accepted_spans, 1u);
}

TEST(OtlpScan, PadsShortIdsOfALinkAndDropsLongOnes) {
  const std::string link = Field(13, Field(1, "\x01\x02") + Field(2, "123456789"));
  EXPECT_THAT(Scanned(RequestOfSpan(kTraceId + kSpanId + link)),
              HasSubstr("link 00000000000000000000000000000102 0000000000000000 "));
}

TEST(OtlpScan, TakesTheLastMemberOfAOneof) {
  const std::string value = Field(1, "text") + "\x10\x01";
  EXPECT_THAT(Scanned(RequestOfSpan(kTraceId + kSpanId + Attribute(9, "k", value))),
              HasSubstr("attribute 'k' 2 1 0 0 ''\n"));
}

// What nearly all programs write has a way of its own. A field that nobody knows, in the
// value, leads off it.
TEST(OtlpScan, ReadsAttributesOfTheUsualShapeAsAllOthers) {
  constexpr size_t kSizes[] = {0, 1, 60, 121, 122, 123, 124, 125, 126, 127, 128, 129, 300};
  std::vector<std::string> values = {"", Time(4, 0x3ff8000000000000), Time(4, 1) + Time(4, 2)};
  for (const size_t size : kSizes) {
    values.push_back(Field(1, std::string(size, 'v')));
  }
  for (const uint32_t number : {2U, 3U}) {
    for (const uint64_t value : {uint64_t{0}, uint64_t{1}, uint64_t{127}, uint64_t{128},
                                 uint64_t{1} << 56, uint64_t{1} << 62, ~uint64_t{0}}) {
      ProtobufWriter out;
      out.Varint(number, value);
      values.push_back(out.Take());
    }
  }
  values.push_back(std::string("\x18\x81\x80\x00", 4));  // an integer longer than it need be
  const std::string unknown = Field(15, "");
  for (const std::string& value : values) {
    for (const size_t key_size : kSizes) {
      const std::string key(key_size, 'k');
      EXPECT_EQ(Scanned(RequestOfSpan(kTraceId + kSpanId + Attribute(9, key, value))),
                Scanned(RequestOfSpan(kTraceId + kSpanId + Attribute(9, key, value + unknown))));
    }
  }
}

TEST(OtlpScan, PassesAnAttributeWithoutAValueAsEmpty) {
  EXPECT_THAT(Scanned(RequestOfSpan(kTraceId + kSpanId + Field(9, Field(1, "k")))),
              HasSubstr("attribute 'k' 0 0 0 0 ''\n"));
}

TEST(OtlpScan, SkipsUnknownFieldsAndKnownNumbersOfAnotherType) {
  const std::string span = kTraceId + kSpanId + Field(99, "new") + Field(6, "not a kind");
  EXPECT_EQ(SummaryOf(RequestOfSpan(span)).accepted_spans, 1u);
}

std::string NestedArrays(int depth) {
  std::string value = Field(1, "leaf");
  for (int i = 0; i < depth; ++i) value = Field(5, Field(1, value));
  return value;
}

TEST(OtlpScan, TakesThirtyTwoNestedArraysAndNoMore) {
  const auto request = [](int depth) {
    return RequestOfSpan(kTraceId + kSpanId + Attribute(9, "k", NestedArrays(depth)));
  };
  EXPECT_EQ(SummaryOf(request(32)).accepted_spans, 1u);
  EXPECT_THAT(Scanned(request(33)), StartsWith("otlp: attribute value nested too deeply at byte"));
}

TEST(OtlpScan, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(Scanned("\x0a\x05"), "otlp: length beyond the end at byte 0");
  EXPECT_EQ(Scanned(std::string("\x0a\x00\x0b", 3)), "otlp: group or unknown wire type at byte 2");
  EXPECT_EQ(Scanned(std::string("\x00\x01", 2)), "otlp: invalid field number at byte 0");
  EXPECT_EQ(Scanned("\x80"), "otlp: number cut off at byte 0");
  EXPECT_EQ(Scanned(std::string(11, '\xff')), "otlp: number longer than ten bytes at byte 0");
  EXPECT_EQ(Scanned(RequestOfSpan(kTraceId + kSpanId + Field(9, Field(2, "\x0a\x7f")))),
            "otlp: length beyond the end at byte 38");
}

TEST(Body, RefusesADecoderVersionItDoesNotHave) {
  SpanTranscript transcript;
  const base::Status status = Scan(Format::kOtlpProtobuf, 2, "", transcript);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, base::ErrorCode::kUnsupported);
}

TEST(Body, ReadsOtlpInJson) {
  const base::Result<BodySummary> summary =
      Validate(Format::kOtlpJson,
               R"({"resourceSpans":[{"scopeSpans":[{"spans":[{},{"name":"n","traceId":)"
               R"("000000000000000000000000000000ff","spanId":"00000000000000ee"}]}]}]})");
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary.value().accepted_spans, 1u);
  EXPECT_EQ(summary.value().rejected_spans, 1u);
}

TEST(Body, RefusesMoreJsonThanItsLimit) {
  std::string json = "{}";
  json.resize(kMaxJsonBytes, ' ');
  EXPECT_TRUE(Validate(Format::kOtlpJson, json).ok());
  json += ' ';
  EXPECT_EQ(Validate(Format::kOtlpJson, json).error().code, base::ErrorCode::kTooLarge);
}

TEST(Body, CountsAttributesAndText) {
  const std::string span = kTraceId + kSpanId + Field(5, "name") +
                           Attribute(9, "key", Field(1, "value")) + Attribute(9, "n", "\x18\x07");
  const BodySummary summary = SummaryOf(RequestOfSpan(span));
  EXPECT_EQ(summary.attributes, 2u);
  EXPECT_EQ(summary.text_bytes, 4u + 3 + 5 + 1);
}

}  // namespace
}  // namespace clew::wire
