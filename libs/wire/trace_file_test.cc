// SPDX-License-Identifier: Apache-2.0
#include "wire/trace_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/span_transcript.h"

namespace clew::wire {
namespace {

using testing::HasSubstr;

std::string FormatOf(std::string_view json) {
  SpanTranscript transcript;
  const auto format = ScanTraceFile(json, transcript);
  return format.ok() ? std::string(NameOf(format.value())) : format.error().message;
}

TEST(TraceFile, KnowsItsFormatByWhatItHolds) {
  EXPECT_EQ(FormatOf(R"({"resourceSpans":[]})"), "OTLP JSON");
  EXPECT_EQ(FormatOf(R"({"data":[]})"), "Jaeger JSON");
  EXPECT_EQ(FormatOf(R"({"traceID":"1","spans":[],"processes":{}})"), "Jaeger JSON");
  EXPECT_EQ(FormatOf(R"([{"traceID":"1","spans":[],"processes":{}}])"), "Jaeger JSON");
  EXPECT_EQ(FormatOf(R"([{"traceId":"1","id":"1"}])"), "Zipkin JSON");
  EXPECT_EQ(FormatOf(R"([[{"traceId":"1","id":"1"}]])"), "Zipkin JSON");
  EXPECT_EQ(FormatOf("[]"), "Zipkin JSON");
}

TEST(TraceFile, SaysWhatItExpected) {
  EXPECT_THAT(FormatOf("{}"), HasSubstr("no traces of a known format: expected OTLP"));
  EXPECT_THAT(FormatOf("hello"), HasSubstr("json: "));
  EXPECT_THAT(FormatOf(R"([{"traceId":"1","id":7}])"), HasSubstr("zipkin json: expected a string"));
}

}  // namespace
}  // namespace clew::wire
