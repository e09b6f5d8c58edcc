// SPDX-License-Identifier: Apache-2.0
#include "wire/zipkin_json_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/span_transcript.h"

namespace clew::wire {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string Scanned(std::string_view json) {
  return TranscriptOf(ScanZipkinJson, json);
}

// One span with these members more.
std::string OneSpan(const std::string& members) {
  return R"([{"traceId":"000000000000001f","id":"000000000000000a","name":"get","timestamp":5,)"
         R"("duration":2,"localEndpoint":{"serviceName":"cart"})" +
         (members.empty() ? "" : "," + members) + "}]";
}

constexpr std::string_view kOneSpan =
    "resource '' 0\n"
    "attribute 'service.name' 1 0 0 0 'cart'\n"
    "scope '' '' '' 0\n"
    "span 0000000000000000000000000000001f 000000000000000a 0000000000000000 '' 'get' 0 5000 7000 "
    "0 '' 0 0 0 0\n";

TEST(ZipkinJson, IsAListOfSpansOrOfTraces) {
  EXPECT_EQ(Scanned(OneSpan("")), kOneSpan);
  EXPECT_EQ(Scanned("[" + OneSpan("") + "]"), kOneSpan);
  EXPECT_EQ(Scanned("[]"), "");
}

TEST(ZipkinJson, HasKindsOfItsOwnAndOneByTag) {
  EXPECT_THAT(Scanned(OneSpan(R"("kind":"SERVER")")), HasSubstr("'get' 2 "));
  EXPECT_THAT(Scanned(OneSpan(R"("kind":"CLIENT")")), HasSubstr("'get' 3 "));
  EXPECT_THAT(Scanned(OneSpan(R"("kind":"PRODUCER")")), HasSubstr("'get' 4 "));
  EXPECT_THAT(Scanned(OneSpan(R"("kind":"CONSUMER")")), HasSubstr("'get' 5 "));
  const std::string internal = Scanned(OneSpan(R"("tags":{"span.kind":"internal"})"));
  EXPECT_THAT(internal, HasSubstr("'get' 1 "));
  EXPECT_THAT(internal, Not(HasSubstr("span.kind")));
}

TEST(ZipkinJson, AnyErrorTagIsAnError) {
  const std::string plain = Scanned(OneSpan(R"("tags":{"error":"true"})"));
  EXPECT_THAT(plain, HasSubstr(" 7000 2 ''"));
  EXPECT_THAT(plain, Not(HasSubstr("'error'")));
  const std::string told = Scanned(OneSpan(R"("tags":{"error":"timeout"})"));
  EXPECT_THAT(told, HasSubstr(" 7000 2 ''"));
  EXPECT_THAT(told, HasSubstr("attribute 'error' 1 0 0 0 'timeout'"));
  EXPECT_THAT(
      Scanned(OneSpan(R"("tags":{"otel.status_code":"ERROR","otel.status_description":"no"})")),
      HasSubstr(" 7000 2 'no'"));
  EXPECT_THAT(Scanned(OneSpan(R"("tags":{"otel.status_code":"OK"})")), HasSubstr(" 7000 1 ''"));
}

TEST(ZipkinJson, TagsOfResourcesAndScopesMoveThere) {
  const std::string scanned = Scanned(
      R"([{"traceId":"1","id":"1","localEndpoint":{"serviceName":"a"},)"
      R"("tags":{"host.name":"h","otel.library.name":"lib","otel.library.version":"2","k":"v"}},)"
      R"({"traceId":"1","id":"2","localEndpoint":{"serviceName":"b"}},)"
      R"({"traceId":"1","id":"3","localEndpoint":{"serviceName":"a"},)"
      R"("tags":{"host.name":"h","otel.library.name":"lib","otel.library.version":"2"}}])");
  EXPECT_THAT(scanned, StartsWith("resource '' 0\nattribute 'service.name' 1 0 0 0 'a'\n"
                                  "attribute 'host.name' 1 0 0 0 'h'\nscope 'lib' '2' '' 0\n"));
  EXPECT_THAT(scanned, HasSubstr("attribute 'k' 1 0 0 0 'v'"));
  EXPECT_LT(scanned.find(" 0000000000000003 "), scanned.find("'b'"));
}

TEST(ZipkinJson, EndpointsAreAttributes) {
  const std::string scanned =
      Scanned(OneSpan(R"("remoteEndpoint":{"serviceName":"db","ipv4":"10.0.0.1","port":5432})"));
  EXPECT_THAT(scanned, HasSubstr("attribute 'peer.service' 1 0 0 0 'db'\n"
                                 "attribute 'net.peer.ip' 1 0 0 0 '10.0.0.1'\n"
                                 "attribute 'net.peer.port' 3 0 5432 0 ''\n"));
}

TEST(ZipkinJson, AnnotationsAreEventsAndMayHaveAttributes) {
  const std::string scanned = Scanned(OneSpan(
      R"("annotations":[{"timestamp":6,"value":"ws"},)"
      R"({"timestamp":7,"value":"retry|{\"n\":2,\"why\":\"a|b\",\"x\":1.5,\"ok\":true}|3"},)"
      R"({"timestamp":8,"value":"a|b|c"}])"));
  EXPECT_THAT(scanned,
              HasSubstr("event 6000 'ws' 0\nevent 7000 'retry' 3\nattribute 'n' 3 0 2 0 ''\n"
                        "attribute 'why' 1 0 0 0 'a|b'\n"));
  EXPECT_THAT(scanned, HasSubstr("attribute 'ok' 2 1 0 0 ''\nevent 8000 'a|b|c' 0\n"));
}

