// SPDX-License-Identifier: Apache-2.0
#include "wire/jaeger_json_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/span_transcript.h"

namespace clew::wire {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string Scanned(std::string_view json) {
  return TranscriptOf(ScanJaegerJson, json);
}

// A trace of one span with these members more.
std::string OneSpan(const std::string& members) {
  return R"({"data":[{"traceID":"1f","processes":{"p1":{"serviceName":"cart"}},"spans":[)"
         R"({"traceID":"1f","spanID":"a","operationName":"get","startTime":5,"duration":2,)"
         R"("processID":"p1")" +
         (members.empty() ? "" : "," + members) + "}]}]}";
}

constexpr std::string_view kOneSpan =
    "resource '' 0\n"
    "attribute 'service.name' 1 0 0 0 'cart'\n"
    "scope '' '' '' 0\n"
    "span 0000000000000000000000000000001f 000000000000000a 0000000000000000 '' 'get' 0 5000 7000 "
    "0 '' 0 0 0 0\n";

TEST(JaegerJson, IsTheDataOfTheQueryApiATraceOrAListOfThem) {
  EXPECT_EQ(Scanned(OneSpan("")), kOneSpan);
  const std::string whole = OneSpan("");
  const std::string trace = whole.substr(9, whole.size() - 11);
  EXPECT_EQ(Scanned(trace), kOneSpan);
  EXPECT_EQ(Scanned("[" + trace + "," + trace + "]"),
            std::string(kOneSpan) + std::string(kOneSpan));
  EXPECT_EQ(Scanned(R"({"data":[],"errors":null})"), "");
}

TEST(JaegerJson, HasTagsOfEveryType) {
  const std::string tags = R"("tags":[{"key":"s","type":"string","value":"x"},)"
                           R"({"key":"b","type":"bool","value":true},)"
                           R"({"key":"i","type":"int64","value":7},)"
                           R"({"key":"t","type":"int64","value":"9007199254740993"},)"
                           R"({"key":"f","type":"float64","value":2},)"
                           R"({"key":"y","type":"binary","value":"AQI="},)"
                           R"({"key":"n","value":1.5}])";
  const std::string scanned = Scanned(OneSpan(tags));
  EXPECT_THAT(scanned, HasSubstr("attribute 's' 1 0 0 0 'x'\n"));
  EXPECT_THAT(scanned, HasSubstr("attribute 'b' 2 1 0 0 ''\n"));
  EXPECT_THAT(scanned, HasSubstr("attribute 'i' 3 0 7 0 ''\n"));
  EXPECT_THAT(scanned, HasSubstr("attribute 't' 3 0 9007199254740993 0 ''\n"));
  EXPECT_THAT(scanned, HasSubstr("attribute 'f' 4 0 0 4611686018427387904 ''\n"));
  EXPECT_THAT(scanned, HasSubstr("attribute 'y' 7 0 0 0 '\x01\x02'\n"));
  EXPECT_THAT(scanned, HasSubstr("attribute 'n' 4 0 0 4609434218613702656 ''\n"));
}

TEST(JaegerJson, TagsTellKindAndStatus) {
  const std::string scanned =
      Scanned(OneSpan(R"("tags":[{"key":"span.kind","type":"string","value":"client"},)"
                      R"({"key":"error","type":"bool","value":true},)"
                      R"({"key":"otel.status_description","type":"string","value":"no"}])"));
  EXPECT_THAT(scanned, HasSubstr("'get' 3 5000 7000 2 'no'"));
  EXPECT_THAT(scanned, Not(HasSubstr("'error'")));
}

TEST(JaegerJson, TheParentIsTheFirstChildOfAndOthersAreLinks) {
  const std::string scanned =
      Scanned(OneSpan(R"("references":[{"refType":"FOLLOWS_FROM","traceID":"1f","spanID":"b"},)"
                      R"({"refType":"CHILD_OF","traceID":"2f","spanID":"c"},)"
                      R"({"refType":"CHILD_OF","traceID":"1f","spanID":"d"}])"));
  EXPECT_THAT(scanned, HasSubstr("000000000000000a 000000000000000d"));
  EXPECT_THAT(scanned, HasSubstr("link 0000000000000000000000000000001f 000000000000000b"));
  EXPECT_THAT(scanned, HasSubstr("link 0000000000000000000000000000002f 000000000000000c"));
  EXPECT_THAT(scanned, Not(HasSubstr("link 0000000000000000000000000000001f 000000000000000d")));
  EXPECT_THAT(
      Scanned(OneSpan(R"("references":[{"refType":"FOLLOWS_FROM","traceID":"1f","spanID":"b"}])")),
      testing::AllOf(HasSubstr("000000000000000a 000000000000000b"),
                     HasSubstr("link 0000000000000000000000000000001f 000000000000000b"),
                     HasSubstr("'follows_from'")));
  EXPECT_THAT(Scanned(OneSpan(R"("parentSpanID":"e")")),
              HasSubstr("000000000000000a 000000000000000e"));
}

TEST(JaegerJson, LogsAreEvents) {
  const std::string scanned = Scanned(OneSpan(R"("logs":[{"timestamp":6.5,"fields":[)"
                                              R"({"key":"event","type":"string","value":"retry"},)"
                                              R"({"key":"n","type":"int64","value":2}]}])"));
  EXPECT_THAT(scanned, HasSubstr("event 6500 'retry' 0\nattribute 'n' 3 0 2 0 ''\n"));
}

TEST(JaegerJson, EachProcessIsAResource) {
  const std::string scanned =
      Scanned(R"([{"spans":[{"traceID":"1","spanID":"1","processID":"p"},)"
              R"({"traceID":"1","spanID":"2","processID":"q"},)"
              R"({"traceID":"1","spanID":"3","processID":"p"},)"
              R"({"traceID":"1","spanID":"4","process":{"serviceName":"own"}},)"
              R"({"traceID":"1","spanID":"5","processID":"gone"}],)"
              R"("processes":{"p":{"serviceName":"a","tags":[{"key":"hostname","value":"h"}]},)"
              R"("q":{"serviceName":"b"}}}])");
  EXPECT_THAT(scanned, HasSubstr("'service.name' 1 0 0 0 'a'\nattribute 'host.name' 1 0 0 0 'h'"));
  EXPECT_LT(scanned.find("0000000000000003 "), scanned.find("'b'"));
  EXPECT_THAT(scanned, HasSubstr("'own'"));
  EXPECT_THAT(scanned, HasSubstr("resource '' 0\nscope '' '' '' 0\nspan "
                                 "00000000000000000000000000000001 0000000000000005"));
}

TEST(JaegerJson, RejectsASpanAlone) {
  const std::string scanned =
      Scanned(R"([{"spans":[{"traceID":"x","spanID":"1"},{"traceID":"1","spanID":"0"},)"
              R"({"traceID":"1","spanID":"1","startTime":-1},)"
              R"({"traceID":"1","spanID":"2","startTime":9e18},)"
              R"({"traceID":"1","spanID":"3"}]}])");
  EXPECT_THAT(scanned, HasSubstr("rejected 0\nrejected 1\nrejected 3\nrejected 3\nspan "
                                 "00000000000000000000000000000001 0000000000000003"));
}

TEST(JaegerJson, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(Scanned("{"), StartsWith("jaeger json: "));
  EXPECT_EQ(Scanned("[{}]"), "jaeger json: expected a trace with its spans at byte 1");
  EXPECT_EQ(Scanned(R"([{"spans":7}])"), "jaeger json: expected an array at byte 10");
  EXPECT_EQ(Scanned(R"([{"spans":[{"startTime":"x"}]}])"),
            "jaeger json: expected a number of microseconds at byte 24");
}

}  // namespace
}  // namespace clew::wire
