// SPDX-License-Identifier: Apache-2.0
#include "wire/zipkin_v1_json_scan.h"

#include <gmock/gmock.h>

#include "wire/limits.h"
#include "wire/span_transcript.h"

namespace clew::wire {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string Scanned(std::string_view json) {
  return TranscriptOf(ScanZipkinJsonV1, json);
}

// One span with these members more.
std::string OneSpan(const std::string& members) {
  return R"([{"traceId":"000000000000001f","id":"000000000000000a","name":"get","timestamp":5,)"
         R"("duration":2)" +
         (members.empty() ? "" : "," + members) + "}]";
}

std::string WithAnnotations(const std::string& annotations) {
  return Scanned(OneSpan("\"annotations\":[" + annotations + "]"));
}

std::string WithBinary(const std::string& binary_annotations) {
  return Scanned(OneSpan("\"binaryAnnotations\":[" + binary_annotations + "]"));
}

TEST(ZipkinV1Json, IsAListOfSpans) {
  EXPECT_EQ(WithAnnotations(R"({"timestamp":5,"value":"sr","endpoint":{"serviceName":"cart"}})"),
            "resource '' 0\n"
            "attribute 'service.name' 1 0 0 0 'cart'\n"
            "scope '' '' '' 0\n"
            "span 0000000000000000000000000000001f 000000000000000a 0000000000000000 '' 'get' 2 "
            "5000 7000 0 '' 0 0 0 0\n");
  EXPECT_EQ(Scanned("[]"), "");
}

TEST(ZipkinV1Json, KindIsThatOfTheFirstAnnotationThatHasOne) {
  const struct {
    const char* value;
    const char* kind;
  } kRows[] = {{"cs", "3"}, {"cr", "3"}, {"sr", "2"}, {"ss", "2"},
               {"ms", "4"}, {"mr", "5"}, {"ws", "0"}};
  for (const auto& row : kRows) {
    const std::string annotation = std::string(R"({"timestamp":6,"value":")") + row.value + "\"}";
    EXPECT_THAT(WithAnnotations(annotation), HasSubstr(std::string("'get' ") + row.kind + " 5000"));
  }
  const std::string both =
      WithAnnotations(R"({"value":"x"},{"value":"sr"},{"value":"cs"},{"timestamp":6,"value":"y"})");
  EXPECT_THAT(both, AllOf(HasSubstr("'get' 2 "), HasSubstr("event 0 'x' 0\nevent 6000 'y' 0\n")));
  EXPECT_THAT(both, Not(HasSubstr("'cs'")));
}

TEST(ZipkinV1Json, TheEndpointOfTheKindIsTheResource) {
  EXPECT_THAT(
      WithAnnotations(
          R"({"value":"x","endpoint":{"serviceName":"other"}},{"value":"cs","endpoint":)"
          R"({"serviceName":"cart","ipv4":"10.0.0.1","ipv6":"::1","port":80}})"),
      StartsWith("resource '' 0\nattribute 'service.name' 1 0 0 0 'cart'\n"
                 "attribute 'ipv4' 1 0 0 0 '10.0.0.1'\nattribute 'port' 1 0 0 0 '80'\nscope"));
  EXPECT_THAT(
      WithAnnotations(R"({"value":"ss","endpoint":{"serviceName":"cart","ipv6":"2001:db8::1"}})"),
      HasSubstr("attribute 'ipv6' 1 0 0 0 '2001:db8::1'\nscope"));
}

TEST(ZipkinV1Json, TheServiceIsFoundElsewhereWhereNoKindNamesIt) {
  const std::string kEvent = R"({"value":"x","endpoint":{"serviceName":"event"}})";
  const std::string kBinary = R"({"key":"k","value":"v","endpoint":{"serviceName":"binary"}})";
  const std::string kAddress = R"({"key":"sa","value":true,"endpoint":{"serviceName":"db"}})";
  const std::string kComponent = R"({"key":"lc","value":"component"})";
  const auto service = [](const std::string& events, const std::string& binary) {
    const std::string scanned =
        Scanned(OneSpan("\"annotations\":[" + events + "],\"binaryAnnotations\":[" + binary + "]"));
    constexpr std::string_view kBefore = "attribute 'service.name' 1 0 0 0 '";
    const size_t at = scanned.find(kBefore) + kBefore.size();
    return scanned.substr(at, scanned.find('\'', at) - at);
  };
  EXPECT_EQ(service(kEvent, kAddress + "," + kBinary + "," + kComponent), "binary");
  EXPECT_EQ(service(kEvent, kAddress + "," + kComponent), "event");
  EXPECT_EQ(service("", kAddress + "," + kComponent), "component");
  EXPECT_EQ(service("", kAddress), "unknown-service");
  EXPECT_EQ(service(R"({"value":"cs"})", ""), "unknown-service");
  EXPECT_THAT(WithBinary(kComponent), HasSubstr("attribute 'component' 1 0 0 0 'component'"));
}

TEST(ZipkinV1Json, BinaryAnnotationsAreAttributesOfTheirType) {
  EXPECT_THAT(
      WithBinary(
          R"({"key":"a","value":"x"},{"key":"b","value":true},{"key":"c","value":7},)"
          R"({"key":"d","value":1.5},{"key":"e","value":"8","type":"I64"},)"
          R"({"key":"f","value":"2","type":"DOUBLE"},{"key":"g","value":"true","type":"BOOL"},)"
          R"({"key":"h","value":"8"},{"key":"i","value":2,"type":"DOUBLE"},{"key":"j"})"),
      HasSubstr("attribute 'a' 1 0 0 0 'x'\nattribute 'b' 2 1 0 0 ''\nattribute 'c' 3 0 7 0 ''\n"
                "attribute 'd' 4 0 0 4609434218613702656 ''\nattribute 'e' 3 0 8 0 ''\n"
                "attribute 'f' 4 0 0 4611686018427387904 ''\nattribute 'g' 2 1 0 0 ''\n"
                "attribute 'h' 1 0 0 0 '8'\nattribute 'i' 4 0 0 4611686018427387904 ''\n"
                "attribute 'j' 0 0 0 0 ''\n"));
}

TEST(ZipkinV1Json, AnAddressIsTheOtherSide) {
  for (const std::string key : {"sa", "ca", "ma"}) {
    EXPECT_THAT(WithBinary("{\"key\":\"" + key +
                           R"(","value":true,"endpoint":{"serviceName":"db","ipv4":"10.0.0.2",)"
                           R"("port":5432}})"),
                testing::EndsWith("0 0 0 0\nattribute 'peer.service' 1 0 0 0 'db'\n"
                                  "attribute 'net.peer.ip' 1 0 0 0 '10.0.0.2'\n"
                                  "attribute 'net.peer.port' 3 0 5432 0 ''\n"));
  }
  EXPECT_THAT(WithBinary(R"({"key":"sa","value":"Berlin"})"),
              HasSubstr("attribute 'sa' 1 0 0 0 'Berlin'"));
}

std::string Tag(const std::string& key, const std::string& value) {
  return R"({"key":")" + key + R"(","value":)" + value + "}";
}

TEST(ZipkinV1Json, StatusComesFromTheFirstOfItsSources) {
  const std::string census = Tag("census.status_code", "5");
  const std::string census_why = Tag("census.status_description", "\"c\"");
  const std::string ok = Tag("otel.status_code", "\"OK\"");
  const std::string why = Tag("otel.status_description", "\"o\"");
  const std::string error = Tag("error", "\"true\"");
  const std::string http = Tag("http.status_code", "\"404\"");
  const std::string message = Tag("http.status_message", "\"h\"");
  const struct {
    std::string tags;
    const char* status;
  } kRows[] = {
      {census + "," + census_why + "," + ok + "," + error + "," + http, "2 'c'"},
      {Tag("census.status_code", "\"0\"") + "," + error, "0 ''"},
      {Tag("census.status_code", "0") + "," + ok, "0 ''"},
      {ok + "," + error + "," + why, "1 'o'"},
      {Tag("otel.status_code", "\"Error\""), "2 ''"},
      {error + "," + why + "," + http, "2 'o'"},
      {Tag("error", "\"timeout\""), "2 ''"},
      {Tag("error", "false") + "," + http, "0 ''"},
      {http + "," + message, "2 'h'"},
      {Tag("http.status_code", "503"), "2 ''"},
      {Tag("http.status_code", "100") + "," + message, "0 ''"},
      {Tag("http.status_code", "399"), "0 ''"},
      {Tag("http.status_code", "99"), "2 ''"},
      {Tag("http.status_code", "\"none\""), "0 ''"},
  };
  for (const auto& row : kRows) {
    EXPECT_THAT(WithBinary(row.tags), HasSubstr(std::string(" 7000 ") + row.status + " 0 0 0 0\n"))
        << row.tags;
  }
}

TEST(ZipkinV1Json, OnlyWhatSaysNothingMoreThanTheStatusIsLeftOut) {
  const std::string scanned =
      WithBinary(Tag("census.status_code", "5") + "," + Tag("otel.status_code", "\"OK\"") + "," +
                 Tag("error", "true") + "," + Tag("http.status_code", "404"));
  EXPECT_THAT(scanned, testing::EndsWith("0 0 0 0\nattribute 'http.status_code' 3 0 404 0 ''\n"));
  EXPECT_THAT(WithBinary(Tag("error", "\"timeout\"")), HasSubstr("attribute 'error' 1"));
}

TEST(ZipkinV1Json, MissingTimesAreThoseOfAnnotations) {
  const std::string head = R"([{"traceId":"000000000000001f","id":"000000000000000a",)";
  const std::string annotations =
      R"("annotations":[{"timestamp":9,"value":"cr"},{"timestamp":4,"value":"cs"},{"value":"x"}])";
  EXPECT_THAT(Scanned(head + annotations + "}]"), HasSubstr("'' 3 4000 9000 0 "));
  EXPECT_THAT(Scanned(head + "\"duration\":2," + annotations + "}]"),
              HasSubstr("'' 3 4000 6000 0 "));
  EXPECT_THAT(Scanned(head + "\"timestamp\":5," + annotations + "}]"),
              HasSubstr("'' 3 5000 9000 0 "));
  EXPECT_THAT(Scanned(head + "\"timestamp\":20," + annotations + "}]"),
              HasSubstr("'' 3 20000 20000 0 "));
  EXPECT_THAT(Scanned(head + "\"duration\":2}]"),
              AllOf(HasSubstr("'' 0 0 2000 0 "),
                    HasSubstr("attribute 'otel.zipkin.absentField.startTime' 2 1 0 0 ''")));
}

TEST(ZipkinV1Json, TimesThatDoNotFitRejectASpanAlone) {
  EXPECT_THAT(Scanned(OneSpan(R"("timestamp":-5)")), HasSubstr("rejected 3\n"));
  EXPECT_THAT(WithAnnotations(R"({"timestamp":1e17,"value":"x"})"), HasSubstr("rejected 3\n"));
}

TEST(ZipkinV1Json, SpansOfOneServiceShareAResource) {
  const auto span = [](const std::string& id, const std::string& service) {
    return R"({"traceId":"000000000000001f","id":"000000000000000)" + id +
           R"(","annotations":[{"value":"sr","endpoint":{"serviceName":")" + service + "\"}}]}";
  };
  const std::string scanned =
      Scanned("[" + span("1", "a") + "," + span("2", "b") + "," + span("3", "a") + "]");
  EXPECT_LT(scanned.find(" 0000000000000003 "), scanned.find("'b'"));
}

TEST(ZipkinV1Json, ASpanIsNotItsOwnParent) {
  EXPECT_THAT(Scanned(OneSpan(R"("parentId":"000000000000000a")")),
              HasSubstr("000000000000000a 0000000000000000 "));
  EXPECT_THAT(Scanned(OneSpan(R"("parentId":"000000000000000b")")),
              HasSubstr("000000000000000a 000000000000000b "));
  EXPECT_THAT(Scanned(OneSpan(R"("parentId":"")")), HasSubstr("0a 0000000000000000 "));
}

TEST(ZipkinV1Json, AnIdThatIsNoneRefusesTheBody) {
  const auto with = [](const std::string& trace, const std::string& id, const std::string& parent) {
    return Scanned(R"([{"traceId":")" + trace + R"(","id":")" + id + R"(","parentId":")" + parent +
                   "\"}]");
  };
  const std::string good(16, '1');
  EXPECT_THAT(with(good, good, good), StartsWith("resource"));
  EXPECT_THAT(with(good + good, good, good), StartsWith("resource"));
  constexpr std::string_view kTrace =
      "zipkin v1 json: expected a traceId of 16 or 32 hex digits, not all zero at byte 12";
  for (const std::string& bad : {std::string("1"), good + "1", std::string(16, '0'),
                                 std::string(32, '0'), std::string(16, 'x'), std::string()}) {
    EXPECT_EQ(with(bad, good, good), kTrace);
  }
  constexpr std::string_view kSpan =
      "zipkin v1 json: expected an id of 16 hex digits, not all zero at byte 36";
  for (const std::string& bad : {std::string("1"), std::string(16, '0'), good + good}) {
    EXPECT_EQ(with(good, bad, good), kSpan);
  }
  EXPECT_EQ(with(good, good, "1"),
            "zipkin v1 json: expected a parentId of 16 hex digits at byte 66");
  EXPECT_EQ(Scanned("[{}]"), "zipkin v1 json: span without a traceId at byte 1");
  EXPECT_EQ(Scanned(R"([{"traceId":"1111111111111111"}])"),
            "zipkin v1 json: span without an id at byte 1");
}

TEST(ZipkinV1Json, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(Scanned("["), StartsWith("zipkin v1 json: "));
  EXPECT_EQ(Scanned("{}"), "zipkin v1 json: expected an array at byte 0");
  EXPECT_THAT(WithBinary(R"({"key":"a","value":[]})"),
              StartsWith("zipkin v1 json: expected a text, a number or a truth value at byte "));
  std::string many = "{}";
  for (size_t i = 0; i < kMaxZipkinItems; ++i) many += ",{}";
  EXPECT_THAT(WithAnnotations(many), StartsWith("zipkin v1 json: too many annotations"));
  EXPECT_THAT(WithBinary(many), StartsWith("zipkin v1 json: too many binary annotations"));
}

}  // namespace
}  // namespace clew::wire