TEST(ZipkinJson, LinksTravelInTags) {
  const std::string scanned =
      Scanned(OneSpan(R"("tags":{"otlp.link.0":"2f|b|k=v|{\"a\":1}|4","otlp.link.1":"junk"})"));
  EXPECT_THAT(scanned,
              HasSubstr("link 0000000000000000000000000000002f 000000000000000b 'k=v' 0 4\n"
                        "attribute 'a' 3 0 1 0 ''\n"));
  EXPECT_THAT(scanned, Not(HasSubstr("junk")));
}

TEST(ZipkinJson, ASpanIsNotItsOwnParentAndMayLackItsStart) {
  EXPECT_EQ(Scanned(OneSpan(R"("parentId":"000000000000000a")")), kOneSpan);
  EXPECT_THAT(Scanned(OneSpan(R"("parentId":"b")")),
              HasSubstr("000000000000000a 000000000000000b"));
  EXPECT_THAT(Scanned(R"([{"traceId":"1","id":"1"}])"),
              HasSubstr("attribute 'otel.zipkin.absentField.startTime' 2 1 0 0 ''"));
}

TEST(ZipkinJson, RejectsASpanAlone) {
  EXPECT_THAT(Scanned(R"([{"traceId":"x","id":"1"},{"traceId":"1","id":"0"},)"
                      R"({"traceId":"1","id":"1","parentId":"x"},)"
                      R"({"traceId":"1","id":"1","timestamp":-5},{"traceId":"1","id":"2"}])"),
              HasSubstr("rejected 0\nrejected 1\nrejected 2\nrejected 3\nspan "
                        "00000000000000000000000000000001 0000000000000002"));
}

TEST(ZipkinJson, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(Scanned("["), StartsWith("zipkin json: "));
  EXPECT_EQ(Scanned("{}"), "zipkin json: expected an array at byte 0");
  EXPECT_EQ(Scanned("[7]"), "zipkin json: expected an object at byte 1");
  EXPECT_EQ(Scanned(R"([{"tags":{"a":7}}])"), "zipkin json: expected a string at byte 14");
}

}  // namespace
}  // namespace clew::wire
