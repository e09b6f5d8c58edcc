// SPDX-License-Identifier: Apache-2.0
#include "wire/zipkin_json_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/limits.h"
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

// What one span with these tags is, without what every span has.
std::string WithTags(const std::string& tags) {
  return Scanned(OneSpan("\"tags\":{" + tags + "}"));
}

TEST(ZipkinJson, StatusIsWhatTagsSay) {
  const struct {
    const char* tags;
    const char* status;  // code and message
    const char* kept;    // the tag that stays, if any
  } kRows[] = {
      {R"("k":"v")", "0 ''", "'k'"},
      {R"("otel.status_code":"STATUS_CODE_UNSET")", "0 ''", ""},
      {R"("otel.status_code":"Unset")", "0 ''", ""},
      {R"("otel.status_code":"Ok")", "1 ''", ""},
      {R"("otel.status_code":"STATUS_CODE_OK")", "1 ''", ""},
      {R"("otel.status_code":"Error","otel.status_description":"why")", "2 'why'", ""},
      {R"("otel.status_code":"STATUS_CODE_ERROR")", "2 ''", ""},
      {R"("otel.status_code":"OK","error":"true")", "2 ''", ""},
      {R"("error":"")", "2 ''", "'error'"},
      {R"("error":"false")", "2 ''", "'error'"},
      {R"("http.status_code":"500")", "0 ''", "'http.status_code'"},
  };
  for (const auto& row : kRows) {
    const std::string scanned = WithTags(row.tags);
    EXPECT_THAT(scanned, HasSubstr(std::string(" 5000 7000 ") + row.status + " 0 0 0 0\n"));
    if (row.kept[0] == '\0') {
      EXPECT_THAT(scanned, Not(HasSubstr("attribute 'otel.")));
    } else {
      EXPECT_THAT(scanned, HasSubstr(std::string("attribute ") + row.kept));
    }
  }
}

TEST(ZipkinJson, TagsThatAreKeysOfResourcesMoveToTheResource) {
  for (const std::string key :
       {"host.name", "os.type", "process.pid", "k8s.pod.name", "cloud.region", "container.id",
        "service.version", "telemetry.sdk.name", "deployment.environment", "faas.name",
        "webengine.name"}) {
    EXPECT_THAT(WithTags("\"" + key + "\":\"x\""),
                StartsWith("resource '' 0\nattribute 'service.name' 1 0 0 0 'cart'\nattribute '" +
                           key + "' 1 0 0 0 'x'\nscope"));
  }
  EXPECT_THAT(WithTags(R"("http.host":"x")"), HasSubstr("0 0 0 0\nattribute 'http.host'"));
}

TEST(ZipkinJson, TheServiceMayGoByAnotherKeyOrByNone) {
  EXPECT_THAT(
      WithTags(R"("otlp.service.name.source":"faas.name")"),
      StartsWith("resource '' 0\nattribute 'faas.name' 1 0 0 0 'cart'\nscope '' '' '' 0\n"));
  EXPECT_THAT(Scanned(R"([{"traceId":"1","id":"1"}])"), StartsWith("resource '' 0\nscope"));
  EXPECT_THAT(Scanned(R"([{"traceId":"1","id":"1","localEndpoint":{"serviceName":)"
                      R"("OTLPResourceNoServiceName"}}])"),
              StartsWith("resource '' 0\nscope"));
}

TEST(ZipkinJson, ATagOfTheKindStaysWhereTheSpanHasOne) {
  EXPECT_THAT(Scanned(OneSpan(R"("kind":"CLIENT","tags":{"span.kind":"internal"})")),
              testing::AllOf(HasSubstr("'get' 3 "), HasSubstr("attribute 'span.kind'")));
  EXPECT_THAT(WithTags(R"("span.kind":"server")"),
              testing::AllOf(HasSubstr("'get' 0 "), HasSubstr("attribute 'span.kind'")));
  EXPECT_THAT(Scanned(OneSpan(R"("kind":"client")")), HasSubstr("'get' 0 "));
}

TEST(ZipkinJson, TheTraceStateIsATag) {
  const std::string scanned = WithTags(R"("w3c.tracestate":"a=b")");
  EXPECT_THAT(scanned, HasSubstr("0000000000000000 'a=b' 'get'"));
  EXPECT_THAT(scanned, Not(HasSubstr("w3c")));
}

TEST(ZipkinJson, BothEndpointsHaveAddressesAndPorts) {
  const std::string scanned =
      Scanned(R"([{"traceId":"1","id":"1","timestamp":1,)"
              R"("localEndpoint":{"ipv4":"10.0.0.1","ipv6":"::1","port":80},)"
              R"("remoteEndpoint":{"ipv6":"2001:db8::1","port":0}}])");
  EXPECT_THAT(scanned, HasSubstr("0 0 0 0\nattribute 'net.host.ip' 1 0 0 0 '10.0.0.1'\n"
                                 "attribute 'net.host.port' 3 0 80 0 ''\n"
                                 "attribute 'net.peer.ip' 1 0 0 0 '2001:db8::1'\n"));
  EXPECT_THAT(scanned, Not(HasSubstr("peer.port")));
}

TEST(ZipkinJson, IdsThatAreSharedStayTwoSpans) {
  const std::string scanned = Scanned(
      R"([{"traceId":"1","id":"2","kind":"CLIENT","timestamp":1},)"
      R"({"traceId":"1","id":"2","kind":"SERVER","timestamp":2,"shared":true,"debug":true}])");
  EXPECT_THAT(scanned, HasSubstr("0000000000000002 0000000000000000 '' '' 3 1000 1000"));
  EXPECT_THAT(scanned, HasSubstr("0000000000000002 0000000000000000 '' '' 2 2000 2000"));
}

TEST(ZipkinJson, AnnotationsAndTagsOfASpanHaveALimit) {
  std::string annotations = R"([{"traceId":"1","id":"1","annotations":[{})";
  for (size_t i = 0; i < kMaxZipkinItems; ++i) annotations += ",{}";
  EXPECT_THAT(Scanned(annotations + "]}]"), StartsWith("zipkin json: too many annotations"));
  std::string tags = R"([{"traceId":"1","id":"1","tags":{"":"")";
  for (size_t i = 0; i < kMaxZipkinItems; ++i) tags += R"(,"":"")";
  EXPECT_THAT(Scanned(tags + "}}]"), StartsWith("zipkin json: too many tags"));
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
