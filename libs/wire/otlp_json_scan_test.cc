// SPDX-License-Identifier: Apache-2.0
#include "wire/otlp_json_scan.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "wire/span_transcript.h"

namespace clew::wire {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string kIds =
    R"("traceId":"0102030405060708090A0b0c0d0e0f10","spanId":"00000000000000aB")";
constexpr std::string_view kSpan = "span 0102030405060708090a0b0c0d0e0f10 00000000000000ab ";

std::string RequestOfSpan(const std::string& members) {
  return R"({"resourceSpans":[{"scopeSpans":[{"spans":[{)" + members + "}]}]}]}";
}

std::string RequestOfValue(const std::string& value) {
  return RequestOfSpan(kIds + R"(,"attributes":[{"key":"k","value":)" + value + "}]");
}

std::string Scanned(const std::string& json) {
  SpanTranscript transcript;
  const base::Status status = ScanOtlpJson(json, transcript);
  return status.ok() ? transcript.text() : status.error().message;
}

// The transcript of a span alone, or the error.
std::string ScannedSpan(const std::string& members) {
  const std::string text = Scanned(RequestOfSpan(members));
  constexpr std::string_view kHead = "resource '' 0\nscope '' '' '' 0\n";
  return text.starts_with(kHead) ? text.substr(kHead.size()) : text;
}

std::string ScannedValue(const std::string& value) {
  const std::string text =
      ScannedSpan(kIds + R"(,"attributes":[{"key":"k","value":)" + value + "}]");
  const size_t attribute = text.find("attribute 'k' ");
  return attribute == std::string::npos ? text : text.substr(attribute + 14);
}

TEST(OtlpJsonScan, AnnouncesInTheSinksOrderWhateverTheOrderOfMembers) {
  const std::string span =
      R"({"links":[{"attributes":[{"key":"lk"}],"traceId":"01","spanId":"02","flags":3}],)"
      R"("status":{"code":2,"message":"no"},"attributes":[{"value":{"stringValue":"1"},"key":"a"}],)"
      R"("events":[{"attributes":[{"key":"ek","value":{"boolValue":true}}],"timeUnixNano":"7","name":"e"}],)"
      R"("kind":3,"endTimeUnixNano":9,"startTimeUnixNano":"8","parentSpanId":"0000000000000001",)"
      R"("traceState":"s","droppedLinksCount":4,"name":"n","flags":257,)" +
      kIds + "}";
  const std::string json =
      R"({"resourceSpans":[{"schemaUrl":"ru","scopeSpans":[{"spans":[)" + span +
      R"(],"scope":{"version":"1","name":"lib"},"schemaUrl":"su"}],)"
      R"("resource":{"droppedAttributesCount":5,"attributes":[{"key":"r","value":{"intValue":"-1"}}]}}]})";
  EXPECT_EQ(Scanned(json),
            "resource 'ru' 5\n"
            "attribute 'r' 3 0 -1 0 ''\n"
            "scope 'lib' '1' 'su' 0\n"
            "span 0102030405060708090a0b0c0d0e0f10 00000000000000ab 0000000000000001 's' 'n' 3 8 9 "
            "2 'no' 257 0 0 4\n"
            "attribute 'a' 1 0 0 0 '1'\n"
            "event 7 'e' 0\n"
            "attribute 'ek' 2 1 0 0 ''\n"
            "link 00000000000000000000000000000001 0000000000000002 '' 3 0\n"
            "attribute 'lk' 0 0 0 0 ''\n");
}

TEST(OtlpJsonScan, TakesARequestWithoutSpans) {
  EXPECT_EQ(Scanned("{}"), "");
  EXPECT_EQ(Scanned(R"({"resourceSpans":[]})"), "");
  EXPECT_EQ(Scanned(R"({"resourceSpans":[{}]})"), "resource '' 0\n");
}

TEST(OtlpJsonScan, TakesTheNamesOfTheProtoFilesAsWell) {
  const std::string json =
      R"({"resource_spans":[{"scope_spans":[{"schema_url":"u","spans":[{"trace_id":)"
      R"("000000000000000000000000000000ff","span_id":"00000000000000ee","start_time_unix_nano":5,)"
      R"("dropped_events_count":2,"attributes":[{"key":"k","value":{"kvlist_value":{}}}]}]}]}]})";
  EXPECT_EQ(Scanned(json),
            "resource '' 0\nscope '' '' 'u' 0\n"
            "span 000000000000000000000000000000ff 00000000000000ee 0000000000000000 '' '' 0 5 0 0 "
            "'' 0 0 2 0\nattribute 'k' 6 0 0 0 ''\n");
}

TEST(OtlpJsonScan, TakesEnumsByNumberAndByName) {
  for (const char* kind : {"2", R"("2")", R"("SPAN_KIND_SERVER")"}) {
    EXPECT_THAT(ScannedSpan(kIds + R"(,"kind":)" + kind), HasSubstr(" '' '' 2 0 0 "));
  }
  EXPECT_THAT(ScannedSpan(kIds + R"(,"kind":99)"), HasSubstr(" '' '' 99 0 0 "));
  EXPECT_THAT(ScannedSpan(kIds + R"(,"status":{"code":"STATUS_CODE_OK"})"), HasSubstr(" 1 '' 0"));
  EXPECT_THAT(ScannedSpan(kIds + R"(,"kind":"SERVER")"), StartsWith("otlp json: unknown name"));
}

TEST(OtlpJsonScan, TakesNullAsAbsentAndPassesOverUnknownMembers) {
  EXPECT_EQ(ScannedSpan(kIds), std::string(kSpan) + "0000000000000000 '' '' 0 0 0 0 '' 0 0 0 0\n");
  EXPECT_EQ(ScannedSpan(kIds + R"(,"name":null,"events":null,"status":null,"kind":null,)"
                               R"("flags":null,"new":{"a":[1,{"b":"c"}]})"),
            ScannedSpan(kIds));
}

TEST(OtlpJsonScan, TakesTheLastOfANameAndJoinsLists) {
  EXPECT_EQ(ScannedSpan(kIds + R"(,"name":"a","name":"b","attributes":[{"key":"x"}],)"
                               R"("attributes":[{"key":"y"}])"),
            std::string(kSpan) +
                "0000000000000000 '' 'b' 0 0 0 0 '' 0 0 0 0\n"
                "attribute 'x' 0 0 0 0 ''\nattribute 'y' 0 0 0 0 ''\n");
}

TEST(OtlpJsonScan, RejectsASpanAloneForItsIdsAndTimes) {
  const std::string trace_id = R"("traceId":"0102030405060708090a0b0c0d0e0f10")";
  const std::string span_id = R"("spanId":"0102030405060708")";
  const std::string both = trace_id + "," + span_id;
  const std::vector<std::pair<std::string, std::string>> spans{
      {span_id, "0\n"},
      {span_id + R"(,"traceId":"01")", "0\n"},
      {span_id + R"(,"traceId":"AAAAAAAAAAAAAAAAAAAAAQ==")", "0\n"},
      {span_id + R"(,"traceId":"00000000000000000000000000000000")", "0\n"},
      {span_id + R"(,"traceId":"0102030405060708090a0b0c0d0e0fxx")", "0\n"},
      {trace_id, "1\n"},
      {trace_id + R"(,"spanId":"0000000000000000")", "1\n"},
      {both + R"(,"parentSpanId":"01020304050607")", "2\n"},
      {both + R"(,"startTimeUnixNano":"9223372036854775808")", "3\n"},
      {both + R"(,"endTimeUnixNano":-1)", "3\n"},
      {both + R"(,"endTimeUnixNano":"123456789012345678901234567890")", "3\n"},
      {both + R"(,"events":[{},{"timeUnixNano":1e19}])", "3\n"}};
  for (const auto& [span, reason] : spans) EXPECT_EQ(ScannedSpan(span), "rejected " + reason);
  EXPECT_THAT(ScannedSpan("},{" + kIds), HasSubstr("rejected 0\nspan 0102"));
}

TEST(OtlpJsonScan, TakesAnEmptyOrZeroParentAsNone) {
  for (const char* parent : {"", "0000000000000000"}) {
    EXPECT_EQ(ScannedSpan(kIds + R"(,"parentSpanId":")" + parent + '"'), ScannedSpan(kIds));
  }
}

TEST(OtlpJsonScan, TakesALinksIdsAsTheyAre) {
  EXPECT_THAT(ScannedSpan(kIds + R"(,"links":[{"traceId":"0102","spanId":"0102030405060708ff"}])"),
              HasSubstr("link 00000000000000000000000000000102 0000000000000000 "));
}

TEST(OtlpJsonScan, ReadsEveryTypeOfValue) {
  EXPECT_EQ(ScannedValue(R"({"stringValue":"\u00e9\n"})"), "1 0 0 0 '\u00e9\n'\n");
  EXPECT_EQ(ScannedValue(R"({"intValue":"-9223372036854775808"})"),
            "3 0 -9223372036854775808 0 ''\n");
  EXPECT_EQ(ScannedValue(R"({"intValue":1e3})"), "3 0 1000 0 ''\n");
  EXPECT_EQ(ScannedValue(R"({"bytesValue":"/_-+"})"), "7 0 0 0 '\xff\xff\xbe'\n");
  EXPECT_EQ(ScannedValue(R"({"arrayValue":{"values":[{"intValue":1},{}]}})"),
            "5 0 0 0 '\n\x02\x18\x01\n" + std::string(1, '\0') + "'\n");
  EXPECT_EQ(ScannedValue("{}"), "0 0 0 0 ''\n");
  EXPECT_EQ(ScannedValue("null"), "0 0 0 0 ''\n");
  EXPECT_EQ(ScannedValue(R"({"stringValue":"a","intValue":null,"boolValue":true})"),
            "2 1 0 0 ''\n");
}

std::string DoubleOf(const std::string& json) {
  return ScannedValue(R"({"doubleValue":)" + json + "}");
}

TEST(OtlpJsonScan, ReadsNumbersHoweverTheyAreWritten) {
  const auto bits = [](double number) {
    return "4 0 0 " + std::to_string(std::bit_cast<uint64_t>(number)) + " ''\n";
  };
  EXPECT_EQ(DoubleOf("1"), bits(1));
  EXPECT_EQ(DoubleOf("100000000000000000000"), bits(1e20));
  EXPECT_EQ(DoubleOf(R"("-2.5")"), bits(-2.5));
  EXPECT_EQ(DoubleOf(R"("Infinity")"), bits(std::numeric_limits<double>::infinity()));
  EXPECT_EQ(DoubleOf("1e-999"), bits(0));
  EXPECT_EQ(DoubleOf("-0.0"), bits(-0.0));
}

TEST(OtlpJsonScan, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(Scanned("[]"), "otlp json: expected an object at byte 0");
  EXPECT_EQ(Scanned(R"({"resourceSpans":{}})"), "otlp json: expected an array at byte 17");
  EXPECT_EQ(Scanned(R"({"resourceSpans":[7]})"), "otlp json: expected an object at byte 18");
  EXPECT_EQ(Scanned(R"({"resourceSpans":[)"), "otlp json: expected a JSON value at byte 18");
  EXPECT_EQ(Scanned(R"({"resourceSpans":[{]})"),
            "otlp json: expected a member of a JSON object or its end at byte 19");
  EXPECT_EQ(ScannedSpan(R"("name":5)"), "otlp json: expected a string at byte 51");
  EXPECT_THAT(ScannedSpan(R"("flags":-1)"), StartsWith("otlp json: expected a whole number of 32"));
  EXPECT_THAT(ScannedSpan(R"("droppedLinksCount":4294967296)"), StartsWith("otlp json: expected"));
  EXPECT_THAT(ScannedSpan(R"("startTimeUnixNano":1.5)"), StartsWith("otlp json: expected"));
  EXPECT_THAT(ScannedSpan(R"("startTimeUnixNano":"")"), StartsWith("otlp json: expected"));
}

TEST(OtlpJsonScan, RefusesValuesOfAnotherTypeThanTheirName) {
  for (const char* value :
       {"[]", "5", R"({"stringValue":5})", R"({"boolValue":"true"})", R"({"intValue":"x"})",
        R"({"intValue":1.5})", R"({"intValue":"9223372036854775808"})", R"({"doubleValue":"inf"})",
        R"({"doubleValue":1e999})", R"({"bytesValue":"*"})", R"({"arrayValue":[]})",
        R"({"arrayValue":{"values":{}}})", R"({"kvlistValue":{"values":[{"key":1}]}})"}) {
    EXPECT_THAT(ScannedValue(value), StartsWith("otlp json: expected")) << value;
  }
}

TEST(OtlpJsonScan, TakesThirtyTwoNestedListsAndNoMore) {
  const auto nested = [](int depth) {
    std::string value = R"({"intValue":1})";
    for (int i = 0; i < depth; ++i) {
      value.insert(0, R"({"kvlistValue":{"values":[{"key":"k","value":)");
      value += "}]}}";
    }
    return RequestOfValue(value);
  };
  EXPECT_THAT(Scanned(nested(32)), HasSubstr("attribute 'k' 6 "));
  EXPECT_THAT(Scanned(nested(33)), StartsWith("otlp json: attribute value nested too deeply at"));
  EXPECT_THAT(Scanned(nested(100)), StartsWith("otlp json: JSON nested too deeply at"));
}

}  // namespace
}  // namespace clew::wire
