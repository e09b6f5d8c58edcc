// SPDX-License-Identifier: Apache-2.0
#include "wire/recorded_spans.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "base/test_effort.h"
#include "wire/body.h"
#include "wire/otlp_json_writer.h"
#include "wire/otlp_scan.h"
#include "wire/random_request.h"
#include "wire/span_transcript.h"

namespace clew::wire {
namespace {

std::string Told(const RecordedSpans& recorded) {
  SpanTranscript transcript;
  recorded.TellTo(transcript);
  return transcript.text();
}

std::string Read(Format format, const std::string& body) {
  SpanTranscript transcript;
  EXPECT_TRUE(Scan(format, kDecoderVersion, body, transcript).ok());
  return transcript.text();
}

// What the reader made itself must be there after it has ended.
std::string ReadAndTold(Format format, const std::string& body) {
  RecordedSpans recorded(body);
  EXPECT_TRUE(Scan(format, kDecoderVersion, body, recorded).ok());
  return Told(recorded);
}

TEST(RecordedSpans, TellWhatAReaderOfOtlpTold) {
  for (uint32_t seed = 0; seed < base::TestRounds(500, 5000); ++seed) {
    const std::string body = RandomRequest(seed).Make().SerializeAsString();
    ASSERT_EQ(ReadAndTold(Format::kOtlpProtobuf, body), Read(Format::kOtlpProtobuf, body))
        << "seed " << seed;
  }
}

TEST(RecordedSpans, KeepTextsThatTheReaderMade) {
  for (uint32_t seed = 0; seed < base::TestRounds(200, 2000); ++seed) {
    OtlpJsonWriter writer(JsonDialect::kOtlp);
    ASSERT_TRUE(ScanOtlp(RandomRequest(seed).Make().SerializeAsString(), writer).ok());
    const std::string body = R"({"resourceSpans":)" + writer.Take() + "}";
    ASSERT_EQ(ReadAndTold(Format::kOtlpJson, body), Read(Format::kOtlpJson, body))
        << "seed " << seed;
  }
}

TEST(RecordedSpans, CopyNoTextThatLiesInTheBody) {
  const std::string body(1000, 'x');
  RecordedSpans inside(body);
  RecordedSpans outside(body);
  inside.OnResource({.schema_url = body});
  outside.OnResource({.schema_url = std::string(1000, 'x')});
  EXPECT_LT(inside.size_bytes() + 1000, outside.size_bytes());
  EXPECT_EQ(Told(inside), Told(outside));
}

TEST(RecordedSpans, TellOfWhatWasRejectedInItsPlace) {
  RecordedSpans recorded({});
  recorded.OnResource({});
  recorded.OnScope({});
  recorded.OnRejectedSpan(model::RejectReason::kInvalidSpanId);
  recorded.OnSpan({});
  recorded.OnAttribute("key", model::ValueView::Int(7));
  recorded.OnRejectedSpan(model::RejectReason::kInvalidTraceId);
  SpanTranscript transcript;
  transcript.OnResource({});
  transcript.OnScope({});
  transcript.OnRejectedSpan(model::RejectReason::kInvalidSpanId);
  transcript.OnSpan({});
  transcript.OnAttribute("key", model::ValueView::Int(7));
  transcript.OnRejectedSpan(model::RejectReason::kInvalidTraceId);
  EXPECT_EQ(Told(recorded), transcript.text());
}

}  // namespace
}  // namespace clew::wire
